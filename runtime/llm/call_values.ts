// Gives the values of arguments the types that a tool's schema promises, where a model or a server has
// lost them. Pure. Not here: checking arguments (`runtime/tools/arguments.ts`).
import type { ToolDefinition } from "../../schemas/tool.ts";
import { isMap } from "./json_map.ts";
import { parseLenient } from "./repair.ts";

/** The properties that a tool's schema names. */
export function propertiesOf({ parameters }: ToolDefinition): Record<string, unknown> {
  return isMap(parameters.properties) ? parameters.properties : {};
}

/** Values from plain text: a text where the schema wants one, else what the text reads as. */
export function withTypes(
  args: Readonly<Record<string, unknown>>,
  tool: ToolDefinition,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map((
      [key, text],
    ) => [key, isText(tool, key) ? text : readValue(String(text))]),
  );
}

/**
 * Servers read the JSON that is meant as a file's text and send the object. It becomes text again.
 * @returns `args` itself if there is none
 */
export function withTexts(
  args: Record<string, unknown>,
  tool: ToolDefinition,
): Record<string, unknown> {
  const objects = Object.entries(args).filter(([key, value]) =>
    typeof value === "object" && value !== null && isText(tool, key)
  );
  if (objects.length === 0) return args;
  const texts = objects.map(([key, value]) => [key, JSON.stringify(value, null, 2)]);
  return { ...args, ...Object.fromEntries(texts) };
}

function isText(tool: ToolDefinition, key: string): boolean {
  const property = propertiesOf(tool)[key];
  return isMap(property) && property.type === "string";
}

/** What reads as a number, a word of JSON or Python, a list or an object is one. */
function readValue(text: string): unknown {
  if (!/^\s*(?:[[{]|-?\d+(?:\.\d+)?\s*$|(?:true|false|null|none)\s*$)/i.test(text)) return text;
  const value = parseLenient(text);
  return value.ok ? value.value : text;
}
