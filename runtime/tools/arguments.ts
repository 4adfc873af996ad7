// Checks the arguments of a call against the tool's parameters, and mends what models get wrong without
// harm: names in another spelling, numbers and booleans as text, one text for a list, JSON as text,
// null for "not given". Whatever stays wrong is named with its value and what would be right.
import { type ToolDefinition, type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import { toWireName } from "../../schemas/tool_names.ts";

/** Arguments as a model sent them. */
export type RawArguments = Readonly<Record<string, unknown>>;

/** Outcome of `readArguments`; values have the types that the parameters promise. */
export type ArgumentsResult =
  | { readonly ok: true; readonly values: Record<string, unknown> }
  | ToolFailure;

interface Parameter {
  /** Absent: any JSON. */
  readonly type?: "string" | "integer" | "boolean" | "array" | "object";
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, Parameter>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

/** Names that other agents' tools use, folded, and ours. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  path: ["file", "filepath", "filename", "targetfile", "folder", "directory", "dir"],
  content: ["contents", "text", "filetext"],
  oldText: ["oldstring", "oldstr"],
  newText: ["newstring", "newstr"],
  startLine: ["start", "fromline", "linestart"],
  endLine: ["end", "toline", "lineend"],
  pattern: ["regex", "regexp"],
  globs: ["glob", "include"],
  diff: ["unifieddiff"],
  nodeId: ["node", "currentnodeid"],
  next: ["nextnodeid", "nextnode"],
  options: ["choices"],
  startRow: ["start", "fromrow", "rowstart"],
  endRow: ["end", "torow", "rowend"],
  delimiter: ["separator", "sep"],
  code: ["script", "source", "javascript"],
  command: ["cmd", "argv"],
  timeoutSeconds: ["timeout"],
};

const MISSING = Symbol("no value that fits");

/** Reads arguments for a tool. Fails with `E_TOOL_ARGS`. */
export function readArguments(tool: ToolDefinition, args: RawArguments): ArgumentsResult {
  return readObject(
    tool.parameters as unknown as Parameter,
    args,
    (text) => `${toWireName(tool.name)}: ${text}`,
  );
}

function readObject(
  { properties = {}, required = [], additionalProperties }: Parameter,
  args: RawArguments,
  worded: (text: string) => string,
): ArgumentsResult {
  const values: Record<string, unknown> = {};
  for (const [key, raw] of Object.entries(args)) {
    const name = parameterFor(key, properties, args);
    const parameter = properties[name];
    if (raw === null || raw === undefined) continue;
    if (!parameter) {
      if (additionalProperties !== false) continue;
      const known = Object.keys(properties).join(", ");
      return argumentFailure(
        worded(`there is no parameter "${key}". The parameters are: ${known}`),
      );
    }
    const value = fit(parameter, raw);
    if (value === MISSING) {
      const needed = describe(parameter);
      return argumentFailure(worded(`"${name}" is ${show(raw)}, but has to be ${needed}`));
    }
    values[name] = value;
    if (parameter.properties) {
      const inner = readObject(
        parameter,
        value as RawArguments,
        (text) => worded(`in "${name}", ${text}`),
      );
      if (!inner.ok) return inner;
      values[name] = inner.values;
    }
  }
  const absent = required.find((name) => !(name in values));
  if (absent === undefined) return { ok: true, values };
  const needed = describe(properties[absent] ?? { type: "string" });
  return argumentFailure(worded(`"${absent}" is missing; it has to be ${needed}`));
}

/** A failure of arguments. */
export function argumentFailure(message: string): ToolFailure {
  return toolFailure("E_TOOL_ARGS", message);
}

/** A value as it may stand in a message. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** The parameter a key means; a name given in its own spelling wins over any alias. */
function parameterFor(
  key: string,
  properties: Readonly<Record<string, Parameter>>,
  args: RawArguments,
): string {
  if (Object.hasOwn(properties, key)) return key;
  const folded = fold(key);
  const name = Object.keys(properties).find((candidate) =>
    fold(candidate) === folded || ALIASES[candidate]?.includes(folded)
  );
  return name === undefined || Object.hasOwn(args, name) ? key : name;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** The value in the parameter's type, or `MISSING`. */
function fit(parameter: Parameter, raw: unknown): unknown {
  const value = convert(parameter.type, raw);
  if (typeof value === "string") {
    if (value.length < (parameter.minLength ?? 0)) return MISSING;
    if (parameter.enum && !parameter.enum.includes(value)) {
      return parameter.enum.find((choice) => fold(choice) === fold(value)) ?? MISSING;
    }
  }
  if (typeof value === "number") {
    const { minimum = -Infinity, maximum = Infinity } = parameter;
    if (value < minimum) return MISSING;
    return Math.min(value, maximum);
  }
  return value;
}

function convert(type: Parameter["type"], raw: unknown): unknown {
  switch (type) {
    case "string":
      return ["string", "number", "boolean"].includes(typeof raw) ? String(raw) : MISSING;
    case "integer": {
      const number = typeof raw === "string" && raw.trim() !== "" ? Number(raw) : raw;
      return Number.isSafeInteger(number) ? number : MISSING;
    }
    case "boolean":
      if (typeof raw === "boolean") return raw;
      return raw === "true" ? true : raw === "false" ? false : MISSING;
    case "array":
      return toTexts(raw);
    case undefined:
      return raw;
    case "object": {
      const value = typeof raw === "string" ? parseJson(raw) : raw;
      return typeof value === "object" && value !== null && !Array.isArray(value) ? value : MISSING;
    }
  }
}

function toTexts(raw: unknown): unknown {
  const parsed = typeof raw === "string" && raw.startsWith("[") ? parseJson(raw) ?? raw : raw;
  const items = Array.isArray(parsed) ? parsed : [parsed];
  const texts = items.map((item) => convert("string", item));
  return texts.includes(MISSING) ? MISSING : texts;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe({ type, enum: choices, minimum, minLength }: Parameter): string {
  if (choices) return `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`;
  if (type === "integer") {
    return minimum === undefined ? "a whole number" : `a whole number from ${minimum}`;
  }
  if (type === "string") return minLength ? "a text that is not empty" : "a text";
  if (type === "array") return "a list of texts";
  return type === "boolean" ? "true or false" : "an object";
}
