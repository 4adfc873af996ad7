// Base URLs of model servers: reading them, and telling a server on this machine from others.
import { AppError } from "../../schemas/error.ts";

const EXAMPLE = 'such as "http://localhost:8080/v1"';

/**
 * Reads a base URL; `owner` begins the sentence of a refusal, such as `The profile "a"`.
 * @throws AppError `LLM_NOT_CONFIGURED`; what may be a secret is not repeated
 */
export function readBaseUrl(text: string, owner: string): URL {
  if (!URL.canParse(text)) {
    // What holds a colon or an @ may hold a password.
    const shown = /[:@]/.test(text) ? "" : `: "${text}" is no URL`;
    throw refused(`${owner} has a base URL that is none${shown}; give one ${EXAMPLE}`);
  }
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw refused(`${owner} has a base URL that is neither http nor https; give one ${EXAMPLE}`);
  }
  if (url.username || url.password) {
    throw refused(
      `${owner} has a base URL with credentials: that for "${url.host}" holds a user name or password. Give a key instead`,
    );
  }
  url.hash = "";
  return url;
}

/** Whether a server is on this machine, where none but this user's programs listen. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" ||
    /^127(\.\d+){3}$/.test(hostname);
}

/** The URL as text, without a slash at the end of its path. */
export function withoutSlash(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}${url.search}`;
}

/** For eyes and records: without the query, in which some servers take secrets. */
export function shownBaseUrl(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

function refused(message: string): AppError {
  return new AppError("LLM_NOT_CONFIGURED", message);
}
