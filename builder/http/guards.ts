// Who may ask at all: Host against DNS rebinding, Origin and Sec-Fetch-Site against other sites, the
// CSRF token, and how much a request may carry. Not here: whose request it is (`session.ts`).
import { createHash, timingSafeEqual } from "node:crypto";
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";

/** Headers of every answer. No inline script and no inline style anywhere. */
export const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  [
    "content-security-policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  ],
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  // Not no-referrer: browsers would then send `Origin: null` with our own forms.
  ["referrer-policy", "same-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
];

/** Whether a method changes nothing by its meaning. */
export function isSafeMethod(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/**
 * Refuses a request under a name that is not ours: a page of an attacker whose DNS name points here
 * would otherwise count as the same site.
 * @throws AppError `HOST_FORBIDDEN`
 */
export function requireHost(request: Request, isAllowed: (name: string) => boolean): void {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  const name = hostName(host);
  if (name !== undefined && isAllowed(name)) return;
  throw new AppError(
    "HOST_FORBIDDEN",
    `The request asks for the host "${
      host.slice(0, 100)
    }", under which this server does not answer. ` +
      "Open the address that it printed, or start it with --allow-host NAME",
  );
}

/** Whether the Host header can be part of an address at all; of others Deno makes no URL. */
export function hasReadableHost(request: Request): boolean {
  const host = request.headers.get("host");
  return host === null || hostName(host) !== undefined;
}

/** The name in a Host header, in lower case and without port; `[::1]:7717` is `[::1]`. */
function hostName(host: string): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host);
  return match?.[1]?.toLowerCase();
}

/**
 * Refuses a change, or a stream, that a page of another site asks for. Browsers say where a request
 * comes from; a change that says nothing is none of theirs and has no business with a cookie.
 * @throws AppError `ORIGIN_FORBIDDEN`
 */
export function requireOwnOrigin(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const host = request.headers.get("host") ?? new URL(request.url).host;
  const isOwn = origin === `http://${host}` || origin === `https://${host}`;
  const isSilent = origin === null;
  const isSafe = isSafeMethod(request.method);
  if ((site === null || site === "same-origin") && (isOwn || (isSilent && isSafe))) return;
  throw new AppError(
    "ORIGIN_FORBIDDEN",
    `The request comes from ${
      JSON.stringify(origin ?? site ?? "nowhere")
    }, not from a page of this ` +
      "server. Open the page here and try again",
  );
}

/** The CSRF token of a cookie's secret: it tells nothing about it, and survives a restart. */
export function csrfTokenOf(secret: string): string {
  return createHash("sha256").update(`csrf\0${secret}`).digest("base64url");
}

/** Compares secrets without telling by its time where they differ. */
export function isSameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Refuses a change without the token of the page: header `X-CSRF-Token`, or the field `csrf` of a form.
 * @throws AppError `CSRF_INVALID`
 */
export async function requireCsrf(c: AppContext, expected: string): Promise<void> {
  const shown = c.req.header("x-csrf-token") ?? await csrfField(c);
  if (shown !== undefined && isSameSecret(shown, expected)) return;
  throw new AppError(
    "CSRF_INVALID",
    "The page is older than your session, so nothing was changed. Load it again and repeat what you did",
  );
}

async function csrfField(c: AppContext): Promise<string | undefined> {
  if (!isForm(c.req.raw)) return undefined;
  const value = (await readForm(c)).get("csrf");
  return typeof value === "string" ? value : undefined;
}

function isForm(request: Request): boolean {
  const type = request.headers.get("content-type") ?? "";
  return /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type);
}

/**
 * The fields of a form; reading it twice is free.
 * @throws AppError `REQUEST_INVALID` if the body is no form
 */
export async function readForm(c: AppContext): Promise<FormData> {
  try {
    if (isForm(c.req.raw)) return await c.req.formData();
  } catch (cause) {
    throw new AppError("REQUEST_INVALID", "The form cannot be read: its body is damaged", {
      cause,
    });
  }
  throw new AppError("REQUEST_INVALID", "A form was expected, but the request carries none");
}

/**
 * Reads a body of unknown length up to the limit, so that what reads it later cannot be flooded; one
 * that declares its length is judged by that, which the HTTP server enforces.
 * @throws AppError `BODY_TOO_LARGE`
 */
export async function limitBody(c: AppContext, mostBytes: number): Promise<void> {
  const request = c.req.raw;
  if (request.body === null) return;
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (declared > mostBytes) throw bodyTooLarge(mostBytes);
  if (declared <= mostBytes) return;
  c.req.raw = new Request(request, { body: await readUpTo(request.body, mostBytes) });
}

async function readUpTo(
  body: ReadableStream<Uint8Array>,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > mostBytes) throw bodyTooLarge(mostBytes);
      chunks.push(chunk);
    }
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const message =
      "The body of the request cannot be read: it was cut off, or its chunks are damaged";
    throw new AppError("REQUEST_INVALID", message, { cause: thrown });
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

function bodyTooLarge(mostBytes: number): AppError {
  const most = mostBytes >= 1 << 20 ? `${mostBytes >> 20} MiB` : `${mostBytes >> 10} KiB`;
  return new AppError(
    "BODY_TOO_LARGE",
    `The request is larger than ${most}, the most that is taken here`,
  );
}
