// Replies in the words of `/api/chat`: one object, or the lines of a stream.
import type { PromptCounts } from "./prompt.ts";
import type { OllamaRequest, Reply } from "./script.ts";

type Json = Record<string, unknown>;

/** A reply as one answer. */
export function answerOf(reply: Reply, request: OllamaRequest, counts: PromptCounts): Json {
  const calls = callsOf(reply, request);
  return {
    ...headOf(request),
    message: {
      role: "assistant",
      content: reply.text ?? "",
      ...(reply.thinking && { thinking: reply.thinking }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    ...endOf(reply, counts),
  };
}

/** A reply as the objects of a stream: thoughts, text, each call by itself, and the end. */
export function partsOf(reply: Reply, request: OllamaRequest, counts: PromptCounts): Json[] {
  const part = (message: Json) => ({
    ...headOf(request),
    message: { role: "assistant", content: "", ...message },
    done: false,
  });
  return [
    ...pieces(reply.thinking).map((thinking) => part({ thinking })),
    ...pieces(reply.text).map((content) => part({ content })),
    ...callsOf(reply, request).map((call) => part({ tool_calls: [call] })),
    { ...part({}), ...endOf(reply, counts) },
  ];
}

function headOf({ body }: OllamaRequest): Json {
  return { model: body.model, created_at: "2026-11-21T09:00:00.000000001Z" };
}

function endOf({ doneReason = "stop", evalTokens = 5, mood }: Reply, counts: PromptCounts): Json {
  return {
    done: true,
    done_reason: doneReason,
    total_duration: 5_000_000,
    load_duration: 1_000_000,
    ...(mood !== "no_counts" && { ...counts, eval_count: evalTokens }),
  };
}

function callsOf({ toolCalls = [], mood }: Reply, { number }: OllamaRequest): Json[] {
  return toolCalls.map(({ id, name, arguments: args }, index) => ({
    ...(mood !== "no_ids" && { id: id ?? `call_${number}_${index + 1}` }),
    function: {
      index,
      name,
      arguments: mood === "arguments_as_text" && typeof args !== "string"
        ? JSON.stringify(args)
        : args,
    },
  }));
}

function pieces(text = ""): string[] {
  return text.match(/\s*\S+\s*/g) ?? [];
}
