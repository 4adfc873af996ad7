// Markdown files with front matter, read once each, and changed so that all else stays. A change is
// read back: where anchors or odd YAML would have carried it elsewhere, the map is written anew.
import {
  type FrontMatter,
  type FrontMatterChange,
  type FrontMatterResult,
  readFrontMatter,
  writeFrontMatter,
} from "../../schemas/front_matter.ts";
import { isSameJson, type JsonObject } from "./json_document.ts";
import { refused } from "./refusal.ts";

/** A Markdown file as text and in parts. */
export interface MarkdownFile {
  readonly text: string;
  readonly frontMatter: FrontMatter;
}

const encoder = new TextEncoder();
const read = new WeakMap<
  Uint8Array,
  { readonly text: string; readonly result: FrontMatterResult }
>();

/** The file; `undefined` if it is missing, no UTF-8 or its front matter does not parse. */
export function readMarkdown(bytes: Uint8Array | undefined): MarkdownFile | undefined {
  const known = bytes && readOnce(bytes);
  return known?.result.ok ? { text: known.text, frontMatter: known.result.value } : undefined;
}

/** The file. @throws AppError `EDIT_REFUSED` with line and column if it cannot be read */
export function editableMarkdown(bytes: Uint8Array | undefined, path: string): MarkdownFile {
  const known = bytes && readOnce(bytes);
  if (!known) throw refused(`The file "${path}" is missing; add it before it is changed`);
  if (known.result.ok) return { text: known.text, frontMatter: known.result.value };
  const { message, line, column } = known.result.problem;
  throw refused(
    `The file "${path}" cannot be read at line ${line}, column ${column}: ${message}. ` +
      "Mend it as raw text first",
    { path, line, column },
  );
}

function readOnce(bytes: Uint8Array): { text: string; result: FrontMatterResult } {
  let known = read.get(bytes);
  if (known === undefined) {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    known = { text, result: readFrontMatter(text) };
    read.set(bytes, known);
  }
  return known;
}

/** Key → new value, `undefined` removes. Only top keys. */
export function withFrontMatter(
  file: MarkdownFile,
  changes: JsonObject,
  order: readonly string[],
): MarkdownFile {
  const { data } = file.frontMatter;
  const real = Object.entries(changes).filter(([key, value]) =>
    !isSameJson(Object.hasOwn(data, key) ? data[key] : undefined, value)
  );
  if (real.length === 0) return file;
  const wanted = new Map(Object.entries(data));
  for (const [key, value] of real) {
    if (value === undefined) wanted.delete(key);
    else wanted.set(key, value);
  }
  const text = file.frontMatter.withChanges(
    real.map(([key, value]) => changeOf(key, value, order)),
  );
  const changed = readFrontMatter(text);
  if (changed.ok && isSameMap(changed.value.data, wanted)) {
    return { text, frontMatter: changed.value };
  }
  const anew = writeFrontMatter(Object.fromEntries(wanted), file.frontMatter.body);
  const reread = readFrontMatter(anew);
  if (reread.ok) return { text: anew, frontMatter: reread.value };
  throw refused(`The front matter cannot be written: ${reread.problem.message}`);
}

function changeOf(key: string, value: unknown, order: readonly string[]): FrontMatterChange {
  if (value === undefined) return { path: [key], remove: true };
  const rank = order.indexOf(key);
  return { path: [key], set: value, behind: rank === -1 ? [] : order.slice(0, rank) };
}

function isSameMap(data: JsonObject, wanted: ReadonlyMap<string, unknown>): boolean {
  const entries = Object.entries(data);
  return entries.length === wanted.size &&
    entries.every(([key, value]) => isSameJson(value, wanted.get(key)));
}

/** The same file with another body. */
export function withBody(file: MarkdownFile, body: string): MarkdownFile {
  if (body === file.frontMatter.body) return file;
  const text = file.text.slice(0, file.text.length - file.frontMatter.body.length) + body;
  const read = readFrontMatter(text);
  if (read.ok) return { text, frontMatter: read.value };
  throw refused(`The text cannot be written: ${read.problem.message}`);
}

/** The bytes of a text. */
export function encoded(text: string): Uint8Array {
  return encoder.encode(text);
}
