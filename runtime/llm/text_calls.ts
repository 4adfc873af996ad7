// Finds tool calls that a model wrote as text instead of making them. Pure. A call counts only if the
// tool is offered, so that JSON in an answer stays an answer.
import type { ToolDefinition } from "../../schemas/tool.ts";
import { type CallBody, openIfCut } from "./call_body.ts";
import { findTool } from "./call_name.ts";
import { CALL_SHAPES, type CallShape } from "./call_shapes.ts";
import { type CallSpan, MAX_CALLS, withoutSpans } from "./call_span.ts";
import { tidy } from "./call_strays.ts";
import { propertiesOf, withTypes } from "./call_values.ts";
import { isMap } from "./json_map.ts";
import { parseArguments } from "./repair.ts";

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

/**
 * Finds calls in an answer: tags and tokens of the families in `CALL_SHAPES` anywhere but in quoted
 * code; JSON and Python without them only as the whole answer or as a fence at its end. The shape
 * that begins first is read, since another one may be quoted inside it. Either every call of a shape
 * is of a tool that is offered, or the text stays as it is.
 * @returns `null` if there are none
 */
export function findTextCalls(
  content: string,
  tools: readonly ToolDefinition[],
): TextCalls | null {
  if (tools.length === 0) return null;
  for (const { shape, spans } of findPlaces(content)) {
    const bodies = spans.flatMap(({ body }) => shape.read(body.trim()));
    if (bodies.length === 0 || bodies.length > MAX_CALLS) continue;
    const calls = bodies.map((body) => toCall(body, tools, shape.marked));
    if (!calls.every((call) => call !== null)) continue;
    return { calls, content: tidy(withoutSpans(content, spans)), shape: shape.title };
  }
  return null;
}

interface Place {
  readonly shape: CallShape;
  readonly spans: readonly CallSpan[];
  readonly start: number;
}

function findPlaces(content: string): Place[] {
  return CALL_SHAPES.flatMap((shape) => {
    const spans = shape.find(content);
    const [first] = spans;
    return first && spans.length <= MAX_CALLS ? [{ shape, spans, start: first.start }] : [];
  }).toSorted((a, b) => a.start - b.start);
}

function toCall(body: CallBody, tools: readonly ToolDefinition[], marked: boolean) {
  const { name, args, cut } = body;
  if (typeof name !== "string") return null;
  const tool = findTool(name, tools);
  if (!tool || (!marked && (cut || !fits(args, tool)))) return null;
  return { name: tool.name, arguments: argumentText(body, tool) };
}

function argumentText({ args, untyped, cut }: CallBody, tool: ToolDefinition): string {
  if (typeof args === "string") return args;
  // Left open, so that the model is told the truth about it by whoever parses the arguments.
  if (cut) return leaveOpen(JSON.stringify(args));
  if (!untyped || !isMap(args)) return JSON.stringify(args ?? {});
  return JSON.stringify(withTypes(args, tool));
}

function leaveOpen(json: string): string {
  return json.endsWith('"}') ? json.slice(0, -2) : openIfCut(json.slice(0, -1));
}

function fits(written: unknown, tool: ToolDefinition): boolean {
  const parsed = typeof written === "string" ? parseArguments(written) : null;
  const args = parsed?.ok ? parsed.args : written;
  if (!isMap(args)) return false;
  const { required } = tool.parameters;
  return Object.keys(args).every((key) => Object.hasOwn(propertiesOf(tool), key)) &&
    (!Array.isArray(required) || required.every((key) => Object.hasOwn(args, String(key))));
}
