// Who may call a route of the API. A program shows a token; a page of ours shows its cookie, its origin
// and its CSRF token. Not here: pages (`route.ts`), and what a request may say (`api/api_route.ts`).
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import type { User } from "../store/user.ts";
import { bearerOf } from "./bearer.ts";
import { csrfTokenOf, isSafeMethod, limitBody, requireCsrf, requireOwnOrigin } from "./guards.ts";
import type { Route } from "./route.ts";
import { readCookie } from "./session.ts";

const MOST_BODY_BYTES = 1 << 20;

/**
 * Lets a request through to a route below `/api/`. Who cannot say who they are is told so first; a page
 * of another site gets nothing changed, with whatever credentials.
 * @throws AppError `AUTH_REQUIRED`, `AUTH_TOKEN_INVALID`, `AUTH_FORBIDDEN`, `ORIGIN_FORBIDDEN`,
 * `CSRF_INVALID`, `BODY_TOO_LARGE`
 */
export async function admitApi(c: AppContext, route: Route): Promise<void> {
  const bearer = bearerOf(c);
  const byCookie: User | undefined = c.var.user;
  const user = bearer === undefined ? byCookie : await userOfBearer(c, bearer);
  if (route.access !== "anyone" && user === undefined) {
    throw new AppError("AUTH_REQUIRED", "This needs an account: send an API token, or log in");
  }
  requireNoForeignPage(c, { isByCookie: bearer === undefined && user !== undefined });
  if (route.access === "owner" && user?.role !== "owner") {
    throw new AppError("AUTH_FORBIDDEN", "Only the owner of this installation may do this");
  }
  if (user) c.set("user", user);
  await limitBody(c, route.bodyBytes ?? MOST_BODY_BYTES);
  if (bearer === undefined && user && !isSafeMethod(c.req.method)) {
    await requireCsrf(c, csrfTokenOf(sessionOf(c)));
  }
}

/**
 * A browser says of every change where it comes from. Programs say nothing, which is well for them: they
 * hold a token that no other site can make a browser send. A cookie without an origin is not.
 */
function requireNoForeignPage(
  c: AppContext,
  { isByCookie }: { readonly isByCookie: boolean },
): void {
  const { headers, method } = c.req.raw;
  if (isSafeMethod(method)) return;
  const saysNothing = !headers.has("origin") && !headers.has("sec-fetch-site");
  if (saysNothing && !isByCookie) return;
  requireOwnOrigin(c.req.raw);
}

function sessionOf(c: AppContext): string {
  return readCookie(c.req.raw, "session", c.var.services.config) ?? "";
}

async function userOfBearer(c: AppContext, token: string): Promise<User> {
  const { store } = c.var.services;
  const user = token.includes(".")
    ? await store.accessTokens.verify(token)
    : await store.apiTokens.authenticate(token);
  if (user) return user;
  throw new AppError("AUTH_TOKEN_INVALID", "The API token is unknown, expired or revoked");
}
