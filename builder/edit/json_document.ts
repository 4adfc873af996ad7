// JSON documents of a package as plain values that are never changed: read once, written in one
// format, keys where they were. Not here: what the documents mean.
import { isRecord } from "../../schemas/record.ts";

/** A JSON object as it stands in a file, unknown keys included. */
export type JsonObject = Readonly<Record<string, unknown>>;

const read = new WeakMap<Uint8Array, { readonly value: unknown }>();
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The object in a JSON file; `undefined` if it does not parse or is no object. */
export function readJsonObject(bytes: Uint8Array | undefined): JsonObject | undefined {
  if (bytes === undefined) return undefined;
  let known = read.get(bytes);
  if (known === undefined) {
    known = { value: parsed(decoder.decode(bytes)) };
    read.set(bytes, known);
  }
  return isRecord(known.value) ? known.value : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The file of a JSON value: two spaces, a newline at the end. It may not be changed afterwards. */
export function writeJsonObject(value: JsonObject): Uint8Array {
  const bytes = encoder.encode(`${textOfObject(value)}\n`);
  // What was just written need not be parsed again; a large graph would take 3 ms.
  read.set(bytes, { value });
  return bytes;
}

/**
 * `JSON.stringify(value, null, 2)`, with the texts of list items and members kept from the last
 * time: of 2,500 nodes and edges an edit changes one or two.
 */
function textOfObject(value: JsonObject): string {
  const members = Object.entries(value).flatMap(([key, item]) => {
    const text = Array.isArray(item) ? textOfList(item) : textOf(item, "  ", texts.inObject);
    return text === undefined ? [] : [`  ${JSON.stringify(key)}: ${text}`];
  });
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n}`;
}

const texts = { inList: new WeakMap<object, string>(), inObject: new WeakMap<object, string>() };

function textOfList(items: readonly unknown[]): string {
  if (items.length === 0) return "[]";
  const all = items.map((item) => textOf(item, "    ", texts.inList) ?? "null");
  return `[\n    ${all.join(",\n    ")}\n  ]`;
}

function textOf(
  value: unknown,
  indent: string,
  known: WeakMap<object, string>,
): string | undefined {
  const kept = isRecord(value) ? known.get(value) : undefined;
  if (kept !== undefined) return kept;
  const plain = JSON.stringify(value, null, 2) as string | undefined;
  const text = plain?.replaceAll("\n", `\n${indent}`);
  if (isRecord(value) && text !== undefined) known.set(value, text);
  return text;
}

/**
 * The object with some keys changed: an old key keeps its place, a new one comes where `order` has it,
 * `undefined` removes.
 */
export function withKeys(
  object: JsonObject,
  changes: JsonObject,
  order: readonly string[] = [],
): JsonObject {
  const entries = Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
    if (!Object.hasOwn(changes, key)) return [[key, value]];
    return changes[key] === undefined ? [] : [[key, changes[key]]];
  });
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined || Object.hasOwn(object, key)) continue;
    entries.splice(placeOf(key, entries.map(([name]) => name), order), 0, [key, value]);
  }
  return Object.fromEntries(entries);
}

/** Behind the last key that comes before it in the order; at the end if the order does not know it. */
function placeOf(key: string, keys: readonly string[], order: readonly string[]): number {
  const rank = order.indexOf(key);
  if (rank === -1) return keys.length;
  const before = new Set(order.slice(0, rank));
  return keys.findLastIndex((name) => before.has(name)) + 1;
}

/** Whether two JSON values are the same; the order of keys counts. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** The object at a key, or an empty one. */
export function objectAt(object: JsonObject | undefined, key: string): JsonObject {
  const value = object && Object.hasOwn(object, key) ? object[key] : undefined;
  return isRecord(value) ? value : {};
}

/** The text at a key; empty if there is none. */
export function textAt(object: JsonObject, key: string): string {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return typeof value === "string" ? value : "";
}

/** The objects in the list at a key; what is no object is left out. */
export function objectsAt(object: JsonObject | undefined, key: string): JsonObject[] {
  const value = object && Object.hasOwn(object, key) ? object[key] : undefined;
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
