// Sends one request to Ollama's `/api/chat` and waits for the headers of its answer.
import type { OllamaConnection } from "./connection.ts";
import { readRefusal } from "./http_refusal.ts";
import { asMap, isMap, parseJson } from "./json_map.ts";
import type { LlmRequest } from "./llm.ts";
import {
  type OllamaMessage,
  type OllamaTool,
  toOllamaMessages,
  toOllamaTools,
} from "./ollama_messages.ts";
import { httpFailure, timedOut, unreachable } from "./provider_error.ts";
import type { RetryClock } from "./retry.ts";

/** The body of a request. */
export interface OllamaBody {
  readonly model: string;
  readonly messages: readonly OllamaMessage[];
  readonly tools?: readonly OllamaTool[];
  readonly stream: boolean;
  /** Refuse a prompt that does not fit, in place of dropping its front. Old servers ignore it. */
  readonly truncate: false;
  /** End an answer that fills the window, in place of dropping the prompt's front for it. */
  readonly shift: false;
  readonly options: {
    readonly num_ctx: number;
    readonly num_predict?: number;
    readonly temperature?: number;
  };
}

/** The body for a request. `think` is left to the model: one that cannot would refuse it. */
export function toOllamaBody(
  { model, contextWindowTokens, maxOutputTokens, temperature }: OllamaConnection,
  { messages, tools }: Pick<LlmRequest, "messages" | "tools">,
  stream: boolean,
): OllamaBody {
  return {
    model,
    messages: toOllamaMessages(messages),
    ...(tools.length > 0 && { tools: toOllamaTools(tools) }),
    stream,
    truncate: false,
    shift: false,
    options: {
      num_ctx: contextWindowTokens,
      ...(maxOutputTokens !== undefined && { num_predict: maxOutputTokens }),
      ...(temperature !== undefined && { temperature }),
    },
  };
}

/** The address of `/api/chat` for a base URL that may end in `/v1`, `/api` or nothing. */
export function ollamaChatUrl(baseUrl: string): string {
  const url = new URL(baseUrl);
  const root = url.pathname.replace(/\/+$/, "").replace(/\/(?:v1|api)$/, "");
  url.pathname = `${root}/api/chat`;
  return url.href;
}

/**
 * Sends a body. @returns an answer of status 200 whose body is not read yet
 * @throws AttemptFailure when there is none, also because of an abort
 */
export async function postOllama(
  connection: OllamaConnection,
  body: OllamaBody,
  signal: AbortSignal,
  clock: RetryClock,
): Promise<Response> {
  const tooLate = new AbortController();
  const timer = setTimeout(() => tooLate.abort(), connection.timeoutMs);
  const { apiKey, headers } = connection;
  let response: Response;
  try {
    response = await fetch(ollamaChatUrl(connection.baseUrl), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(apiKey && { authorization: `Bearer ${apiKey}` }),
        ...headers,
      },
      body: JSON.stringify(body),
      // A key and a prompt go where the person said, not where a server points to.
      redirect: "manual",
      signal: AbortSignal.any([signal, tooLate.signal]),
    });
  } catch (thrown) {
    if (tooLate.signal.aborted) {
      throw timedOut("has not answered", connection.timeoutMs, connection);
    }
    throw unreachable(thrown, connection);
  } finally {
    clearTimeout(timer);
  }
  if (response.status < 300) return response;
  const refusal = await readRefusal(response, signal);
  throw httpFailure({ ...refusal, body: innermostError(refusal.body) }, connection, clock.now());
}

/** What a runner said, which Ollama passes on as JSON in the text of its own error. */
function innermostError(body: string): string {
  const { error } = asMap(parseJson(body));
  return typeof error === "string" && isMap(parseJson(error)) ? error : body;
}
