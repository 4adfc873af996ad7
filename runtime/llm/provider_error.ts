// What went wrong with a model server, in words a person can act upon. No key ever gets into them.
import { AppError, type ErrorCode } from "../../schemas/error.ts";
import type { HttpConnection } from "./connection.ts";
import type { HttpRefusal } from "./http_refusal.ts";
import { asMap } from "./json_map.ts";
import { adviceFor } from "./provider_advice.ts";
import { StalledError } from "./response_body.ts";
import { AttemptFailure, readRetryAfter } from "./retry.ts";
import { errorCode, looksLikeHtml, quoted, serverMessage } from "./server_words.ts";

const RETRYABLE = new Set([408, 409, 425, 429]);

/** Ways in which servers say that a prompt is too long. */
const TOO_LONG =
  /context.?length|context.?window|context size|maximum context|exceed_context_size|prompt is too long|input token count|too many (?:input )?tokens|n_ctx|tokens to keep|reduce the length/i;

/** The failure that an HTTP status of 300 or more stands for. */
export function httpFailure(
  refusal: HttpRefusal,
  connection: HttpConnection,
  nowMs: number,
): AttemptFailure {
  const { status, headers, body } = refusal;
  const said = serverMessage(body);
  const { code, problem, advice } = judge(status, `${said} ${errorCode(body)}`, connection);
  const quote = said ? `: ${quoted(said, connection)}` : "";
  const hint = status >= 300 && status < 400 ? redirectHint(headers) : htmlHint(body);
  const error = appError(
    code,
    `${problem} (HTTP ${status})${quote}. ${hint}${advice}`,
    connection,
    {
      status,
    },
  );
  const exhausted = /insufficient_quota|billing/i.test(errorCode(body));
  const retryable = code !== "CONTEXT_TOO_LARGE" && !exhausted &&
    (RETRYABLE.has(status) || (status >= 500 && status !== 501));
  return new AttemptFailure(error, { retryable, retryAfterMs: readRetryAfter(headers, nowMs) });
}

/** An error that a server put into an answer of status 200; worth a retry unless it is for good. */
export function errorInAnswer(payload: unknown, connection: HttpConnection): AttemptFailure {
  const text = JSON.stringify(payload) ?? "";
  const status = Number(asMap(asMap(payload).error).code);
  if (status >= 400 || TOO_LONG.test(text)) {
    return httpFailure(
      { status: status >= 400 ? status : 400, headers: new Headers(), body: text },
      connection,
      0,
    );
  }
  const message = `${nameServer(connection)} sent an error instead of an answer: ${
    quoted(serverMessage(text) || text, connection)
  }. Look at the server's log; the request may be tried again`;
  return new AttemptFailure(appError("LLM_HTTP", message, connection), { retryable: true });
}

/** No connection, or one that broke before the answer began. */
export function unreachable(cause: unknown, connection: HttpConnection): AttemptFailure {
  const reasons = innermostMessages(cause);
  const text = reasons.join(": ");
  const advice = connectionAdvice(text, connection);
  return new AttemptFailure(
    appError(
      "LLM_UNREACHABLE",
      `${nameServer(connection)} cannot be reached: ${
        quoted(reasons.at(-1) ?? "no reason given", connection)
      }. ${advice}`,
      connection,
      {},
      cause,
    ),
    { retryable: !/certificate|UnknownIssuer|NotCapable|not allowed|Requires net/i.test(text) },
  );
}

function connectionLost(cause: unknown, connection: HttpConnection): AttemptFailure {
  const why = quoted(innermostMessages(cause).at(-1) ?? "no reason given", connection);
  const message = `The connection to ${
    nameServer(connection).replace("The", "the")
  } was lost in the middle of the answer: ${why}. Look at the server's log and the network`;
  return new AttemptFailure(appError("LLM_UNREACHABLE", message, connection, {}, cause), {
    retryable: true,
  });
}

/** An answer that stalled, or whose connection broke, in the middle. */
export function brokenOff(thrown: unknown, connection: HttpConnection): AttemptFailure {
  return thrown instanceof StalledError
    ? timedOut("has sent nothing more", thrown.afterMs, connection)
    : connectionLost(thrown, connection);
}

