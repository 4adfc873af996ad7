// The last step of every adapter: an answer as it came becomes a reply the engine can work with. Pure.
import { openIfCut } from "./call_body.ts";
import type { LlmReply, LlmRequest } from "./llm.ts";
import type { WireAnswer } from "./openai_answer.ts";
import { CALL_EXTRAS_FIELD, readFinishReason, THINKING_FIELD } from "./openai_messages.ts";
import { repairAnswer } from "./repair_reply.ts";

/** The reply of a whole answer, repaired; every call has an id that the request does not use. */
export function toReply(answer: WireAnswer, { messages, tools }: LlmRequest): LlmReply {
  const usedIds = new Set(
    messages.flatMap((message) =>
      message.role === "assistant" ? message.toolCalls?.map(({ id }) => id) ?? [] : []
    ),
  );
  // Of an answer that ran out of tokens, arguments that are not closed must not pass as whole.
  const wasCut = answer.finishReason === "length";
  const toolCalls = answer.calls.map(({ extras: _, ...call }) =>
    wasCut ? { ...call, arguments: openIfCut(call.arguments) } : call
  );
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
