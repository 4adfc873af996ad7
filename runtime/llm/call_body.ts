// Reads what stands inside a call that was written as text: JSON, or the tags of Qwen and GLM. Pure.
// Not here: where such calls stand and whether they count (`text_calls.ts`), shapes of single families
// (the other files named `call_`).
import { MAX_CALLS } from "./call_span.ts";
import { isMap } from "./json_map.ts";
import { endOfValue, endsInsideString } from "./json_scan.ts";
import { parseLenient } from "./repair.ts";

/** A call as it was written; without a name it is none. */
export interface CallBody {
  readonly name: unknown;
  /** A map, or JSON text; that of a call which was cut off stays open. */
  readonly args: unknown;
  /** The values are plain text whose type only the tool's schema knows. */
  readonly untyped?: boolean;
  /** The text ended before the call did. */
  readonly cut?: boolean;
}

const NO_CALL: CallBody = { name: undefined, args: undefined };

/** The inside of a tag: JSON, `<function=name>…</function>`, or a name with arg_key and arg_value. */
export function readTagged(body: string): CallBody[] {
  // Tags inside JSON are part of a text.
  if (/^[{[]/.test(body)) return readJsonCalls(body);
  const functions = [...body.matchAll(FUNCTIONS)];
  if (functions.length > 0) {
    return functions.map(([, name, inner = "", end]) => ({
      name,
      ...readPairs(inner, PARAMETERS, end !== ""),
    }));
  }
  const keyed = /^([\w.:-]+)\s*(<arg_key>[\s\S]*)$/.exec(body);
  if (keyed) return [{ name: keyed[1], ...readPairs(keyed[2] ?? "", ARGUMENT_PAIRS, false) }];
  const alone = /^([\w.:-]+)\s*(?:<\/arg_\w+>)?$/.exec(body);
  return alone ? [{ name: alone[1], args: {} }] : readJsonCalls(body);
}

/** Qwen and Llama; some leave out the `>` before JSON. */
const FUNCTIONS =
  /<function(?:=|\s+name=")([^>\s{"]{1,80})"?(?:>|(?=\{))([\s\S]*?)(<\/function>|(?=<function=)|$)/g;
/** Qwen. An end tag counts if a parameter or nothing follows; where one does, it may be missing. */
const PARAMETERS =
  /<parameter(?:=|\s+name=")([^>\s=<"]{1,80})"?[>=]\n?([\s\S]*?)\n?(<\/parameter>(?=\s*(?:<parameter[= ]|$))|(?=<parameter[= ])|$)/g;
/** GLM; it forgets tags between key and value. */
const ARGUMENT_PAIRS =
  /<arg_key>([^<]{1,80})<\/arg_key>\s*(?:<arg_value>)?\n?([\s\S]*?)\n?(<\/arg_value>|(?=<arg_key>)|$)/g;

function readPairs(text: string, pattern: RegExp, closed: boolean): Omit<CallBody, "name"> {
  const pairs = [...text.matchAll(pattern)];
  if (pairs.length === 0) return { args: openIfCut(text.trim()) };
  const args = Object.fromEntries(pairs.map(([, key = "", value = ""]) => [key.trim(), value]));
  const last = pairs.at(-1);
  const behind = text.slice((last?.index ?? 0) + (last?.[0].length ?? 0));
  // Who closes one value closes all: the end of the function then stood inside the last one.
  const closing = pairs.map(([, , , end]) => end !== "");
  const isLastOpen = closing.at(-1) === false && (!closed || closing.includes(true));
  return { args, untyped: true, cut: isLastOpen || (!closed && /^\s*</.test(behind)) };
}

/** `[{…}, {…}]` of older, `name[ARGS]{…}` or `name{…}` of newer Mistral models. */
export function readMistral(body: string): CallBody[] {
  const named = /^([\w.-]+)\s*(?:\[CALL_ID\][\w-]*\s*)?(?:\[ARGS\])?\s*(\{[\s\S]*)$/.exec(body);
  return named ? [{ name: named[1], args: openIfCut(named[2] ?? "") }] : readJsonCalls(body);
}

/** One call, a list of calls, or several behind each other with `;`, `,` or nothing between. */
export function readJsonCalls(body: string): CallBody[] {
  // A list that is never closed is read like calls behind each other.
  const text = isOpen(body) ? body.replace(/^[[\s]+/, "") : body;
  return splitValues(text).flatMap((value) => {
    if (isOpen(value)) return [readOpenCall(value)];
    const parsed = parseLenient(value);
    return parsed.ok ? readCalls(parsed.value) : [NO_CALL];
  });
}

/**
 * Arguments as JSON text. Those that are not closed end inside a string afterwards, so that whoever
 * parses them says that they were cut off, and nothing is done with half of them.
 */
export function openIfCut(text: string): string {
  const start = text.indexOf("{");
  if (start < 0 || endOfValue(text, start) >= 0 || endsInsideString(text)) return text;
  return `${text} "`;
}

/** A call whose JSON is never closed; it is whole if its arguments are. */
function readOpenCall(text: string): CallBody {
  const name = /"(?:name|tool|tool_name)"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  const key = /"(?:arguments|parameters|args)"\s*:\s*/.exec(text);
  const args = key ? text.slice(key.index + key[0].length) : "";
  if (!args.startsWith("{")) return { name, args: openIfCut("{") };
  if (endOfValue(args, 0) < 0) return { name, args: openIfCut(args) };
  const parsed = parseLenient(text);
  return parsed.ok ? readCall(parsed.value) : NO_CALL;
}

function isOpen(text: string): boolean {
  return /^[{[]/.test(text) && endOfValue(text, 0) < 0;
}

function splitValues(body: string): string[] {
  const values: string[] = [];
  let rest = body.trim();
  while (/^[{[]/.test(rest) && values.length <= MAX_CALLS) {
    const end = endOfValue(rest, 0);
    if (end < 0) return [...values, rest];
    values.push(rest.slice(0, end));
    rest = rest.slice(end).replace(/^[\s;,]+/, "");
  }
  return rest === "" ? values : [...values, rest];
}

const NAMES = ["name", "tool", "tool_name", "function", "action", "method"];
const ARGUMENTS = ["arguments", "parameters", "args", "input", "action_input", "params"];
/** What may stand beside name and arguments. */
const ASIDES = new Set([...NAMES, ...ARGUMENTS, "id", "type", "tool_call_id", "jsonrpc"]);

/** Some wrap their calls as the protocol does: `{"tool_calls":[…]}`. */
function readCalls(value: unknown): CallBody[] {
  const list = isMap(value) ? value.tool_calls ?? value : value;
  return (Array.isArray(list) ? list : [list]).map(readCall);
}

/** Arguments without a key of their own are whatever stands beside the name. */
function readCall(value: unknown): CallBody {
  if (!isMap(value)) return NO_CALL;
  const call = isMap(value.function) ? { ...value, ...value.function } : value;
  const name = NAMES.map((key) => call[key]).find((found) => typeof found === "string");
  const args = ARGUMENTS.map((key) => call[key]).find((found) => found !== undefined);
  if (args !== undefined) return { name, args };
  const beside = Object.entries(call).filter(([key]) => !ASIDES.has(key));
  return { name, args: Object.fromEntries(beside) };
}
