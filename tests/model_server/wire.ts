// Replies in the words of the protocol: a whole completion, or the chunks of a stream.
import type { ModelRequest, Reply } from "./script.ts";

type Json = Record<string, unknown>;

/** A reply as one completion. */
export function completionOf(reply: Reply, request: ModelRequest): Json {
  const message = {
    role: "assistant",
    content: reply.text ?? null,
    ...(reply.reasoning && { [reasoningField(reply)]: reply.reasoning }),
    ...(reply.toolCalls &&
      { tool_calls: callsOf(reply, request).map(({ index: _, ...call }) => call) }),
  };
  return {
    id: `chatcmpl-${request.number}`,
    object: "chat.completion",
    model: request.body.model,
    choices: [{ index: 0, message, finish_reason: finishReasonOf(reply) }],
    ...usageOf(reply),
  };
}

/** A reply as the chunks of a stream; usage comes last, if the request asks for it. */
export function chunksOf(reply: Reply, request: ModelRequest): Json[] {
  const chunk = (choices: Json[], more: Json = {}) => ({
    id: `chatcmpl-${request.number}`,
    object: "chat.completion.chunk",
    model: request.body.model,
    choices,
    ...more,
  });
  if (reply.mood === "empty_choices") return [chunk([])];
  const deltas = deltasOf(reply, request);
  const whole = Object.assign({}, ...deltas);
  const chunks = (reply.oneChunk ? [whole] : deltas)
    .map((delta) => chunk([{ index: 0, delta, finish_reason: null }]));
  const end = chunk([{ index: 0, delta: {}, finish_reason: finishReasonOf(reply) }]);
  const usage = request.body.stream_options ? usageOf(reply) : {};
  return [...chunks, end, ...("usage" in usage ? [chunk([], usage)] : [])];
}

function deltasOf(reply: Reply, request: ModelRequest): Json[] {
  const pieces = (text: string | undefined) =>
    reply.oneChunk ? [text ?? ""] : text?.match(/\s*\S+\s*/g) ?? [];
  return [
    { role: "assistant", content: "" },
    ...pieces(reply.reasoning).map((text) => ({ [reasoningField(reply)]: text })),
    ...pieces(reply.text).map((content) => ({ content })),
    ...callDeltasOf(reply, request),
  ];
}

/** Each call as a head with its id and name, and its arguments in two parts. */
function callDeltasOf(reply: Reply, request: ModelRequest): Json[] {
  const calls = callsOf(reply, request);
  if (calls.length === 0) return [];
  if (reply.oneChunk) return [{ tool_calls: calls }];
  return calls.flatMap((call): Json[] => {
    const args = call.function.arguments;
    if (typeof args !== "string") return [{ tool_calls: [call] }];
    const half = Math.floor(args.length / 2);
    const place = call.index === undefined ? {} : { index: call.index };
    return [
      { tool_calls: [{ ...call, function: { ...call.function, arguments: "" } }] },
      { tool_calls: [{ ...place, function: { arguments: args.slice(0, half) } }] },
      { tool_calls: [{ ...place, function: { arguments: args.slice(half) } }] },
    ];
  });
}

interface WireCall {
  readonly index?: number;
  readonly id?: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: unknown };
}

function callsOf({ toolCalls = [], mood }: Reply, { number }: ModelRequest): WireCall[] {
  return toolCalls.map(({ id, name, arguments: args }, index) => ({
    ...(mood !== "no_index" && { index: mood === "same_index" ? 0 : index }),
    ...(mood !== "no_ids" && { id: id ?? `call_${number}_${index + 1}` }),
    type: "function",
    function: {
      name,
      arguments: typeof args === "string" || mood === "arguments_as_object"
        ? args
        : JSON.stringify(args),
    },
  }));
}

function usageOf({ mood, usage = { promptTokens: 10, completionTokens: 5 } }: Reply): Json {
  if (mood === "no_usage") return {};
  const { promptTokens, completionTokens } = usage;
  return {
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}

function finishReasonOf({ finishReason, toolCalls }: Reply): string {
  return finishReason ?? (toolCalls?.length ? "tool_calls" : "stop");
}

function reasoningField({ reasoningField }: Reply): string {
  return reasoningField ?? "reasoning_content";
}
