// Reads calls in Python, as Llama, LFM2 and Gemma write them: `[fs_read(path="a.md"), fs_list()]`. Pure.
// It reads calls with literals by name and nothing else; what it cannot read is no call.
import type { CallBody } from "./call_body.ts";
import { matchFrom } from "./call_span.ts";
import { parseLenient } from "./repair.ts";

const STRING = /("""|'''|"|')/y;
const ARGUMENT = /\s*([A-Za-z_]\w{0,79})\s*=\s*/y;
const CALL = /[\s,;]*(?:print\s*\(\s*)?(?:default_api\.)?([A-Za-z_][\w.-]{0,79})\s*\(/y;
const END_OF_CALL = /\s*,?\s*\)(?:\s*\))?/y;

/** A list of calls, or one in each line; nothing if anything else stands there. */
export function readPython(body: string): CallBody[] {
  const text = body.replace(/^\[/, "");
  const calls: CallBody[] = [];
  let at = 0;
  for (let head = matchFrom(CALL, text, at); head; head = matchFrom(CALL, text, at)) {
    const read = readArguments(text, at + head[0].length);
    if (!read) return [];
    const name = (head[1] ?? "").replace(/\.call$/, "");
    calls.push({ name, args: read.args, cut: read.end < 0 });
    if (read.end < 0) return calls;
    at = read.end;
  }
  return /^\s*\]?$/.test(text.slice(at)) ? calls : [];
}

/** The arguments and the index behind the call; -1 if the text ends before. */
function readArguments(text: string, start: number) {
  const args: Record<string, unknown> = {};
  let at = start;
  for (let key = matchFrom(ARGUMENT, text, at); key; key = matchFrom(ARGUMENT, text, at)) {
    const value = readValue(text, at + key[0].length);
    if (!value) return null;
    args[key[1] ?? ""] = value.value;
    if (value.end < 0) return { args, end: -1 };
    at = value.end;
    if (text[at] === ",") at += 1;
  }
  if (text.slice(at, at + 1_000).trim() === "") return { args, end: -1 };
  const end = matchFrom(END_OF_CALL, text, at);
  return end ? { args, end: at + end[0].length } : null;
}

function readValue(text: string, start: number): { value: unknown; end: number } | null {
  const quote = matchFrom(STRING, text, start);
  if (quote) {
    const from = start + quote[0].length;
    const end = endOfString(text, from, quote[1] ?? "");
    if (end < 0) return { value: unescape(text.slice(from)), end };
    const value = unescape(text.slice(from, end));
    return { value, end: end + (quote[1] ?? "").length };
  }
  const end = endOfLiteral(text, start);
  if (end < 0) return { value: text.slice(start), end };
  const parsed = parseLenient(text.slice(start, end).trim());
  return parsed.ok ? { value: parsed.value, end } : null;
}

function endOfString(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text.startsWith(quote, at)) return at;
  }
  return -1;
}

/** The comma or bracket behind a number, word, list or dict. */
function endOfLiteral(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === '"' || char === "'") {
      const end = endOfString(text, at + 1, char);
      if (end < 0) return -1;
      at = end;
    } else if (depth === 0 && (char === "," || char === ")")) return at;
    else if ("[{(".includes(char)) depth += 1;
    else if ("]})".includes(char)) depth -= 1;
  }
  return -1;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\n": "" };

function unescape(text: string): string {
  return text.replace(/\\([ntr\n\\'"])/g, (_, char: string) => ESCAPES[char] ?? char);
}
