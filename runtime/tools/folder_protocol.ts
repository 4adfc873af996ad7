// What the pages of a project ask of the file worker besides what tools ask. Types only.
import type { Place } from "./mounts.ts";
import type { ListEntry, LoadedFile } from "./worker_protocol.ts";

/** A folder as a person sees it and changes it; see `WorkerOperations`. */
export interface FolderOperations {
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
