// Whose request it is: the cookie of a browser. Not here: API tokens, which only `/api/` takes, and
// what the store knows about sessions.
import type { NewSession } from "../store/sessions.ts";
import type { ServerConfig } from "../services.ts";

/** A secret in a cookie: a session's id, or before that what ties a form to its browser. */
const COOKIE = /^[A-Za-z0-9_-]{16,128}$/;

/** The two cookies: `session` names an account, `visit` only ties a form to a browser. */
export type CookieKind = "session" | "visit";

/** The value of a cookie; undefined if it is not there or has a shape that we never gave it. */
export function readCookie(request: Request, kind: CookieKind, config: ServerConfig) {
  const name = cookieName(kind, config);
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, value = ""] = pair.trim().split("=", 2);
    if (key === name && COOKIE.test(value)) return value;
  }
  return undefined;
}

/** Browsers share cookies among the ports of a machine, so the port is part of the name. */
function cookieName(kind: CookieKind, { port }: ServerConfig): string {
  return `crewagent_${kind}_${port}`;
}

/** `Set-Cookie` for a session that just began. */
export function sessionCookie(
  request: Request,
  { sessionId, expiresAt }: NewSession,
  config: ServerConfig,
): string {
  const seconds = Math.floor((Date.parse(expiresAt) - config.now().getTime()) / 1000);
  return cookie(request, cookieName("session", config), `${sessionId}; Max-Age=${seconds}`);
}

/** `Set-Cookie` for a browser that has none yet. */
export function visitCookie(request: Request, secret: string, config: ServerConfig): string {
  return cookie(request, cookieName("visit", config), secret);
}

/** `Set-Cookie` that removes the session's. */
export function endedSessionCookie(request: Request, config: ServerConfig): string {
  return cookie(request, cookieName("session", config), "; Max-Age=0");
}

/** `Secure` behind a proxy that speaks TLS, which only the page's origin tells. */
function cookie(request: Request, name: string, value: string): string {
  const isSecure = request.headers.get("origin")?.startsWith("https:") ?? false;
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}

/** A new secret for a cookie: 192 random bits. */
export function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(24)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

/** `Set-Cookie` for the colours of a browser; no secret, and the same on all ports. */
export function themeCookie(theme: "system" | "light" | "dark"): string {
  const value = theme === "system" ? "; Max-Age=0" : `${theme}; Max-Age=31536000`;
  return `crewagent_theme=${value}; Path=/; HttpOnly; SameSite=Strict`;
}
