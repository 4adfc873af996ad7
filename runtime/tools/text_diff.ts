// Unified diffs, both ways: applying one a model wrote, and showing a change. The only importer of
// the diff library. Runs in the worker: a hostile patch may take long.
import {
  applyPatch,
  createTwoFilesPatch,
  FILE_HEADERS_ONLY,
  parsePatch,
  type StructuredPatch,
} from "diff";
import { FileProblem } from "./file_problem.ts";
import { binaryType } from "./file_type.ts";
import type { DiffRequest } from "./worker_protocol.ts";

const MAX_DIFF_CHARS = 40_000;
const MAX_DIFFED_BYTES = 2 * 1024 * 1024;
const DIFF_TIME_MS = 2_000;

const HUNK = /^@@(?: -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)?)?.*$/;

/**
 * The text after a unified diff of one file. Names in the diff are ignored and its line counts are
 * counted anew, since models miscount; context and removed lines have to fit exactly. `E_TOOL_ARGS`
 * if it is no such diff, `E_PRECONDITION_FAILED` if it does not fit.
 */
export function patchText(
  { text, patch, name }: { text: string; patch: string; name: string },
): string {
  const crlf = text.includes("\r\n");
  const hunks = recount(patch, crlf);
  // Without a note on it, a diff leaves open whether the last line has an end: keep the file's way.
  const openEnd = text !== "" && !text.endsWith("\n") && !/^\\/m.test(hunks);
  const lineEnd = openEnd ? (crlf ? "\r\n" : "\n") : "";
  const patched = applyPatch(text + lineEnd, parseOne(hunks), { autoConvertLineEndings: false });
  if (patched !== false) {
    return patched.endsWith(lineEnd) && openEnd ? patched.slice(0, -lineEnd.length) : patched;
  }
  throw new FileProblem(
    "E_PRECONDITION_FAILED",
    `The diff does not fit "${name}": its context or removed lines are not in the file as they stand in the diff. Read the file again and make the diff from what it holds now, or use fs_edit`,
  );
}

function parseOne(hunks: string): StructuredPatch {
  try {
    const [file] = parsePatch(hunks);
    if (file) return file;
  } catch {
    // The library's message speaks of line numbers of the text as recounted here.
  }
  throw noDiff("a hunk holds a line that begins with none of space, + and -");
}

/** Shows a change; says so where it is binary, too large, or cut. */
export function showDiff({ name, before, after }: DiffRequest): string {
  const sizes = `${before?.length ?? 0} → ${after.length} bytes`;
  if ((before && binaryType(before)) || binaryType(after)) return `Binary content, ${sizes}\n`;
  if ((before?.length ?? 0) + after.length > MAX_DIFFED_BYTES) return tooLong(name, sizes);
  const [old, next] = [decode(before), decode(after)];
  const from = before ? name : "(new file)";
  const diff = createTwoFilesPatch(from, name, old, next, undefined, undefined, {
    context: 3,
    timeout: DIFF_TIME_MS,
    headerOptions: FILE_HEADERS_ONLY,
  });
  if (diff === undefined) return tooLong(name, sizes);
  if (diff.length <= MAX_DIFF_CHARS) return diff;
  const cut = diff.slice(0, MAX_DIFF_CHARS);
  return `${cut.slice(0, cut.lastIndexOf("\n") + 1)}… cut; the whole change is ${sizes}\n`;
}

function tooLong(name: string, sizes: string): string {
  return `--- ${name}\n+++ ${name}\n(too large a change to show: ${sizes})\n`;
}

function decode(bytes: Uint8Array | null): string {
  return bytes ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) : "";
}

/** The hunks alone, with right counts and the file's line ends. */
function recount(patch: string, crlf: boolean): string {
  const lines = patch.replaceAll("\r\n", "\n").replace(/\n+$/, "").split("\n");
  const first = lines.findIndex((line) => HUNK.test(line));
  if (first < 0) throw noDiff('it has no line that begins with "@@"');
  const out: string[] = ["--- a", "+++ b"];
  for (let at = first; at < lines.length;) {
    const header = HUNK.exec(lines[at] ?? "");
    if (!header) throw noDiff("it is about several files");
    let end = at + 1;
    while (end < lines.length && isHunkLine(lines, end)) end++;
    // Models leave out the one space that an empty line of context needs.
    const body = lines.slice(at + 1, end).map((line) => (line === "" ? " " : line));
    out.push(
      hunkHeader(header, body),
      ...body.map((line) => crlf && !isNote(line) ? `${line}\r` : line),
    );
    at = end;
  }
  return out.join("\n") + "\n";
}

/** A header of another file ends a hunk; a removed line that looks like one does not. */
function isHunkLine(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? "";
  if (HUNK.test(line) || /^(diff|index|Index:) /.test(line)) return false;
  const isHeader = line.startsWith("--- ") && lines[at + 1]?.startsWith("+++ ") &&
    HUNK.test(lines[at + 2] ?? "");
  return !isHeader;
}

function hunkHeader(header: RegExpExecArray, body: readonly string[]): string {
  const old = body.filter((line) => !line.startsWith("+") && !isNote(line)).length;
  const fresh = body.filter((line) => !line.startsWith("-") && !isNote(line)).length;
  return `@@ -${header[1] ?? 1},${old} +${header[2] ?? 1},${fresh} @@`;
}

/** `\ No newline at end of file`. */
function isNote(line: string): boolean {
  return line.startsWith("\\");
}

function noDiff(reason: string): FileProblem {
  return new FileProblem(
    "E_TOOL_ARGS",
    `The patch is no unified diff of one file: ${reason}. Each hunk is a line "@@ -1,3 +1,4 @@" and then lines that begin with a space (context), - (removed) or + (added)`,
  );
}
