// A model behind an OpenAI-compatible API. The library makes the request; retries, the reading of the
// answer and its time limits are ours, since servers differ where the library trusts them.
import OpenAI, { APIConnectionError, APIConnectionTimeoutError } from "openai";
import type { ChatCompletionCreateParams } from "openai/resources/chat/completions";
import { concede, FULL_STYLE, type RequestStyle } from "./concessions.ts";
import type { ServedConnection } from "./connection.ts";
import type { Llm, LlmReply, LlmRequest } from "./llm.ts";
import type { WireAnswer } from "./openai_answer.ts";
import {
  CALL_EXTRAS_FIELD,
  readFinishReason,
  THINKING_FIELD,
  toWireMessages,
  toWireTools,
} from "./openai_messages.ts";
import { readAnswer } from "./openai_response.ts";
import { httpFailure, type HttpRefusal, timedOut, unreachable } from "./provider_error.ts";
import { repairAnswer } from "./repair_reply.ts";
import { readWhole } from "./response_body.ts";
import { type RetryClock, SYSTEM_CLOCK, withRetries } from "./retry.ts";

/** How often a stream may break before the rest of the attempts do without. */
const MAX_BROKEN_STREAMS = 2;
/** For the body of a refusal, of which only a message is wanted. */
const REFUSAL_PATIENCE_MS = 5_000;

/** A model served by `connection`. What a server refuses to take is not sent to it again. */
export function openAiLlm(connection: ServedConnection, clock: RetryClock = SYSTEM_CLOCK): Llm {
  const client = createClient(connection);
  let style: RequestStyle = { ...FULL_STYLE, stream: connection.streaming };

  /** One attempt; what the server refuses to take is left out at once, which is no retry. */
  const attempt = async (request: LlmRequest, plain: boolean): Promise<SentRequest> => {
    while (true) {
      const used = plain ? { ...style, stream: false } : style;
      const sent = await send(client, connection, request, used);
      if (!("status" in sent)) return sent;
      const next = concede(used, sent);
      if (!next) throw httpFailure(sent, connection, clock.now());
      style = plain ? { ...next, stream: style.stream } : next;
    }
  };

  return {
    provider: connection.provider,
    model: connection.model,
    simulated: false,
    contextWindowTokens: connection.contextWindowTokens,
    async complete(request) {
      let brokenStreams = 0;
      const tryOnce = async () => {
        const { response, stream } = await attempt(request, brokenStreams >= MAX_BROKEN_STREAMS);
        try {
          return await readAnswer(response, { stream, connection, request });
        } catch (thrown) {
          if (stream) brokenStreams += 1;
          throw thrown;
        }
      };
      const { maxRetries } = connection;
      const { signal, onRetry } = request;
      const options = { maxRetries, signal, clock, onRetry: onRetry?.bind(request) };
      return toReply(await withRetries(tryOnce, options), request);
    },
  };
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
    fetch: fetchOrRefuse,
  });
}

async function fetchOrRefuse(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<Response> {
  // A key and a prompt go where the person said, not where a server points to.
  const response = await fetch(input, { ...init, redirect: "manual" });
  const { status, headers } = response;
  if (status < 300) return response;
  const patience = {
    firstMs: REFUSAL_PATIENCE_MS,
    idleMs: REFUSAL_PATIENCE_MS,
    signal: init.signal ?? AbortSignal.timeout(REFUSAL_PATIENCE_MS),
  };
  const body = response.body ? await readWhole(response.body, patience).catch(() => "") : "";
  throw new Refused({ status, headers, body });
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

function toReply(answer: WireAnswer, { messages, tools }: LlmRequest): LlmReply {
  const usedIds = new Set(
    messages.flatMap((message) =>
      message.role === "assistant" ? message.toolCalls?.map(({ id }) => id) ?? [] : []
    ),
  );
  const toolCalls = answer.calls.map(({ extras: _, ...call }) => call);
  const repaired = repairAnswer({ content: answer.content, toolCalls }, tools, usedIds);
  const callExtras = Object.fromEntries(
    answer.calls.flatMap(({ extras }, index) => {
      const id = repaired.toolCalls[index]?.id;
      return id && Object.keys(extras).length > 0 ? [[id, extras]] : [];
    }),
  );
  const extras = {
    ...answer.reasoning,
    ...(repaired.thinking && { [THINKING_FIELD]: repaired.thinking }),
    ...(Object.keys(callExtras).length > 0 && { [CALL_EXTRAS_FIELD]: callExtras }),
  };
  return {
    content: repaired.content,
    toolCalls: repaired.toolCalls,
    finishReason: readFinishReason(answer.finishReason, repaired.toolCalls),
    ...(answer.usage && { usage: answer.usage }),
    ...(Object.keys(extras).length > 0 && { extras }),
    ...(repaired.repairs.length > 0 && { repairs: repaired.repairs }),
  };
}
