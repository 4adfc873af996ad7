// First start, signing in and out, and the one-time links of the terminal.
import { AppError } from "../../schemas/error.ts";
import { LoginPage, OpenedPage, StartPage, UsedLinkPage } from "../../views/auth_pages.tsx";
import type { AppContext } from "../app_context.ts";
import { ownPath, textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { endedSessionCookie, readCookie, sessionCookie } from "../http/session.ts";

/** `GET /start?token=`: the form of the first account. */
export async function showStart(c: AppContext): Promise<Response> {
  if (c.var.user) return redirect("/packages");
  const token = c.req.query("token") ?? "";
  if (!await mayStart(c, token)) return await usedLink(c, "start");
  return await htmlResponse(<StartPage frame={c.var.frame} token={token} username="" />);
}

/** `POST /start`: makes the owner's account and signs in. The link stays good until that worked. */
export async function createOwner(c: AppContext): Promise<Response> {
  const { users, oneTimeTokens } = c.var.services.store;
  const form = await readForm(c);
  const token = textField(form, "token");
  const username = textField(form, "username");
  if (!await mayStart(c, token)) return await usedLink(c, "start");
  try {
    const owner = await users.createOwner({ username, password: textField(form, "password") });
    await oneTimeTokens.redeem("first-start", token);
    await beginSession(c, owner.userId);
    return redirect("/packages");
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "ACCOUNT_INVALID") throw thrown;
    const props = { frame: c.var.frame, token, username, fault: thrown.message };
    return await htmlResponse(<StartPage {...props} />, { status: thrown.httpStatus });
  }
}

async function mayStart(c: AppContext, token: string): Promise<boolean> {
  return token !== "" && await c.var.services.store.oneTimeTokens.isValid("first-start", token);
}

/** `GET /open?token=`: signs in by a link that the terminal opened. */
export async function openByLink(c: AppContext): Promise<Response> {
  if (c.var.user) return redirect("/packages");
  try {
    const { oneTimeTokens } = c.var.services.store;
    const userId = await oneTimeTokens.redeem("login", c.req.query("token") ?? "");
    if (userId === null) return await usedLink(c, "open");
    await beginSession(c, userId);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "AUTH_TOKEN_INVALID") {
      return await usedLink(c, "open");
    }
    throw thrown;
  }
  // Not a redirect: a browser that was sent here by another site would not show its new cookie yet.
  return await htmlResponse(<OpenedPage frame={c.var.frame} />);
}

function usedLink(c: AppContext, kind: "start" | "open"): Promise<Response> {
  return htmlResponse(<UsedLinkPage frame={c.var.frame} kind={kind} />, { status: 401 });
}

/** `GET /login`. */
export async function showLogin(c: AppContext): Promise<Response> {
  const next = ownPath(c.req.query("next"));
  if (c.var.user) return redirect(next);
  const isNew = await c.var.services.store.users.count() === 0;
  return await htmlResponse(
    <LoginPage frame={c.var.frame} next={next} username="" isNew={isNew} />,
  );
}

/** `POST /login`. A wrong name and a wrong password get the same answer. */
export async function signIn(c: AppContext): Promise<Response> {
  const { store: { users, loginLimit } } = c.var.services;
  const form = await readForm(c);
  const username = textField(form, "username");
  const next = ownPath(textField(form, "next"));
  const attempt = { username, address: c.env?.remoteAddress ?? "unknown" };
  try {
    loginLimit.begin(attempt);
    const user = await users.authenticate({ username, password: textField(form, "password") });
    loginLimit.succeed(attempt);
    await beginSession(c, user.userId);
    return redirect(next);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !thrown.code.startsWith("AUTH_")) throw thrown;
    const props = { frame: c.var.frame, next, username, fault: thrown.message };
    return await htmlResponse(<LoginPage {...props} />, {
      status: thrown.httpStatus,
      headers: retryAfter(thrown),
    });
  }
}

function retryAfter({ details }: AppError): Readonly<Record<string, string>> {
  const seconds = details?.retryAfterSeconds;
  return typeof seconds === "number" ? { "retry-after": String(Math.ceil(seconds)) } : {};
}

/** `POST /logout`: ends the session here and in the store. */
export async function signOut(c: AppContext): Promise<Response> {
  const { store, config } = c.var.services;
  const sessionId = readCookie(c.req.raw, "session", config);
  if (sessionId !== undefined) await store.sessions.revoke(sessionId);
  c.var.newCookies.push(endedSessionCookie(c.req.raw, config));
  return redirect("/login");
}

/** Begins a session of an account that has just shown who it is; the answer carries its cookie. */
export async function beginSession(c: AppContext, userId: string): Promise<void> {
  const { store, config } = c.var.services;
  const session = await store.sessions.create(userId);
  c.var.newCookies.push(sessionCookie(c.req.raw, session, config));
}
