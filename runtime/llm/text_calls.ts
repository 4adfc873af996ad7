// Finds tool calls that a model wrote as text instead of making them. Pure. A call counts only if the
// tool is offered, so that JSON in an answer stays an answer.
import type { ToolDefinition } from "../../schemas/tool.ts";
import { type CallBody, readJsonCalls, readMistral, readTagged } from "./call_body.ts";
import { isMap, parseJson } from "./json_map.ts";

/** A call found in a text; `arguments` is JSON text. */
export interface TextCall {
  readonly name: string;
  readonly arguments: string;
}

/** What was found, the text that is left, and the shape the calls had, in words. */
export interface TextCalls {
  readonly calls: readonly TextCall[];
  readonly content: string;
  readonly shape: string;
}

interface Shape {
  readonly title: string;
  /** The places where calls stand, and the text without them; `null` if there are none. */
  find(content: string): { readonly bodies: readonly string[]; readonly rest: string } | null;
  /** Without a marker of its own a shape counts only if the arguments fit the tool's schema. */
  readonly marked: boolean;
  read(body: string): CallBody[];
}

const SHAPES: readonly Shape[] = [
  {
    title: "<tool_call>",
    find: byPattern(/<tool_calls?>([\s\S]*?)(?:<\/tool_calls?>|(?=<tool_call>)|$)/g),
    marked: true,
    read: readTagged,
  },
  {
    title: "<function=…>",
    find: byPattern(/(<function=[\s\S]*?(?:<\/function>|$))/g),
    marked: true,
    read: readTagged,
  },
  {
    title: "[TOOL_CALLS]",
    find: byPattern(/\[TOOL_CALLS\]([\s\S]*?)(?=\[TOOL_CALLS\]|$)/g),
    marked: true,
    read: readMistral,
  },
  {
    title: "<|python_tag|>",
    find: byPattern(
      /<\|python_tag\|>([\s\S]*?)(?:<\|(?:eom_id|eot_id)\|>|(?=<\|python_tag\|>)|$)/g,
    ),
    marked: true,
    read: readJsonCalls,
  },
  { title: "fenced JSON", find: findClosingFences, marked: false, read: readJsonCalls },
  {
    title: "bare JSON",
    find: (content) => /^\s*[{[]/.test(content) ? { bodies: [content], rest: "" } : null,
    marked: false,
    read: readJsonCalls,
  },
];

/**
 * Finds calls in an answer: tags of Qwen, Hermes, Llama and Mistral anywhere; JSON without a tag only
 * as the whole answer or as a fence at its end. Either every call of a shape is of a tool that is
 * offered, or the text stays as it is.
 * @returns `null` if there are none
 */
export function findTextCalls(
  content: string,
  tools: readonly ToolDefinition[],
): TextCalls | null {
  for (const shape of SHAPES) {
    const found = shape.find(content);
    const candidates = found?.bodies.flatMap((body) => shape.read(body.trim())) ?? [];
    const calls = candidates.map((candidate) => toCall(candidate, tools, shape.marked));
    if (!found || calls.length === 0 || !calls.every((call) => call !== null)) continue;
    return { calls, content: found.rest.trim(), shape: shape.title };
  }
  return null;
}

/** Group 1 of each match is a body. */
function byPattern(pattern: RegExp): Shape["find"] {
  return (content) => {
    const bodies = Array.from(content.matchAll(pattern), ([, body = ""]) => body);
    return { bodies, rest: content.replace(pattern, "") };
  };
}

/** The first fence that may hold JSON, if the text ends with a fence too, and those between. */
function findClosingFences(content: string): ReturnType<Shape["find"]> {
  const opening = /(?:^|\n)```(?:json|tool_call|tool_code)?[ \t]*\n/.exec(content);
  const text = content.trimEnd();
  if (!opening || !text.endsWith("```")) return null;
  const inside = text.slice(opening.index + opening[0].length, -3);
  const bodies = inside.split(/```\n{1,3}```(?:json|tool_call|tool_code)?[ \t]*\n/);
  return { bodies, rest: text.slice(0, opening.index) };
}

function toCall(candidate: CallBody, tools: readonly ToolDefinition[], marked: boolean) {
  const { name, args } = candidate;
  if (typeof name !== "string") return null;
  const tool = tools.find((offered) => plainName(offered.name) === plainName(name));
  if (!tool || (!marked && !fits(args, tool))) return null;
  return { name: tool.name, arguments: argumentText(candidate, tool) };
}

function argumentText({ args, untyped, cut }: CallBody, tool: ToolDefinition): string {
  if (typeof args === "string") return args;
  // Left open, so that the model is told the truth about it by whoever parses the arguments.
  if (cut) return JSON.stringify(args).slice(0, -2);
  if (!untyped || !isMap(args)) return JSON.stringify(args ?? {});
  const properties = propertiesOf(tool);
  return JSON.stringify(Object.fromEntries(
    Object.entries(args).map(([key, text]) => {
      const property = properties[key];
      const isText = isMap(property) && property.type === "string";
      return [key, isText ? text : readValue(String(text))];
    }),
  ));
}

function propertiesOf({ parameters }: ToolDefinition): Record<string, unknown> {
  return isMap(parameters.properties) ? parameters.properties : {};
}

/** `functions.fs.read`, `fs-read` and `FS_READ` all mean `fs_read`. */
function plainName(name: string): string {
  return name.trim().toLowerCase().replace(/^(functions?|tools?)[.:]/, "").replace(
    /[^a-z0-9]/g,
    "_",
  );
}

function fits(args: unknown, tool: ToolDefinition): boolean {
  if (!isMap(args)) return false;
  const { required } = tool.parameters;
  return Object.keys(args).every((key) => Object.hasOwn(propertiesOf(tool), key)) &&
    (!Array.isArray(required) || required.every((key) => Object.hasOwn(args, String(key))));
}

/** What reads as a number, boolean, list or object is one. */
function readValue(text: string): unknown {
  if (!/^\s*(?:[[{]|-?\d+(?:\.\d+)?\s*$|(?:true|false|null)\s*$)/.test(text)) return text;
  const value = parseJson(text);
  return value === undefined ? text : value;
}