/** Headers or data that did not come in time. */
export function timedOut(
  what: string,
  afterMs: number,
  connection: HttpConnection,
): AttemptFailure {
  const message = `${nameServer(connection)} ${what} for ${
    seconds(afterMs)
  }. It may be loading the model or be overloaded; try a smaller model or a longer timeout`;
  return new AttemptFailure(appError("LLM_TIMEOUT", message, connection, { afterMs }), {
    retryable: true,
  });
}

/** An answer that is none. `what` completes "The server …". */
export function badResponse(
  what: string,
  body: string,
  connection: HttpConnection,
): AttemptFailure {
  const quote = body.trim() === "" ? "" : `: ${quoted(serverMessage(body) || body, connection)}`;
  const message = `${nameServer(connection)} ${what}${quote}. ${htmlHint(body)}${
    adviceFor(connection).wrongApi
  }`;
  return new AttemptFailure(appError("LLM_BAD_RESPONSE", message, connection), {
    retryable: !looksLikeHtml(body),
  });
}

interface Verdict {
  readonly code: ErrorCode;
  /** Begins with the server and completes "… (HTTP n): what it said." */
  readonly problem: string;
  readonly advice: string;
}

function judge(status: number, said: string, connection: HttpConnection): Verdict {
  const server = nameServer(connection);
  const model = `"${connection.model}"`;
  if (
    status === 413 || ((status === 400 || status === 422 || status >= 500) && TOO_LONG.test(said))
  ) {
    return {
      code: "CONTEXT_TOO_LARGE",
      problem: `The prompt is longer than ${server} can take`,
      advice:
        "Set the context window to the server's own, use a model with a larger one, or shorten the step",
    };
  }
  if (status === 401 || status === 403) {
    const key = connection.apiKey
      ? `Check that the API key is right for this server and may use ${model}`
      : "If it wants an API key, give the profile one or set CREWAGENT_API_KEY; if it was sent in a header, check it";
    return { code: "LLM_AUTH", problem: `${server} denies access`, advice: key };
  }
  if (status === 429) {
    return {
      code: "LLM_RATE_LIMITED",
      problem: `${server} takes no more requests for now`,
      advice: "Wait, or look at the limits and the credit of the account",
    };
  }
  if (status === 408 || status === 504) {
    return {
      code: "LLM_TIMEOUT",
      problem: `${server} took too long`,
      advice: "Try again or use a smaller model",
    };
  }
  const advice = httpAdvice(status, said, connection);
  const problem = status >= 500 ? `${server} failed` : `${server} refuses the request`;
  return { code: "LLM_HTTP", problem, advice };
}

function httpAdvice(status: number, said: string, connection: HttpConnection): string {
  if (/not support tools|tool (?:use|calling)|does not support function/i.test(said)) {
    return `Choose a model that can call tools; "${connection.model}" cannot`;
  }
  if (status === 404) return adviceFor(connection).notFound(said);
  if (status === 402) return "The account needs credit";
  if (status >= 500) return "Look at the server's log, or try again later";
  return "Check the model's name and its settings";
}

function htmlHint(body: string): string {
  return looksLikeHtml(body) ? "That is a web page, not an API. " : "";
}

function redirectHint(headers: Headers): string {
  const target = headers.get("location");
  return target
    ? `It points to ${JSON.stringify(target)}: use that as the base URL if it is right. `
    : "";
}

function nameServer({ baseUrl, model }: HttpConnection): string {
  const { origin, pathname } = new URL(baseUrl);
  return `The model server "${origin}${pathname.replace(/\/$/, "")}" (model "${model}")`;
}

function connectionAdvice(text: string, connection: HttpConnection): string {
  if (/refused/i.test(text)) return adviceFor(connection).refused;
  if (/dns|lookup|name or service|not known|resolve/i.test(text)) {
    return "Check the host name and the network";
  }
  if (/certificate|UnknownIssuer/i.test(text)) {
    return 'Its certificate is not trusted here; behind a proxy set DENO_TLS_CA_STORE="system,mozilla"';
  }
  return "Check the base URL and the network";
}

function innermostMessages(thrown: unknown): string[] {
  const messages: string[] = [];
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; depth += 1) {
    messages.push(error.message);
    error = error.cause;
  }
  return messages;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`;
}

function appError(
  code: ErrorCode,
  message: string,
  { baseUrl, model }: HttpConnection,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): AppError {
  return new AppError(code, message, {
    details: { host: new URL(baseUrl).host, model, ...details },
    ...(cause !== undefined && { cause }),
  });
}
