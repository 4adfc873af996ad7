// A model behind an OpenAI-compatible API. The library makes the request; retries, the reading of the
// answer and its time limits are ours, since servers differ where the library trusts them.
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, type ClientOptions } from "openai";
import type { ChatCompletionCreateParams } from "openai/resources/chat/completions";
import { concede, FULL_STYLE, type RequestStyle } from "./concessions.ts";
import type { ServedConnection } from "./connection.ts";
import { type HttpRefusal, readRefusal } from "./http_refusal.ts";
import type { Llm, LlmRequest } from "./llm.ts";
import { toWireMessages, toWireTools } from "./openai_messages.ts";
import { readAnswer } from "./openai_response.ts";
import { httpFailure, timedOut, unreachable } from "./provider_error.ts";
import { type RetryClock, SYSTEM_CLOCK } from "./retry.ts";
import { type AnswerForm, servedLlm } from "./served_llm.ts";

/** A model served by `connection`. What a server refuses to take is not sent to it again. */
export function openAiLlm(connection: ServedConnection, clock: RetryClock = SYSTEM_CLOCK): Llm {
  const client = createClient(connection);
  let style: RequestStyle = { ...FULL_STYLE, stream: connection.streaming };

  /** One attempt; what the server refuses to take is left out at once, which is no retry. */
  const attempt = async (request: LlmRequest, form: AnswerForm): Promise<SentRequest> => {
    const plain = form === "whole";
    while (true) {
      const used = plain ? { ...style, stream: false } : style;
      const sent = await send(client, connection, request, used);
      if (!("status" in sent)) return sent;
      const next = concede(used, sent);
      if (!next) throw httpFailure(sent, connection, clock.now());
      style = plain ? { ...next, stream: style.stream } : next;
    }
  };

  return servedLlm(connection, clock, async (request, form) => {
    const { response, stream } = await attempt(request, form);
    return { stream, read: () => readAnswer(response, { stream, connection, request }) };
  });
}

interface SentRequest {
  readonly response: Response;
  readonly stream: boolean;
}

/** Carries a refusal through the library, which would keep only a part of it. */
class Refused extends Error {
  constructor(readonly refusal: HttpRefusal) {
    super("Refused");
  }
}

function createClient({ baseUrl, apiKey, headers }: ServedConnection): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey ?? "none",
    // `null` also keeps the library from sending what it finds in the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    defaultHeaders: { ...(apiKey ? {} : { authorization: null }), ...headers },
    maxRetries: 0,
    logLevel: "off",
    // Which `RequestInit` the library means depends on the types that others bring along.
    fetch: fetchOrRefuse as NonNullable<ClientOptions["fetch"]>,
  });
}

async function fetchOrRefuse(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<Response> {
  // A key and a prompt go where the person said, not where a server points to.
  const response = await fetch(input, { ...init, redirect: "manual" });
  if (response.status < 300) return response;
  throw new Refused(await readRefusal(response, init.signal ?? new AbortController().signal));
}

async function send(
  client: OpenAI,
  connection: ServedConnection,
  request: LlmRequest,
  style: RequestStyle,
): Promise<SentRequest | HttpRefusal> {
  try {
    const response = await client.chat.completions
      .create(toBody(connection, request, style), {
        signal: request.signal,
        timeout: connection.timeoutMs,
      })
      .asResponse();
    return { response, stream: style.stream };
  } catch (thrown) {
    if (thrown instanceof APIConnectionTimeoutError) {
      throw timedOut("has not answered", connection.timeoutMs, connection);
    }
    if (!(thrown instanceof APIConnectionError)) throw thrown;
    if (thrown.cause instanceof Refused) return thrown.cause.refusal;
    throw unreachable(thrown.cause ?? thrown, connection);
  }
}

function toBody(
  { model, temperature, maxOutputTokens }: ServedConnection,
  { messages, tools }: LlmRequest,
  style: RequestStyle,
): ChatCompletionCreateParams {
  return {
    model,
    messages: toWireMessages(messages),
    ...(tools.length > 0 && { tools: toWireTools(tools) }),
    ...(style.temperature && temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { [style.maxTokensField]: maxOutputTokens }),
    stream: style.stream,
    ...(style.stream && style.usageInStream && { stream_options: { include_usage: true } }),
  };
}
