// Who may ask the flow service at all: Host, Origin and the bearer token. A web page can never post to
// it, unless its origin is named in the settings.
import { createHash, timingSafeEqual } from "node:crypto";
import { AppError } from "../../schemas/error.ts";

/** Who may ask. */
export interface ServiceAccess {
  /** Bearer token of every route but health; needed on any address that is not loopback. */
  readonly token: string | undefined;
  /** Names under which it answers besides loopback; with a token and none named, all. */
  readonly allowedHosts: readonly string[];
  /** Origins whose pages may ask, such as `https://app.example.org`. */
  readonly corsOrigins: readonly string[];
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** True for a host name that only this machine reaches. */
export function isLoopback(hostname: string): boolean {
  return [...LOOPBACK, "::1"].includes(hostname.toLowerCase());
}

/**
 * Refuses a name that is not ours: a page whose DNS name was turned to this machine would count as the
 * same site. With a token such a page has none.
 * @throws AppError `HOST_FORBIDDEN`
 */
export function requireServiceHost(request: Request, access: ServiceAccess): void {
  const host = hostOf(request);
  const name = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
  const open = access.token !== undefined && access.allowedHosts.length === 0;
  if (name !== undefined && (open || [...LOOPBACK, ...access.allowedHosts].includes(name))) return;
  throw new AppError(
    "HOST_FORBIDDEN",
    `The request asks for the host ${quotedStart(host)}, under which this service does not answer`,
  );
}

/**
 * Refuses what a page of another site asks for.
 * @returns the origin, if it is one that the settings name
 * @throws AppError `ORIGIN_FORBIDDEN`
 */
export function requireKnownOrigin(request: Request, access: ServiceAccess): string | undefined {
  const origin = request.headers.get("origin");
  if (origin !== null && access.corsOrigins.includes(origin)) return origin;
  const site = request.headers.get("sec-fetch-site");
  const host = hostOf(request);
  const isOwn = origin === null || origin === `http://${host}` || origin === `https://${host}`;
  const isForeign = site !== null && !["same-origin", "none"].includes(site);
  const isReading = ["GET", "HEAD"].includes(request.method) && origin === null;
  if (isOwn && (!isForeign || isReading)) return undefined;
  throw new AppError(
    "ORIGIN_FORBIDDEN",
    `The request comes from a page of ${quotedStart(origin ?? site ?? "")}. ` +
      "Name its origin in runtime.yaml (cors: {origins: […]}) if it may ask",
  );
}

/**
 * Refuses a request without the token, where one is set.
 * @throws AppError `AUTH_REQUIRED`, `AUTH_TOKEN_INVALID`
 */
export function requireToken(request: Request, access: ServiceAccess): void {
  if (access.token === undefined) return;
  const [, shown] = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (shown === undefined) {
    const message = 'This service asks for a token: send "Authorization: Bearer FLOWS_TOKEN"';
    throw new AppError("AUTH_REQUIRED", message);
  }
  if (timingSafeEqual(digest(shown), digest(access.token))) return;
  throw new AppError("AUTH_TOKEN_INVALID", "The bearer token is not the one of this service");
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

function hostOf(request: Request): string {
  return request.headers.get("host") ?? new URL(request.url).host;
}

function quotedStart(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
