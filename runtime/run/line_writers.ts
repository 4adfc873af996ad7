// From the changes of a file to who wrote each of its lines: a fold over its contents, in which a line
// keeps its writer as long as a comparison finds it again. Pure.
import { lineBlocks, linesOf } from "../tools/line_blocks.ts";
import type { FileWrite, Writer } from "./file_writes.ts";
import { sha256Of } from "./run_folder.ts";

/**
 * Where a line comes from: a `run`; it was there `before` the first change; `others` changed the file
 * between or after; `unknown`, where a content in between is not kept.
 */
export type LineOrigin = "run" | "before" | "others" | "unknown";

/** Lines that have one writer. */
export interface LineRange {
  /** 1-based. */
  readonly firstLine: number;
  /** Inclusive. */
  readonly lastLine: number;
  readonly origin: LineOrigin;
  /** Only for `run`. */
  readonly writer: Writer | null;
}

/** A file as it is now and how it came to be. */
export interface TracedFile {
  /** All changes, oldest first; of one or of several runs. */
  readonly writes: readonly FileWrite[];
  /** `null` if there is no file now. */
  readonly present: { readonly sha256: string; readonly text: string } | null;
  /** A content that is kept; `undefined` for others, and for what is no text. */
  textOf(sha256: string): string | undefined;
}

interface Owner {
  readonly origin: LineOrigin;
  readonly writer: Writer | null;
}

interface State {
  readonly sha256: string | null;
  /** The last lines that are known. */
  readonly lines: readonly string[];
  readonly owners: readonly Owner[];
  /** The lines are of an earlier content; what this one held is not kept. */
  readonly isGap: boolean;
}

const BEFORE: Owner = { origin: "before", writer: null };
const OTHERS: Owner = { origin: "others", writer: null };
const UNKNOWN: Owner = { origin: "unknown", writer: null };

/** Who wrote each line of the file as it is now, from the first line to the last. */
export function lineWriters({ writes, present, textOf }: TracedFile): LineRange[] {
  const seen = new Map<string | null, State>();
  const lookUp = (sha256: string | null) =>
    sha256 === null ? "" : sha256 === present?.sha256 ? present.text : textOf(sha256);
  let state = beginning(writes[0]?.sha256Before ?? null, lookUp);
  seen.set(state.sha256, state);
  const move = (sha256: string | null, text: string | undefined, owner: Owner) => {
    if (sha256 === state.sha256) return;
    // What was put back is written by whom it was written first.
    state = seen.get(sha256) ?? nextState(state, { sha256, text, owner });
    if (!state.isGap) seen.set(sha256, state);
  };
  for (const write of writes) {
    const { sha256Before, sha256After, writer } = write;
    move(sha256Before, lookUp(sha256Before), OTHERS);
    const text = lookUp(sha256After) ?? writtenText(write, state);
    move(sha256After, text, { origin: "run", writer });
  }
  if (present) move(present.sha256, present.text, writes.length === 0 ? BEFORE : OTHERS);
  return present ? rangesOf(state.owners) : [];
}

function beginning(
  sha256: string | null,
  lookUp: (sha256: string | null) => string | undefined,
): State {
  const text = lookUp(sha256);
  const lines = linesOf(text ?? "");
  return { sha256, lines, owners: lines.map(() => BEFORE), isGap: text === undefined };
}

function nextState(
  state: State,
  { sha256, text, owner }: {
    readonly sha256: string | null;
    readonly text: string | undefined;
    readonly owner: Owner;
  },
): State {
  if (text === undefined) return { ...state, sha256, isGap: true };
  const lines = linesOf(text);
  const added = state.isGap ? UNKNOWN : owner;
  const owners = lineBlocks(state.lines, lines).flatMap(({ count, oldStart }) =>
    Array.from(
      { length: count },
      (_, index) => oldStart === null ? added : state.owners[oldStart + index] ?? added,
    )
  );
  return { sha256, lines, owners, isGap: false };
}

/** What a call left, from its arguments alone, where no blob and no file holds it any more. */
function writtenText(
  { sha256After, arguments: given, writer: { tool } }: FileWrite,
  { lines, isGap }: State,
): string | undefined {
  const { content, oldText, newText, replaceAll } = given;
  const before = lines.map((line) => `${line}\n`).join("");
  const candidates: string[] = [];
  if (tool === "fs.write" && typeof content === "string") {
    candidates.push(content, before + content);
  }
  if (tool === "fs.edit" && typeof oldText === "string" && typeof newText === "string" && !isGap) {
    const edit = (text: string) =>
      replaceAll === true
        ? text.replaceAll(oldText, () => newText)
        : text.replace(oldText, () => newText);
    candidates.push(edit(before), edit(before.slice(0, -1)));
  }
  return candidates.find((text) => sha256Of(text) === sha256After);
}

function rangesOf(owners: readonly Owner[]): LineRange[] {
  const ranges: LineRange[] = [];
  owners.forEach(({ origin, writer }, index) => {
    const last = ranges.at(-1);
    const lastLine = index + 1;
    if (last && last.origin === origin && last.writer === writer) {
      ranges[ranges.length - 1] = { ...last, lastLine };
    } else ranges.push({ firstLine: lastLine, lastLine, origin, writer });
  });
  return ranges;
}
