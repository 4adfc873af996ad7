// Mends the JSON of tool calls. The only file that imports jsonrepair. Not here: finding calls in a
// text (`text_calls.ts`).
import { jsonrepair } from "jsonrepair";
import { isTextTooDeep, isTooDeep, MAX_DEPTH } from "../../schemas/depth.ts";
import { isMap, parseJson } from "./json_map.ts";
import { endsInsideString, readObjects, withoutLooseEscapes } from "./json_scan.ts";

/** Arguments of a call, or what is wrong with them, said to the model. */
export type ParsedArguments =
  | {
    readonly ok: true;
    readonly args: Record<string, unknown>;
    /** True if the text was not simply the JSON of an object. */
    readonly repaired: boolean;
  }
  | { readonly ok: false; readonly message: string };

/** Encodings inside each other that are still undone. */
const MAX_ENCODINGS = 3;
const QUOTED_CHARS = 80;

/**
 * Reads the arguments of a tool call: JSON of an object, or what local models make of it: encoded
 * twice, fenced, wrapped in a list, with comments, trailing commas, single quotes, raw line breaks
 * or missing brackets. Nothing at all counts as no arguments. Text that ends inside a string is
 * refused, since half a file must not be written as if it were whole. Never throws.
 */
export function parseArguments(text: string): ParsedArguments {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed === "null") return { ok: true, args: {}, repaired: false };
  if (isTextTooDeep(trimmed)) {
    const message =
      `The arguments are nested deeper than ${MAX_DEPTH} levels. Send them flat; long content goes into one text`;
    return { ok: false, message };
  }
  const exact = parseJson(trimmed);
  if (isMap(exact)) return { ok: true, args: exact, repaired: false };
  const mended = exact === undefined ? parseLenient(trimmed) : { ok: true as const, value: exact };
  if (!mended.ok) return mended;
  const args = unwrap(mended.value, MAX_ENCODINGS);
  if (args && !isTooDeep(args)) return { ok: true, args, repaired: true };
  return {
    ok: false,
    message:
      `The arguments must be one JSON object such as {"path":"@project/artifacts/a.md"}, not ${
        excerpt(trimmed)
      }`,
  };
}

/** JSON as models write it; see `parseArguments` for what is mended and refused. Never throws. */
export function parseLenient(
  text: string,
): { readonly ok: true; readonly value: unknown } | {
  readonly ok: false;
  readonly message: string;
} {
  const body = stripFence(text.trim());
  const exact = parseJson(body);
  if (exact !== undefined) return { ok: true, value: exact };
  const objects = readObjects(body);
  if (objects.length > 1) return oneOf(objects);
  if (endsInsideString(body)) {
    return {
      ok: false,
      message: `The arguments were cut off inside a text, behind ${
        excerpt(body.slice(-QUOTED_CHARS))
      }. Nothing was done. Send the call again, whole; write a long file in parts with mode "append"`,
    };
  }
  for (const candidate of [body, ...objects, withoutLooseEscapes(body)]) {
    const value = parseJson(mend(candidate));
    if (value !== undefined) return { ok: true, value };
  }
  return {
    ok: false,
    message: `The arguments are not JSON: ${excerpt(body)}. Send one JSON object`,
  };
}

/** A server that sends the same arguments twice means them once. */
function oneOf(objects: readonly string[]): ReturnType<typeof parseLenient> {
  const [first = ""] = objects;
  const value = parseJson(mend(first));
  if (value !== undefined && objects.every((text) => text === first)) return { ok: true, value };
  return {
    ok: false,
    message: `The arguments hold ${objects.length} JSON objects, ${
      excerpt(first)
    } and more. Call the tool once for each`,
  };
}

function unwrap(value: unknown, encodings: number): Record<string, unknown> | undefined {
  if (isMap(value)) return value;
  if (encodings === 0) return undefined;
  if (Array.isArray(value) && value.length === 1) return unwrap(value[0], encodings - 1);
  if (typeof value !== "string" || !/^\s*["{[`]/.test(value)) return undefined;
  const inner = parseLenient(value);
  return inner.ok ? unwrap(inner.value, encodings - 1) : undefined;
}

function mend(text: string): string {
  try {
    return jsonrepair(text);
  } catch {
    return "";
  }
}

/** Without a fence round it, or what a server left of one. */
function stripFence(text: string): string {
  const inside = /^```[\w-]*\s*\n([\s\S]*?)\n?```$/.exec(text)?.[1]?.trim() ?? text;
  return inside.replace(/^json\s+(?=[{[])/, "");
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return JSON.stringify(line.length > QUOTED_CHARS ? `${line.slice(0, QUOTED_CHARS)}…` : line);
}
