// The index of steps in `workflow.md`: list items under `## Steps` that begin with a link to a step
// file. It follows the graph; everything else that an author wrote there stays.
import type { PackageFiles } from "../../runtime/package/archive.ts";
import { linkedFile, linksIn, type MarkdownLink } from "../../runtime/package/markdown_links.ts";
import { markdownLines } from "../../schemas/markdown_lines.ts";

/** Where links of a document lead. */
export interface LinkSpace {
  readonly files: PackageFiles;
  /** The document's folder, with a slash at its end, or empty. */
  readonly folder: string;
}

const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})([.)]))(\s+)/;

/** A new line of the index. */
export interface IndexEntry {
  readonly title: string;
  readonly path: string;
  /** Step files in front of it in the graph, nearest last. */
  readonly pathsBefore: readonly string[];
}

/** The body with one more step in its index. A document without an index is left alone. */
export function withIndexEntry(body: string, entry: IndexEntry, space: LinkSpace): string {
  const { all, eol, isInSteps, items } = indexOf(body, space);
  const before = [...entry.pathsBefore].reverse();
  const neighbour = before.map((path) => items.find((item) => item.path === path))
    .find((item) => item !== undefined);
  const model = neighbour ?? items[0];
  const link = linkText(entry.title, relativeTo(space.folder, entry.path));
  if (!model) {
    const heading = isInSteps.indexOf(true);
    if (heading === -1) return body;
    all.splice(heading + 1, 0, "", `1. ${link}`);
    return all.join(eol);
  }
  const line = all[model.line] ?? "";
  const marker = ITEM.exec(line)?.[0] ?? "1. ";
  const at = neighbour ? endOfItem(all, model.line) : model.line;
  all.splice(at, 0, `${marker}${link}`);
  return renumbered(all, at).join(eol);
}

/** The body without some step files: their lines go, other links to them become plain text. */
export function withoutIndexEntries(
  body: string,
  paths: ReadonlySet<string>,
  space: LinkSpace,
): string {
  const { all, eol, items, links } = indexOf(body, space);
  const gone = new Set<number>();
  for (const item of items) {
    if (!paths.has(item.path)) continue;
    for (let line = item.line; line < endOfItem(all, item.line); line++) gone.add(line);
  }
  for (const { line, path, link } of links.reverse()) {
    if (!paths.has(path) || gone.has(line)) continue;
    const text = all[line] ?? "";
    all[line] = text.slice(0, link.start) + link.label + text.slice(link.end);
  }
  if (gone.size === 0) return all.join(eol);
  const first = Math.min(...gone);
  const kept = all.filter((_line, index) => !gone.has(index));
  return renumbered(kept, ITEM.test(kept[first] ?? "") ? first : first - 1).join(eol);
}

/** How links change. */
export interface LinkChange {
  /** The new path of a file; the same for one that stays. */
  readonly pathOf: (path: string) => string;
  /** A link text that was the title of this file follows it. */
  readonly title?: { readonly path: string; readonly from: string; readonly to: string };
  /** Where the document itself goes. */
  readonly newFolder?: string;
}

/** The body whose links follow titles and paths. `space` is that before the change. */
export function withLinks(body: string, change: LinkChange, space: LinkSpace): string {
  const { all, eol, links } = indexOf(body, space);
  const { newFolder = space.folder, title } = change;
  for (const { line, path, link } of links.reverse()) {
    const to = change.pathOf(path);
    const follows = title?.path === path && link.label === escaped(title.from);
    const stays = to === path && newFolder === space.folder;
    if (stays && !follows) continue;
    const text = all[line] ?? "";
    const label = follows ? escaped(title.to) : link.label;
    const old = /\]\((.*)\)$/s.exec(text.slice(link.start, link.end))?.[1] ?? "";
    const fragment = /[#?][^\s>)]*/.exec(old)?.[0] ?? "";
    const target = stays ? old : `${encodedTarget(relativeTo(newFolder, to))}${fragment}`;
    all[line] = `${text.slice(0, link.start)}[${label}](${target})${text.slice(link.end)}`;
  }
  return all.join(eol);
}

