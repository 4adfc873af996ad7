// What a line of the route table is, and what has to hold before its handler is called. Not here: the
// table (`app.ts`).
import { AppError } from "../../schemas/error.ts";
import type { Frame, Theme } from "../../views/frame.ts";
import type { AppContext, AppHandler } from "../app_context.ts";
import type { User } from "../store/user.ts";
import { admitApi } from "./api_access.ts";
import { assetUrl } from "./assets.ts";
import { bearerOf } from "./bearer.ts";
import {
  csrfTokenOf,
  isSafeMethod,
  isSameSecret,
  limitBody,
  requireCsrf,
  requireOwnOrigin,
} from "./guards.ts";
import { newSecret, readCookie, visitCookie } from "./session.ts";

/**
 * Who may call a route: `anyone`; an `account`; its `owner`; or `control`: a command on this machine
 * that can read the data folder.
 */
export type Access = "anyone" | "account" | "owner" | "control";

/** A line of the route table. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** hono's patterns: `/packages/:packageId`. */
  readonly path: string;
  readonly access: Access;
  readonly handler: AppHandler;
  /** The most that a request may carry; 1 MiB unless said. */
  readonly bodyBytes?: number;
  /** Whether the answer is an open stream, which only our own pages may ask for. */
  readonly isStream?: boolean;
}

/** What lines of the table may add. */
export type RouteOptions = Pick<Route, "bodyBytes" | "isStream">;

const MOST_BODY_BYTES = 1 << 20;

type HandlersOf<Module> = {
  [Name in keyof Module]: Module[Name] extends AppHandler ? Name : never;
}[keyof Module];

/** A handler whose module is loaded when it is first needed, so that the server starts fast. */
export function lazy<Module, Name extends HandlersOf<Module>>(
  load: () => Promise<Module>,
  name: Name,
): AppHandler {
  return async (c) => await ((await load())[name] as AppHandler)(c);
}

/**
 * Lets a request through to its route's handler: finds out whose it is, and refuses what that account,
 * or a page of another site, may not.
 * @throws AppError `AUTH_REQUIRED`, `AUTH_TOKEN_INVALID`, `AUTH_FORBIDDEN`, `ORIGIN_FORBIDDEN`,
 * `CSRF_INVALID`, `BODY_TOO_LARGE`
 */
export async function admit(c: AppContext, route: Route): Promise<void> {
  if (route.access === "control") return await admitControl(c, route);
  if (route.path.startsWith("/api/")) return await admitApi(c, route);
  const csrfSecret = admitBrowser(c, route);
  const user: User | undefined = c.var.user;
  if (route.access !== "anyone" && user === undefined) {
    throw new AppError("AUTH_REQUIRED", "This needs an account. Sign in first");
  }
  if (route.access === "owner" && user?.role !== "owner") {
    throw new AppError("AUTH_FORBIDDEN", "Only the owner of this installation may do this");
  }
  await limitBody(c, route.bodyBytes ?? MOST_BODY_BYTES);
  if (!isSafeMethod(c.req.method)) {
    await requireCsrf(c, csrfTokenOf(csrfSecret ?? newSecret()));
  }
}

/** Knows the browser by its cookies. Returns the secret that its CSRF token comes from. */
function admitBrowser(c: AppContext, route: Route): string | undefined {
  const request = c.req.raw;
  if (!isSafeMethod(request.method) || route.isStream) requireOwnOrigin(request);
  const { config } = c.var.services;
  const user: User | undefined = c.var.user;
  const sessionId = user && readCookie(request, "session", config);
  if (sessionId !== undefined) return sessionId;
  const visit = readCookie(request, "visit", config);
  if (visit !== undefined || route.access !== "anyone" || request.method !== "GET") return visit;
  const secret = newSecret();
  c.var.newCookies.push(visitCookie(request, secret, config));
  c.set("frame", { ...c.var.frame, csrfToken: csrfTokenOf(secret) });
  return secret;
}

async function admitControl(c: AppContext, route: Route): Promise<void> {
  const shown = bearerOf(c);
  if (shown === undefined || !isSameSecret(shown, c.var.services.config.controlToken)) {
    throw new AppError("AUTH_TOKEN_INVALID", "Only commands on this machine may ask for this");
  }
  await limitBody(c, route.bodyBytes ?? MOST_BODY_BYTES);
}

/** The user of the session cookie, if it names one. */
export async function userOfCookie(c: AppContext): Promise<User | undefined> {
  const { store, config } = c.var.services;
  const sessionId = readCookie(c.req.raw, "session", config);
  return sessionId === undefined ? undefined : await store.sessions.find(sessionId);
}

/** What every page of this request needs. */
export function frameOf(c: AppContext, user: User | undefined): Frame {
  const { config } = c.var.services;
  const secret = readCookie(c.req.raw, user ? "session" : "visit", config);
  return {
    texts: c.var.texts,
    user: user && { username: user.username, isOwner: user.role === "owner" },
    csrfToken: secret === undefined ? "" : csrfTokenOf(secret),
    theme: themeOf(c.req.header("cookie") ?? ""),
    assetUrl,
    now: config.now(),
  };
}

/** The cookie of the appearance is no secret, so it has one name on all ports. */
function themeOf(cookies: string): Theme {
  const [, theme] = /(?:^|;\s*)crewagent_theme=(light|dark)(?:;|$)/.exec(cookies) ?? [];
  return theme === "light" || theme === "dark" ? theme : "system";
}
