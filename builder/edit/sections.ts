// The sections of a Markdown body: `## Name` up to the next heading of level 1 or 2. What the forms
// show of a body, and how a changed section is put back; all other bytes stay.
import { markdownLines } from "../../schemas/markdown_lines.ts";

interface Section {
  /** Lower case. */
  readonly name: string;
  /** Index of the line of the heading. */
  readonly line: number;
  /** Index of the line behind the section. */
  readonly end: number;
}

function sectionsOf(body: string): Section[] {
  const sections: { name: string; line: number; end: number }[] = [];
  let count = 0;
  let open: { end: number } | undefined;
  for (const { text, isCode } of markdownLines(body, 1)) {
    const line = count++;
    const heading = isCode ? null : /^(#{1,2})(?:\s+(.*?)[\s#]*)?$/.exec(text);
    if (!heading) continue;
    if (open) open.end = line;
    open = undefined;
    if (heading[1] !== "##") continue;
    const section = { name: (heading[2] ?? "").toLowerCase(), line, end: Infinity };
    sections.push(section);
    open = section;
  }
  return sections.map((section) => ({ ...section, end: Math.min(section.end, count) }));
}

/** The text of the first section with this name, without the blank lines around it. */
export function sectionOf(body: string, name: string): string {
  const section = sectionsOf(body).find((section) => section.name === name.toLowerCase());
  if (!section) return "";
  const text = body.split(/\r?\n/).slice(section.line + 1, section.end).join("\n");
  return text.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
}

/** How a section is written. */
export interface SectionChange {
  readonly name: string;
  /** Made by `sectionText`. Empty: the heading stays where `isRequired`, else goes too. */
  readonly text: string;
  readonly isRequired: boolean;
  /** All sections in their order: a new one is put between its neighbours. */
  readonly order: readonly string[];
}

/** The body with one section changed, added or removed. The line endings stay what they are. */
export function withSection(body: string, change: SectionChange): string {
  const { name, text, isRequired } = change;
  if (sectionOf(body, name) === text && (text !== "" || !isRequired)) {
    return text === "" ? withoutSection(body, name) : body;
  }
  const eol = body.includes("\r\n") ? "\r\n" : "\n";
  const all = body.split(/\r?\n/);
  const section = sectionsOf(body).find((section) => section.name === name.toLowerCase());
  if (text === "" && !isRequired) return withoutSection(body, name);
  const inside = text === "" ? [""] : ["", ...text.split("\n"), ""];
  if (section) {
    all.splice(section.line + 1, section.end - section.line - 1, ...inside);
    return ended(all, eol);
  }
  const at = placeOf(body, change, all.length);
  const before = all.slice(0, at);
  while (before.at(-1)?.trim() === "") before.pop();
  const head = before.length === 0 ? [""] : [...before, ""];
  return ended([...head, `## ${name}`, ...inside, ...all.slice(at)], eol);
}

function withoutSection(body: string, name: string): string {
  const section = sectionsOf(body).find((section) => section.name === name.toLowerCase());
  if (!section) return body;
  const eol = body.includes("\r\n") ? "\r\n" : "\n";
  const all = body.split(/\r?\n/);
  all.splice(section.line, section.end - section.line);
  return ended(all, eol);
}

/** Behind the nearest section that comes before it, else in front of the first of all. */
function placeOf(body: string, { name, order }: SectionChange, last: number): number {
  const sections = sectionsOf(body);
  const find = (other: string) => sections.find((section) => section.name === other.toLowerCase());
  const rank = order.indexOf(name);
  const before = order.slice(0, rank).map(find).findLast((section) => section !== undefined);
  const behind = order.slice(rank + 1).map(find).find((section) => section !== undefined);
  return before?.end ?? behind?.line ?? last;
}

/** One newline at the end, no blank lines before it. */
function ended(all: readonly string[], eol: string): string {
  const kept = [...all];
  while (kept.length > 0 && kept.at(-1)?.trim() === "") kept.pop();
  return [...kept, ""].join(eol);
}
