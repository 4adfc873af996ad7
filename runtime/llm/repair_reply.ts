// What the engine absorbs of a model's mistakes: one raw answer in, a clean one out. Pure.
import type { ToolCall, ToolDefinition } from "../../schemas/tool.ts";
import { findTool, withoutMarkup } from "./call_name.ts";
import { withoutStrays } from "./call_strays.ts";
import { withTexts } from "./call_values.ts";
import { parseArguments } from "./repair.ts";
import { findTextCalls, type TextCall, type TextCalls } from "./text_calls.ts";
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
 * Takes thoughts and tool calls out of the text, mends names and arguments, gives calls the ids they
 * lack. A text may repeat the calls that are made; others beside them stay text. Arguments beyond
 * repair stay as they are: `parseArguments` says what is wrong with them.
 */
export function repairAnswer(
  answer: RawAnswer,
  tools: readonly ToolDefinition[],
  usedIds: ReadonlySet<string>,
): RepairedAnswer {
  const repairs: string[] = [];
  const split = splitThinking(answer.content);
  const found = findTextCalls(split.content, tools);
  const ids = new Set(usedIds);
  const finish = (content: string, calls: readonly ToolCall[]) => ({
    content,
    toolCalls: calls.map((call) => ({
      ...mendCall(call, tools, repairs),
      id: uniqueId(call.id, ids),
    })),
    thinking: split.thinking,
    repairs,
  });
  if (answer.toolCalls.length === 0) {
    if (!found) return finish(split.content, []);
    const names = found.calls.map(({ name }) => name).join(", ");
    repairs.push(`Read the call of ${names} from the answer's text (${found.shape})`);
    return finish(found.content, found.calls.map((call) => ({ ...call, id: "" })));
  }
  return finish(textBeside(answer.toolCalls, split.content, found, repairs), answer.toolCalls);
}

/** The text of an answer that makes calls: without a copy of them and without leftover tags. */
function textBeside(
  calls: readonly ToolCall[],
  content: string,
  found: TextCalls | null,
  repairs: string[],
): string {
  if (found?.calls.every((copy) => calls.some((call) => isSame(call, copy)))) {
    repairs.push(`Dropped a copy of the calls from the answer's text (${found.shape})`);
    return found.content;
  }
  const clean = withoutStrays(content);
  if (clean === content.trimEnd()) return content;
  repairs.push("Took leftover tags out of the answer's text");
  return clean;
}

function isSame(call: ToolCall, copy: TextCall): boolean {
  const [made, written] = [parseArguments(call.arguments), parseArguments(copy.arguments)];
  return withoutMarkup(call.name) === copy.name && made.ok && written.ok &&
    JSON.stringify(made.args) === JSON.stringify(written.args);
}

function mendCall(call: ToolCall, tools: readonly ToolDefinition[], repairs: string[]): ToolCall {
  const tool = findTool(call.name, tools);
  const name = tool?.name ?? withoutMarkup(call.name);
  if (name !== call.name) repairs.push(`Read the name "${call.name}" as "${name}"`);
  const parsed = parseArguments(call.arguments);
  if (!parsed.ok) return { ...call, name };
  if (parsed.repaired) repairs.push(`Mended the arguments of ${name}, which were not plain JSON`);
  const args = tool ? withTexts(parsed.args, tool) : parsed.args;
  if (args !== parsed.args) repairs.push(`Made text of the JSON that ${name} was given as text`);
  const isMended = parsed.repaired || args !== parsed.args;
  return { ...call, name, arguments: isMended ? JSON.stringify(args) : call.arguments };
}

/** Servers omit ids, repeat them within an answer, or begin anew with each answer. */
function uniqueId(id: string, used: Set<string>): string {
  const unique = id !== "" && !used.has(id)
    ? id
    : `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
  used.add(unique);
  return unique;
}
