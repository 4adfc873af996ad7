// How a file differs between two states of a package, in lines. Not here: which files differ.
import { binaryType } from "../runtime/tools/file_type.ts";
import { showDiff } from "../runtime/tools/text_diff.ts";
import type { FileDiff } from "../views/version_pages.tsx";

/** The difference; without `lines` if one of the two is no text. */
export function fileDiff(path: string, before?: Uint8Array, after?: Uint8Array): FileDiff {
  const kind = before === undefined ? "added" : after === undefined ? "removed" : "changed";
  if ((before && binaryType(before)) || (after && binaryType(after))) return { path, kind };
  const text = showDiff({ name: path, before: before ?? null, after: after ?? new Uint8Array() });
  const lines = text.trimEnd().split("\n");
  // The two lines that name the file say no more than the heading above them.
  const first = lines.findIndex((line) => line.startsWith("@@") || line.startsWith("("));
  return { path, kind, lines: first < 0 ? lines : lines.slice(first) };
}
