// What the engine asks of the file worker, and what it answers. Types only; both halves share them. Not
// here: what only the pages of a project ask (`folder_protocol.ts`).
import type { ToolFailure } from "../../schemas/tool.ts";
import type { FolderOperations } from "./folder_protocol.ts";
import type { Place } from "./mounts.ts";
import type { ColumnType } from "./table_columns.ts";

/** First message to the worker. Paths are real paths. */
export interface WorkerSetup {
  readonly project: string;
  readonly pkg: string;
  /** Folders inside the project that no tool may see. */
  readonly hidden: readonly string[];
  /** `false` only in tests of wall 2: places are joined and used as they are. */
  readonly confined: boolean;
}

/** The operations: request and answer of each. A failure comes back as `ToolFailure` instead. */
export interface WorkerOperations extends FolderOperations {
  /** Streams a text file through SHA-256 and keeps the wanted lines. */
  read(request: ReadRequest): ReadText;
  /** Streams a CSV file through SHA-256, counts its rows and keeps the wanted ones. */
  table(request: TableRequest): ReadTable;
  /** A whole file that is to be changed. */
  load(request: LoadRequest): LoadedPlace;
  /** Atomic: the file is either what it was or the new bytes. */
  replace(request: ReplaceRequest): ReplacedFile;
  /** Removes a file that still holds what is expected. */
  remove(request: RemoveRequest): null;
  list(request: ListRequest): Listing;
  search(request: SearchRequest): SearchHits;
  stat(request: { readonly place: Place }): FileStat | null;
  /** Applies a unified diff to a text; touches no file, but may take long. */
  patch(request: { readonly text: string; readonly patch: string; readonly name: string }): string;
  /** A unified diff, cut to a readable size. */
  diff(request: DiffRequest): string;
}

/** Name of an operation. */
export type WorkerOperation = keyof WorkerOperations;

/** A numbered request. */
export interface WorkerRequest {
  readonly id: number;
  readonly operation: WorkerOperation;
  readonly input: unknown;
}

/** The answer of the same number. */
export interface WorkerAnswer {
  readonly id: number;
  readonly outcome: { readonly ok: true; readonly value: unknown } | ToolFailure;
}

/** 1-based lines, both included. */
export interface LineWindow {
  readonly startLine?: number;
  readonly endLine?: number;
}

/** Which lines of which file. */
export interface ReadRequest extends LineWindow {
  readonly place: Place;
  /** Most bytes of content to answer. */
  readonly maxBytes: number;
}

/** A text file as read. */
export interface ReadText {
  /** Of the whole file. */
  readonly bytes: number;
  readonly sha256: string;
  readonly totalLines: number;
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
  /** The wanted lines are longer than the limit; `text` is only their beginning. */
  readonly truncated: boolean;
  /** Bytes that are no UTF-8 show as U+FFFD. */
  readonly damaged: boolean;
}

/** Which rows and columns of which CSV file. */
export interface TableRequest {
  readonly place: Place;
  /** 1-based, without the header. */
  readonly startRow: number;
  /** Included. */
  readonly endRow: number;
  /** Names or numbers; every column if not given. */
  readonly columns?: readonly string[];
  /** Found out if not given. */
  readonly delimiter?: string;
  /** The first row holds the names. */
  readonly header: boolean;
  /** Most bytes of columns and rows to answer, as JSON. */
  readonly maxBytes: number;
}

/** Rows with something worth telling: how many, and the first of them. */
export interface FoundRows {
  readonly count: number;
  readonly first: readonly number[];
}

/** The wanted part of a table. */
export interface TableRows {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly totalColumns: number;
  readonly totalRows: number;
  /** `null` stands for a cell that a row does not have. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Rows of the window are missing: they are over the limit. */
  readonly truncated: boolean;
  readonly blankLines: number;
  /** With another number of cells than there are columns. */
  readonly raggedRows: FoundRows;
  /** With cells of which only the beginning is shown. */
  readonly cutCells: FoundRows;
  /** Counted with the header. */
  readonly badQuotes: FoundRows;
}

/** A CSV file as read. */
export interface ReadTable extends TableRows {
  /** Of the whole file. */
  readonly bytes: number;
  readonly sha256: string;
  readonly encoding: "utf-8" | "windows-1252";
  readonly delimiter: string;
}

/** Which file to load; its path is judged as one to write. */
export interface LoadRequest {
  readonly place: Place;
}

/** What is at a place, and where it really lies if a link leads there. */
export interface LoadedPlace {
  /** Mount path. */
  readonly realName: string;
  /** `null` if there is no file. */
  readonly file: LoadedFile | null;
}

/** A whole file. */
export interface LoadedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/** New content for a file. */
export interface ReplaceRequest {
  readonly place: Place;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the file must still hold; `null`: there must still be none. */
  readonly sha256Before: string | null;
  /** Permission bits of a file that is made; those of any new file if not given. */
  readonly mode?: number;
}

/** A file to remove, and what it must still hold. */
export interface RemoveRequest {
  readonly place: Place;
  readonly sha256Before: string;
}

/** What the file holds now. */
export interface ReplacedFile {
  readonly sha256: string;
}

/** Which folder, and how far down (1 is the folder alone). */
export interface ListRequest {
  readonly place: Place;
  readonly depth: number;
  readonly maxEntries: number;
}

/** An entry of a folder; `bytes` only for files. */
export interface ListEntry {
  /** Mount path. */
  readonly path: string;
  readonly kind: "file" | "folder" | "link" | "other";
  readonly bytes?: number;
}

/** Entries, upper levels first. */
export interface Listing {
  readonly entries: readonly ListEntry[];
  readonly truncated: boolean;
}

/** What to find, where, and how much of it to answer. */
export interface SearchRequest {
  /** Files or folders. */
  readonly places: readonly Place[];
  readonly find: { readonly query: string } | { readonly pattern: string };
  /** Mount paths with `*`, `**`, `?`, `{a,b}`; a leading `!` excludes. Empty: every file. */
  readonly globs: readonly string[];
  readonly before: number;
  readonly after: number;
  readonly maxMatches: number;
  /** Most bytes of text to answer. */
  readonly maxBytes: number;
}

/** A line that matches. Long lines are shortened round the match. */
export interface SearchMatch {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  readonly text: string;
  readonly before?: readonly string[];
  readonly after?: readonly string[];
}

/** Matches in path order. */
export interface SearchHits {
  readonly matches: readonly SearchMatch[];
  readonly filesSearched: number;
  /** Why there may be more matches. */
  readonly truncatedBy?: "matches" | "bytes" | "time";
}

/** What is at a place; 0 bytes for all but files. */
export interface FileStat {
  readonly kind: ListEntry["kind"];
  readonly bytes: number;
  /** Mount path of where it really lies. */
  readonly realName: string;
}

/** A change to show; `before` is `null` for a new file. */
export interface DiffRequest {
  readonly name: string;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array;
}
