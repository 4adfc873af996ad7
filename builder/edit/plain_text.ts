// Texts of people as they may stand in a file: no control characters, no half characters, one line
// where one line belongs, and Markdown that cannot end the section it is written into.
import { isRecord } from "../../schemas/record.ts";
import { type MarkdownLine, markdownLines } from "../../schemas/markdown_lines.ts";

/** A copy of a JSON value whose texts (keys too) are well-formed and hold no control characters. */
export function withSoundTexts(value: unknown): unknown {
  if (typeof value === "string") return soundText(value);
  if (Array.isArray(value)) return value.map(withSoundTexts);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [soundText(key), withSoundTexts(item)]),
  );
}

// deno-lint-ignore no-control-regex -- control characters are what must not be there
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff]/g;

function soundText(text: string): string {
  return text.replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(CONTROLS, "").toWellFormed();
}

/** A text on one line, trimmed. */
export function oneLine(text: string): string {
  return soundText(text).replace(/\s*[\n\t]\s*/g, " ").trim();
}

/** Items on one line each; empty ones are left out. */
export function lines(items: readonly string[]): string[] {
  return items.map(oneLine).filter((item) => item !== "");
}

/**
 * Markdown for the inside of a section: blank lines at both ends cut, headings of level 1 and 2 made
 * level 3, an open code block closed.
 */
export function sectionText(text: string): string {
  const trimmed = soundText(text).replace(/^(?:[ \t]*\n)+/, "").trimEnd();
  if (trimmed === "") return "";
  const all = [...markdownLines(trimmed, 1)];
  const closing = all.at(-1)?.openFence;
  return [...all.map(demoted), ...(closing === undefined ? [] : [closing])].join("\n");
}

function demoted({ text, isCode }: MarkdownLine): string {
  return isCode ? text : text.replace(/^#{1,2}(?=\s|$)/, "###");
}
