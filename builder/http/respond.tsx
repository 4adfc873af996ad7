// From what a handler has to what goes over the wire: pages, fragments, JSON, and errors as either.
import type { Child } from "hono/jsx";
import { AppError, type ErrorCode, messageOf } from "../../schemas/error.ts";
import { ErrorPage, ErrorToast } from "../../views/error_page.tsx";
import type { AppContext } from "../app_context.ts";

/** What a client is told about a failure. */
interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>> | null;
}

/** How an answer differs from `200`. */
export interface AnswerOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page or a fragment of one. */
export async function htmlResponse(node: Child, options: AnswerOptions = {}): Promise<Response> {
  // The nodes of hono/jsx render themselves to text, or to a promise of it.
  const text = await String(await node);
  const headers = { "content-type": "text/html; charset=utf-8", ...options.headers };
  return new Response(text, { status: options.status ?? 200, headers });
}

/** `{ "data": …, "error": null }`; explicit nulls. */
export function dataResponse(data: unknown, options: AnswerOptions = {}): Response {
  return jsonResponse({ data, error: null }, options);
}

function jsonResponse(body: unknown, options: AnswerOptions): Response {
  const headers = { "content-type": "application/json; charset=utf-8", ...options.headers };
  return new Response(JSON.stringify(body), { status: options.status ?? 200, headers });
}

/** `303 See Other`: the browser asks for the page with GET. `path` is one of ours. */
export function redirect(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path } });
}

/** Whether a client would rather have JSON: everything below `/api/`, and who asks for it. */
export function wantsJson(request: Request): boolean {
  const { pathname } = new URL(request.url);
  if (/^\/(api|control)(\/|$)/.test(pathname)) return true;
  const accept = request.headers.get("accept") ?? "";
  return accept.includes("application/json") && !accept.includes("text/html");
}

/** Whether htmx asks, which swaps what it gets into a page that is already there. */
export function isFragmentRequest(request: Request): boolean {
  return request.headers.has("hx-request");
}

/**
 * The answer to a request that failed: JSON, a toast for htmx, or a page. Who has to sign in first is
 * sent there. What is not an AppError is logged with its cause and shown as `INTERNAL`.
 */
export function errorResponse(c: AppContext, thrown: unknown): Promise<Response> | Response {
  const failure = failureOf(c, thrown);
  const request = c.req.raw;
  const headers = failureHeaders(failure);
  if (wantsJson(request)) {
    const { code, message, details, status } = failure;
    return jsonResponse({ data: null, error: { code, message, details } }, { status, headers });
  }
  if (failure.code === "AUTH_REQUIRED") return toSignIn(request);
  const props = { frame: c.var.frame, ...failure, requestId: c.var.requestId };
  if (isFragmentRequest(request)) {
    const swap = { "hx-retarget": "#toasts", "hx-reswap": "beforeend" };
    return htmlResponse(<ErrorToast {...props} />, {
      status: failure.status,
      headers: { ...headers, ...swap },
    });
  }
  return htmlResponse(<ErrorPage {...props} />, { status: failure.status, headers });
}

function failureOf(c: AppContext, thrown: unknown): Failure {
  if (thrown instanceof AppError && thrown.code !== "INTERNAL") {
    const { code, message, httpStatus: status, details = null } = thrown;
    if (status >= 500) log(c, thrown);
    return { code, message, status, details };
  }
  log(c, thrown);
  const message = c.var.texts.error.internalMessage;
  return { code: "INTERNAL", message, status: 500, details: { requestId: c.var.requestId } };
}

function log(c: AppContext, thrown: unknown): void {
  const { services: { config }, requestId } = c.var;
  const trace = thrown instanceof Error ? Deno.inspect(thrown) : messageOf(thrown);
  // Without the query: it may hold a one-time token.
  const { pathname } = new URL(c.req.url);
  config.log(
    `${config.now().toISOString()} ${requestId} ${c.req.method} ${pathname} failed: ${trace}`,
  );
}

/** What HTTP wants to be said in headers, too. */
function failureHeaders({ status, details }: Failure): Readonly<Record<string, string>> {
  const seconds = details?.retryAfterSeconds;
  const allow = details?.allow;
  return {
    ...(typeof seconds === "number" && { "retry-after": String(Math.ceil(seconds)) }),
    ...(status === 405 && typeof allow === "string" && { allow }),
    ...(status === 401 && { "www-authenticate": 'Bearer realm="crewagent"' }),
  };
}

function toSignIn(request: Request): Response {
  if (isFragmentRequest(request)) {
    return new Response(null, { status: 401, headers: { "hx-redirect": "/login" } });
  }
  const { pathname, search } = new URL(request.url);
  const isPage = request.method === "GET" && pathname !== "/";
  return redirect(isPage ? `/login?next=${encodeURIComponent(pathname + search)}` : "/login");
}
