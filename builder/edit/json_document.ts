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
  const writer = new JsonWriter();
  writer.write(value, 0);
  writer.text("\n");
  const bytes = writer.bytes();
  // What was just written need not be parsed again; a large graph would take 3 ms.
  read.set(bytes, { value });
  return bytes;
}

/** Values up to this size are kept as they were written; larger ones are made of kept ones. */
const KEPT_BYTES = 2048;

/** A node's or edge's depth is 2, that of its position 3: what is deeper is written as a whole. */
const PARTS_DEPTH = 3;

/** By depth, since that is how far a value is indented. */
const kept = Array.from({ length: PARTS_DEPTH + 1 }, () => new WeakMap<object, Uint8Array>());

/**
 * Writes what `JSON.stringify(value, null, 2)` does, with the bytes of values that were written before:
 * of 2,500 nodes and edges an edit changes one or two.
 */
class JsonWriter {
  /** Shared by all, since none waits while it writes: a new one of 400 KB per edit would be garbage. */
  static #buffer = new Uint8Array(1 << 16);
  #length = 0;

  bytes(): Uint8Array {
    return JsonWriter.#buffer.slice(0, this.#length);
  }

  text(text: string): void {
    // A character takes at most three bytes.
    this.#makeRoom(text.length * 3);
    const buffer = JsonWriter.#buffer;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f || index > SHORT_CHARS) {
        const rest = buffer.subarray(this.#length);
        this.#length += encoder.encodeInto(text.slice(index), rest).written;
        return;
      }
      buffer[this.#length++] = code;
    }
  }

  /** `depth` is 0 for the document itself. */
  write(value: unknown, depth: number): void {
    if (typeof value !== "object" || value === null) return this.text(JSON.stringify(value));
    const known = kept[depth]?.get(value);
    if (known) return this.#copy(known);
    const start = this.#length;
    if (depth >= PARTS_DEPTH) this.#whole(value, depth);
    else if (Array.isArray(value)) this.#list(value, depth);
    else this.#object(value, depth);
    if (this.#length - start > KEPT_BYTES) return;
    kept[depth]?.set(value, JsonWriter.#buffer.slice(start, this.#length));
  }

  #whole(value: object, depth: number): void {
    this.text(JSON.stringify(value, null, 2).replaceAll("\n", lineAt(depth)));
  }

  #list(items: readonly unknown[], depth: number): void {
    if (items.length === 0) return this.text("[]");
    const line = lineAt(depth + 1);
    let opening = `[${line}`;
    for (const item of items) {
      this.text(opening);
      this.write(item ?? null, depth + 1);
      opening = `,${line}`;
    }
    this.text(`${lineAt(depth)}]`);
  }

  #object(value: object, depth: number): void {
    const line = lineAt(depth + 1);
    let opening = `{${line}`;
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      this.text(opening);
      this.text(JSON.stringify(key));
      this.text(": ");
      this.write(item, depth + 1);
      opening = `,${line}`;
    }
    this.text(opening.startsWith("{") ? "{}" : `${lineAt(depth)}}`);
  }

  #copy(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    JsonWriter.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #makeRoom(bytes: number): void {
    const wanted = this.#length + bytes;
    if (wanted <= JsonWriter.#buffer.length) return;
    const larger = new Uint8Array(wanted * 2);
    larger.set(JsonWriter.#buffer);
    JsonWriter.#buffer = larger;
  }
}

/** Up to here a loop is faster than a call of the encoder. */
const SHORT_CHARS = 64;

function lineAt(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
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
