// Texts of the kinds that stand in prompts, most of them out of the repository itself. Numbers and
// tables, of which it has none, are made here, the same each time.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { TOOL_DEFINITIONS } from "../../../runtime/tools/definitions.ts";
import { SCRIPTS } from "./scripts.ts";

/** A text of one kind. */
export interface Sample {
  readonly kind: string;
  readonly text: string;
}

const root = new URL("../../../", import.meta.url);
const SAMPLE_CHARS = 1200;
const SAMPLES_OF_A_KIND = 6;

/** Some samples of each kind. */
export function makeSamples(): readonly Sample[] {
  const kinds: Record<string, readonly string[]> = {
    "English Markdown": read("examples", ".md"),
    "English prose": [...read("docs", ".md"), ...read(".", "README.md")].map(withoutMarkup),
    "TypeScript": read("runtime", ".ts"),
    "JSON, indented": read("examples", ".json"),
    "JSON Schema, compact": read("schemas", ".json").map(compact),
    "tool definitions": [JSON.stringify(TOOL_DEFINITIONS)],
    "tool result, file inside JSON": read("runtime", ".ts").map(toolResult),
    "minified code": read("runtime", ".ts").map(minified),
    "CSV": [makeTable(60, 11)],
    "long numbers": [makeNumbers(900)],
    "sha256 list": [makeHashes(120)],
    "base64": [Buffer.concat([...Array(60).keys()].map(digest)).toString("base64").repeat(4)],
    ...SCRIPTS,
  };
  return Object.entries(kinds).flatMap(([kind, texts]) =>
    cut(texts).map((text) => ({ kind, text }))
  );
}

/** Pieces of equal length, spread evenly over the texts. */
function cut(texts: readonly string[]): string[] {
  const whole = texts.join("\n");
  const length = Math.min(SAMPLE_CHARS, Math.ceil(whole.length / 2));
  const pieces = Math.min(SAMPLES_OF_A_KIND, Math.floor(whole.length / length));
  const step = Math.floor((whole.length - length) / Math.max(1, pieces - 1));
  return [...Array(pieces).keys()].map((index) =>
    whole.slice(index * step, index * step + length).toWellFormed()
  );
}

function read(folder: string, ending: string): string[] {
  const texts: string[] = [];
  const visit = (directory: URL): void => {
    for (const { name, isDirectory } of [...Deno.readDirSync(directory)].sort(byName)) {
      const url = new URL(isDirectory ? `${name}/` : name, directory);
      if (isDirectory && folder !== ".") visit(url);
      else if (name.endsWith(ending)) texts.push(Deno.readTextFileSync(url));
    }
  };
  visit(new URL(`${folder}/`, root));
  return texts;
}

const byName = (a: Deno.DirEntry, b: Deno.DirEntry) => (a.name < b.name ? -1 : 1);

const compact = (json: string) => JSON.stringify(JSON.parse(json));

const withoutMarkup = (markdown: string) =>
  markdown.replace(/```.*?```/gs, "").replace(/^\|.*$/gm, "").replace(/[#*`]/g, "");

const toolResult = (content: string) =>
  JSON.stringify({ ok: true, value: { path: "@project/a.ts", sha256: hash(content), content } });

const minified = (code: string) =>
  code.replace(/\/\*.*?\*\//gs, "").replace(/^\s*\/\/.*$/gm, "")
    .replace(/\s+/g, " ").replace(/ ?([^\w\s"'`]) ?/g, "$1");

const digest = (seed: number) => createHash("sha256").update(`${seed}`).digest();
const hash = (text: string) => createHash("sha256").update(text).digest("hex");

function makeHashes(count: number): string {
  return [...Array(count).keys()].map((n) => `${hash(`${n}`)}  file-${n}.bin`).join("\n");
}

function makeNumbers(count: number): string {
  return [...Array(count).keys()].map((n) => {
    const value = digest(n).readBigUInt64BE();
    return n % 3 === 0 ? `${value}` : `${value % 1_000_000n}.${value % 89n}`;
  }).join(" ");
}

function makeTable(rows: number, step: number): string {
  const line = (n: number) => {
    const seed = digest(n * step);
    const at = new Date(1.6e12 + seed.readUInt32BE() * 50).toISOString();
    const price = (seed.readUInt16BE(4) / 100).toFixed(2);
    return `${1000 + n},${at},order-${seed.readUInt16BE(6)},${price},${seed[8]! % 9},"Main St ${
      seed[9]
    }, Leeds",${n % 2 ? "paid" : "open"}`;
  };
  return [
    "id,created_at,reference,price,quantity,address,status",
    ...[...Array(rows).keys()].map(line),
  ]
    .join("\n");
}
