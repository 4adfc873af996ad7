// Takes `<think>…</think>` out of the head of an answer, where reasoning models put it.
import { splitChannels } from "./call_harmony.ts";
import type { LlmDelta } from "./llm.ts";

/** Splits a streamed answer into reasoning and text as it comes. */
export interface ThinkingSplitter {
  push(text: string): LlmDelta[];
  /** What was held back because it might have become a tag. */
  end(): LlmDelta[];
}

/** An answer without its thoughts. */
export interface SplitAnswer {
  readonly content: string;
  readonly thinking: string;
}

/** Also those of Mistral, Cohere and Gemma. */
const OPENING = ["<think>", "<thinking>", "[THINK]", "<|START_THINKING|>", "<|channel>thought"];
const CLOSING = /<\/think(?:ing)?>|\[\/THINK\]|<\|END_THINKING\|>|<channel\|>/;
const LONGEST_TAG = "<|END_THINKING|>".length;
/** Where thoughts end that are never closed. */
const CALL =
  /<tool_call>|<function=|\[TOOL_CALLS\]|<\|python_tag\|>|<\|tool_call>|<[｜|]tool[▁_]calls?[▁_]|<[｜|]DSML[｜|]/;

/**
 * Splits a whole answer. Only blocks at its head count: a later `<think>` is something the model
 * talks about. A block that is never closed ends where a tool call begins; an end tag on a line of
 * its own without a start tag (some chat templates swallow it) ends a block from the first character.
 * An answer in channels (gpt-oss) is split by these.
 */
export function splitThinking(text: string): SplitAnswer {
  const channels = splitChannels(text);
  if (channels) return channels;
  const orphan = splitAtOrphan(text);
  if (orphan) return orphan;
  const splitter = thinkingSplitter();
  const deltas = [...splitter.push(text), ...splitter.end()];
  const join = (kind: LlmDelta["kind"]) =>
    deltas.filter((delta) => delta.kind === kind).map((delta) => delta.text).join("");
  const thinking = join("reasoning");
  const content = join("text");
  const call = CLOSING.test(text) ? -1 : thinking.search(CALL);
  if (call < 0) return { thinking: thinking.trim(), content };
  return { thinking: thinking.slice(0, call).trim(), content: thinking.slice(call) + content };
}

function splitAtOrphan(text: string): SplitAnswer | null {
  const tag = CLOSING.exec(text);
  if (!tag) return null;
  const before = text.slice(0, tag.index);
  const after = text.slice(tag.index + tag[0].length);
  const line = before.slice(before.lastIndexOf("\n") + 1) + (/^[^\n]*/.exec(after)?.[0] ?? "");
  if (line.trim() !== "" || OPENING.some((opening) => before.includes(opening))) return null;
  return { thinking: before.trim(), content: after.trim() };
}

/** A splitter for one answer. */
export function thinkingSplitter(): ThinkingSplitter {
  let place: "head" | "thinking" | "body" = "head";
  let held = "";

  const step = (): LlmDelta[] | null => {
    if (place === "body") return null;
    if (place === "thinking") {
      const closing = CLOSING.exec(held);
      if (!closing) return null;
      const text = held.slice(0, closing.index);
      held = held.slice(closing.index + closing[0].length);
      place = "head";
      return [{ kind: "reasoning", text }];
    }
    const start = held.trimStart();
    const tag = OPENING.find((opening) => start.startsWith(opening));
    if (tag) {
      held = start.slice(tag.length);
      place = "thinking";
      return [];
    }
    if (OPENING.some((opening) => opening.startsWith(start))) return null;
    held = start;
    place = "body";
    return [];
  };

  const release = (kind: LlmDelta["kind"], keep: number): LlmDelta[] => {
    const cut = Math.max(0, held.length - keep);
    const text = held.slice(0, cut);
    held = held.slice(cut);
    return text === "" ? [] : [{ kind, text }];
  };

  const push = (text: string): LlmDelta[] => {
    held += text;
    const deltas: LlmDelta[] = [];
    for (let next = step(); next !== null; next = step()) deltas.push(...next);
    if (place === "thinking") deltas.push(...release("reasoning", LONGEST_TAG - 1));
    if (place === "body") deltas.push(...release("text", 0));
    return deltas.filter((delta) => delta.text !== "");
  };

  return {
    push,
    end: () => release(place === "thinking" ? "reasoning" : "text", 0),
  };
}
