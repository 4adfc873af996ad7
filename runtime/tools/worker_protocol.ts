// What the engine asks of the file worker, and what it answers. Types only; both halves share them.
import type { ToolFailure } from "../../schemas/tool.ts";
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
export interface WorkerOperations {
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
  /** A page of a folder, for a person; hidden entries are left out. */
  window(request: WindowRequest): FolderWindow;
  /** What is at a place, with the head of a file. */
  glimpse(request: { readonly place: Place }): Glimpse | null;
  /** Some bytes of a file of any kind. */
  chunk(request: ChunkRequest): Chunk;
  /** Streams a file of any kind through SHA-256. */
  digest(request: { readonly place: Place }): Digest;
  /** The files below a folder that changed last. */
  latest(request: LatestRequest): readonly LatestFile[];
  /** Makes a folder where nothing is. */
  makeFolder(request: { readonly place: Place }): null;
  /** Renames a file or a folder; what is there already is never replaced. */
  move(request: MoveRequest): null;
  /** A file, or all that a folder holds, so that it can be kept before it goes. */
  gather(request: GatherRequest): Gathered;
  /** Removes what `gather` saw, and nothing else. */
  removeFolder(request: RemoveFolderRequest): null;
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

/** Which page of which folder. */
export interface WindowRequest {
  readonly place: Place;
  /** Entries before the page. */
  readonly from: number;
  readonly count: number;
}

/** An entry as a person sees it; a link inside the project counts as what it leads to. */
export interface WindowEntry {
  readonly name: string;
  /** `link`: leads out of the project, or nowhere. */
  readonly kind: ListEntry["kind"];
  /** `null` for all but files. */
  readonly bytes: number | null;
  /** ISO; `null` where the system does not say. */
  readonly modifiedAt: string | null;
  /** It can be named in a path. */
  readonly isUsable: boolean;
}

/** A page of a folder: folders first, then by name. */
export interface FolderWindow {
  readonly entries: readonly WindowEntry[];
  /** Of all pages. */
  readonly total: number;
}

/** What is at a place. */
export interface Glimpse {
  readonly kind: ListEntry["kind"];
  readonly bytes: number;
  readonly modifiedAt: string | null;
  /** The first bytes of a file. */
  readonly head: Uint8Array<ArrayBuffer>;
}

/** Which bytes. */
export interface ChunkRequest {
  readonly place: Place;
  readonly offset: number;
  /** At most; fewer come at the end of the file. */
  readonly bytes: number;
}

/** Bytes, and which state of the file they are of. */
export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Another one when the file was changed or replaced. */
  readonly stamp: string;
}

/** A whole file in one number. */
export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
  /** As of `Chunk`. */
  readonly stamp: string;
}

/** Below which folder, and how many. */
export interface LatestRequest {
  readonly place: Place;
  readonly most: number;
}

/** A file and when it changed. */
export interface LatestFile {
  /** Below the mount. */
  readonly parts: readonly string[];
  readonly bytes: number;
  /** ISO. */
  readonly modifiedAt: string | null;
}

/** From where to where. */
export interface MoveRequest {
  readonly place: Place;
  readonly to: Place;
}

/** A file or a folder, and how much of it may be carried. */
export interface GatherRequest {
  readonly place: Place;
  readonly maxFiles: number;
  readonly maxBytes: number;
}

/** A gathered file. */
export interface GatheredFile extends LoadedFile {
  /** Below the place; empty if it is the place itself. */
  readonly parts: readonly string[];
  /** Permission bits; `null` on Windows. */
  readonly mode: number | null;
}

/** A file, or all that a folder holds. */
export interface Gathered {
  readonly kind: "file" | "folder";
  readonly files: readonly GatheredFile[];
  /** Folders in it, the upper ones first; below that folder. */
  readonly folders: readonly (readonly string[])[];
}

/** A folder, and what it must still hold. */
export interface RemoveFolderRequest {
  readonly place: Place;
  readonly files: readonly { readonly parts: readonly string[]; readonly sha256: string }[];
  readonly folders: readonly (readonly string[])[];
}
