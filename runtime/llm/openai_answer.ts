// Puts one answer together, from a whole completion or from the chunks of a stream. No I/O.
import type { Usage } from "../../schemas/conversation.ts";
import { asMap, type JsonMap, parseJson } from "./json_map.ts";
import type { LlmDelta } from "./llm.ts";
import {
  readText,
  readUsage,
  readWireCalls,
  REASONING_FIELDS,
  type WireCall,
} from "./openai_messages.ts";
import { thinkingSplitter } from "./thinking.ts";

/** An answer before repairs. */
export interface WireAnswer {
  readonly content: string;
  readonly calls: readonly WireCall[];
  /** Reasoning fields by name. */
  readonly reasoning: Readonly<Record<string, string>>;
  /** `undefined` as long as the server has not said that the answer is complete. */
  readonly finishReason: string | undefined;
  readonly usage: Usage | undefined;
}

/** Collects an answer. */
export interface AnswerCollector {
  /** Takes a completion or a chunk. @returns false if it holds no choice */
  add(completion: JsonMap): boolean;
  answer(): WireAnswer;
}

/** A collector; `onDelta` gets text and reasoning as they come. */
export function collectAnswer(onDelta: (delta: LlmDelta) => void): AnswerCollector {
  const calls = callMerger();
  const thinking = thinkingSplitter();
  const reasoning: Record<string, string> = {};
  let content = "";
  let finishReason: string | undefined;
  let usage: Usage | undefined;

  const addReasoning = (message: JsonMap) => {
    const present = REASONING_FIELDS.filter((field) => typeof message[field] === "string");
    for (const field of present) reasoning[field] = (reasoning[field] ?? "") + message[field];
    const [first] = present;
    if (first && message[first] !== "") {
      onDelta({ kind: "reasoning", text: String(message[first]) });
    }
  };

  return {
    add(completion) {
      usage = readUsage(completion.usage) ?? usage;
      const choices = Array.isArray(completion.choices) ? completion.choices : [];
      if (choices.length === 0) return false;
      const choice = asMap(choices[0]);
      const message = asMap(choice.delta ?? choice.message);
      addReasoning(message);
      const text = readText(message.content) || readText(message.refusal);
      content += text;
      thinking.push(text).forEach(onDelta);
      for (const { call, index } of readWireCalls(message)) calls.add(call, index);
      if (typeof choice.finish_reason === "string") {
        finishReason = choice.finish_reason;
        thinking.end().forEach(onDelta);
      }
      return true;
    },
    answer: () => ({ content, calls: calls.list(), reasoning, finishReason, usage }),
  };
}

interface CallMerger {
  add(part: WireCall, index: number | undefined): void;
  list(): WireCall[];
}

interface OpenCall extends WireCall {
  readonly index: number | undefined;
}

/**
 * Joins the parts of tool calls. By the protocol a part names its call's index; servers omit it,
 * send 0 for every call, repeat id and name in each part, or send whole calls at once.
 */
function callMerger(): CallMerger {
  const calls: OpenCall[] = [];

  const find = (part: WireCall, index: number | undefined): number => {
    const byIndex = index === undefined ? -1 : calls.findLastIndex((call) => call.index === index);
    if (byIndex >= 0) return byIndex;
    if (index !== undefined) return -1;
    const byId = part.id === "" ? -1 : calls.findLastIndex((call) => call.id === part.id);
    return byId >= 0 ? byId : calls.length - 1;
  };

  return {
    add(part, index) {
      const at = find(part, index);
      const open = calls[at];
      if (!open || beginsAnother(open, part)) {
        if (part.name !== "" || part.arguments !== "") calls.push({ ...part, index });
        return;
      }
      calls[at] = {
        id: open.id || part.id,
        name: open.name || part.name,
        arguments: open.arguments + part.arguments,
        extras: { ...open.extras, ...part.extras },
        index: open.index,
      };
    },
    list: () =>
      calls.map(({ id, name, arguments: args, extras }) => ({ id, name, arguments: args, extras })),
  };
}

/** A part with a name begins a call unless it repeats the name of one whose arguments are open. */
function beginsAnother(open: OpenCall, part: WireCall): boolean {
  if (part.name === "" || open.name === "") return false;
  const otherId = part.id !== "" && open.id !== "" && part.id !== open.id;
  if (open.arguments === "") return otherId;
  const unplaced = part.id === "" && open.index === undefined;
  return parseJson(open.arguments) !== undefined && (otherId || unplaced || part.arguments !== "");
}