interface Index {
  readonly all: string[];
  readonly eol: string;
  /** For each line whether it is the heading of the section or in it. */
  readonly isInSteps: boolean[];
  readonly items: { readonly line: number; readonly path: string }[];
  readonly links: { readonly line: number; readonly path: string; readonly link: MarkdownLink }[];
}

function indexOf(body: string, { files, folder }: LinkSpace): Index {
  const index: Index = {
    all: body.split(/\r?\n/),
    eol: body.includes("\r\n") ? "\r\n" : "\n",
    isInSteps: [],
    items: [],
    links: [],
  };
  let isInSteps = false;
  let line = -1;
  for (const { text, isCode } of markdownLines(body, 1)) {
    line++;
    const heading = isCode ? null : /^#{1,2}(?:\s+(.*?)[\s#]*)?$/.exec(text);
    if (heading) isInSteps = text.startsWith("##") && /^steps$/i.test(heading[1] ?? "");
    index.isInSteps.push(isInSteps);
    if (isCode || !text.includes("](")) continue;
    for (const link of linksIn(text)) {
      const path = linkedFile(files, folder, link.target);
      if (path === undefined) continue;
      index.links.push({ line, path, link });
      const marker = isInSteps ? ITEM.exec(text)?.[0] : undefined;
      if (marker !== undefined && link.start === marker.length) index.items.push({ line, path });
    }
  }
  return index;
}

/** An item ends before the next one, a blank line, or a line that is not indented. */
function endOfItem(all: readonly string[], line: number): number {
  let end = line + 1;
  while (/^\s+\S/.test(all[end] ?? "") && !ITEM.test(all[end] ?? "")) end++;
  return end;
}

/** Numbers the ordered list around a line from its first number, unless all numbers were the same. */
function renumbered(all: string[], line: number): string[] {
  const own = ITEM.exec(all[line] ?? "");
  if (own?.[3] === undefined) return all;
  const isInList = (index: number) =>
    /^\s*\S/.test(all[index] ?? "") && !/^#/.test(all[index] ?? "");
  let start = line;
  while (start > 0 && isInList(start - 1)) start--;
  const numbered: { index: number; number: number }[] = [];
  for (let index = start; index < all.length && isInList(index); index++) {
    const item = ITEM.exec(all[index] ?? "");
    if (item?.[3] === undefined || item[1] !== own[1]) continue;
    numbered.push({ index, number: Number(item[3]) });
  }
  const isAllSame = numbered.length > 2 &&
    numbered.every(({ number }) => number === numbered[0]?.number);
  if (isAllSame) return all;
  const first = Math.min(...numbered.map(({ number }) => number));
  for (const [position, { index }] of numbered.entries()) {
    all[index] = (all[index] ?? "").replace(/^(\s*)\d{1,9}/, `$1${first + position}`);
  }
  return all;
}

/** A link in Markdown whose text is shown as it is. */
export function linkText(title: string, target: string): string {
  return `[${escaped(title)}](${encodedTarget(target)})`;
}

function escaped(title: string): string {
  const text = title.replace(/[\\`[\]<]/g, "\\$&");
  // "](" inside a title would end the link early for readers that do not know escapes.
  return text.includes("]") ? text.replace(/[()]/g, "\\$&") : text;
}

/** A title as a heading shows it; one with a link in it would lead somewhere. */
export function headingText(title: string): string {
  return title.includes("](") ? title.replace(/[\\[\]()]/g, "\\$&") : title;
}

function encodedTarget(path: string): string {
  return encodeURI(path).replace(
    /[()#?]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The path as a document in `folder` names it. */
export function relativeTo(folder: string, path: string): string {
  const from = folder.split("/").slice(0, -1);
  const to = path.split("/");
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}
