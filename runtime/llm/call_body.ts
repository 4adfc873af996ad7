// Reads what stands inside a call that was written as text: JSON or tags. Pure. Not here: where such
// calls stand and whether they count (`text_calls.ts`).
import { isMap } from "./json_map.ts";
import { endOfValue } from "./json_scan.ts";
import { parseLenient } from "./repair.ts";

/** A call as it was written; without a name it is none. */
export interface CallBody {
  readonly name: unknown;
  /** A map, or JSON text. */
  readonly args: unknown;
  /** The values are plain text whose type only the tool's schema knows. */
  readonly untyped?: boolean;
  /** The text ended before the last value was closed. */
  readonly cut?: boolean;
}

/** The inside of a tag: JSON, `<function=name>…</function>`, or a name with arg_key and arg_value. */
export function readTagged(body: string): CallBody[] {
  const functions = [...body.matchAll(/<function=([^>\s]{1,80})>([\s\S]*?)(<\/function>|$)/g)];
  if (functions.length > 0) {
    return functions.map(([, name, inner = "", end]) => ({
      name,
      ...readPairs(inner, PARAMETERS, end !== ""),
    }));
  }
  const keyed = /^([\w.-]+)\s*(<arg_key>[\s\S]*)$/.exec(body);
  if (keyed) return [{ name: keyed[1], ...readPairs(keyed[2] ?? "", ARGUMENT_PAIRS, false) }];
  return readJsonCalls(body);
}

/** Qwen. A parameter may lack its end tag if another one, or the end of the function, follows. */
const PARAMETERS =
  /<parameter=([^>\s]{1,80})>\n?([\s\S]*?)\n?(<\/parameter>|(?=<parameter=)|(?=<\/function>)|$)/g;
/** GLM. */
const ARGUMENT_PAIRS =
  /<arg_key>([\s\S]*?)<\/arg_key>\s*<arg_value>\n?([\s\S]*?)\n?(<\/arg_value>|$)/g;

function readPairs(text: string, pattern: RegExp, closed: boolean): Omit<CallBody, "name"> {
  const pairs = [...text.matchAll(pattern)];
  if (pairs.length === 0) return { args: text.trim() };
  const args = Object.fromEntries(pairs.map(([, key = "", value = ""]) => [key.trim(), value]));
  return { args, untyped: true, cut: !closed && pairs.at(-1)?.[3] === "" };
}

/** `[{…}, {…}]` of older, `name[ARGS]{…}` or `name{…}` of newer Mistral models. */
export function readMistral(body: string): CallBody[] {
  const named = /^([\w.-]+)\s*(?:\[CALL_ID\][\w-]*\s*)?(?:\[ARGS\])?\s*(\{[\s\S]*)$/.exec(body);
  return named ? [{ name: named[1], args: named[2] }] : readJsonCalls(body);
}

/** One call, a list of calls, or several behind each other with `;`, `,` or nothing between. */
export function readJsonCalls(body: string): CallBody[] {
  return splitValues(body).flatMap((text) => {
    const parsed = parseLenient(text);
    if (!parsed.ok) return [readBrokenCall(text)];
    return (Array.isArray(parsed.value) ? parsed.value : [parsed.value]).map(readCall);
  });
}

/** Name and arguments of a call that was cut off; without both it is no call. */
function readBrokenCall(text: string): CallBody {
  const name = /"(?:name|tool)"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  return { name, args: /"(?:arguments|parameters|args)"\s*:\s*(\{[\s\S]*)$/.exec(text)?.[1] };
}

function splitValues(body: string): string[] {
  const values: string[] = [];
  let rest = body.trim();
  while (/^[{[]/.test(rest)) {
    const end = endOfValue(rest, 0);
    if (end < 0) return [...values, rest];
    values.push(rest.slice(0, end));
    rest = rest.slice(end).replace(/^[\s;,]+/, "");
  }
  return rest === "" ? values : [...values, rest];
}

function readCall(value: unknown): CallBody {
  if (!isMap(value)) return { name: undefined, args: undefined };
  const call = isMap(value.function) ? value.function : value;
  return {
    name: call.name ?? call.tool ?? call.tool_name ?? call.function ?? call.action,
    args: call.arguments ?? call.parameters ?? call.args ?? call.input ?? call.action_input ?? {},
  };
}
