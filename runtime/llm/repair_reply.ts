// What the engine absorbs of a model's mistakes: one raw answer in, a clean one out. Pure.
import type { ToolCall, ToolDefinition } from "../../schemas/tool.ts";
import { parseArguments } from "./repair.ts";
import { findTextCalls } from "./text_calls.ts";
import { splitThinking } from "./thinking.ts";

/** An answer as the server sent it. */
export interface RawAnswer {
  readonly content: string;
  /** An empty id is allowed. */
  readonly toolCalls: readonly ToolCall[];
}

/** An answer the engine can work with: every call has an id of its own, arguments are JSON if they can be. */
export interface RepairedAnswer {
  readonly content: string;
  readonly toolCalls: readonly ToolCall[];
  /** Taken out of the content; empty if there was none. */
  readonly thinking: string;
  /** One sentence each. */
  readonly repairs: readonly string[];
}

/**
 * Takes thoughts and tool calls out of the text, mends arguments, gives calls the ids they lack.
 * Arguments beyond repair stay as they are: `parseArguments` says what is wrong with them.
 */
export function repairAnswer(
  answer: RawAnswer,
  tools: readonly ToolDefinition[],
  usedIds: ReadonlySet<string>,
): RepairedAnswer {
  const repairs: string[] = [];
  const { thinking, content } = splitThinking(answer.content);
  const found = answer.toolCalls.length === 0 ? findTextCalls(content, tools) : null;
  if (found) {
    const names = found.calls.map(({ name }) => name).join(", ");
    repairs.push(`Read the call of ${names} from the answer's text (${found.shape})`);
  }
  const calls = found ? found.calls.map((call) => ({ ...call, id: "" })) : answer.toolCalls;
  const ids = new Set(usedIds);
  return {
    content: found ? found.content : content,
    toolCalls: calls.map((call) => ({ ...mendCall(call, repairs), id: uniqueId(call.id, ids) })),
    thinking,
    repairs,
  };
}

function mendCall(call: ToolCall, repairs: string[]): ToolCall {
  // Templates of gpt-oss leak their channel into the name.
  const name = call.name.replace(/<\|[\s\S]*$/, "").trim();
  if (name !== call.name) repairs.push(`Cut the name "${call.name}" down to "${name}"`);
  const parsed = parseArguments(call.arguments);
  if (!parsed.ok) return { ...call, name };
  if (parsed.repaired) repairs.push(`Mended the arguments of ${name}, which were not plain JSON`);
  return {
    ...call,
    name,
    arguments: parsed.repaired ? JSON.stringify(parsed.args) : call.arguments,
  };
}

/** Servers omit ids, repeat them within an answer, or begin anew with each answer. */
function uniqueId(id: string, used: Set<string>): string {
  const unique = id !== "" && !used.has(id)
    ? id
    : `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
  used.add(unique);
  return unique;
}
