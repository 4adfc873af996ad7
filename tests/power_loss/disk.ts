// A disk in memory that knows what is on it for certain, after "All File Systems Are Not Created
// Equal" (Pillai and others, 2014). Pure: operations in, what a power cut leaves out.

/** One thing a program asked of its disk. Paths are relative to the disk's root, "" is the root. */
export type DiskOperation =
  | { kind: "open"; handle: number; path: string; create: boolean; truncate: boolean }
  | { kind: "write"; handle: number; offset: number | "end"; bytes: Uint8Array }
  | { kind: "truncate"; handle: number; length: number }
  | { kind: "sync"; handle: number }
  | { kind: "make_folder"; path: string }
  | { kind: "rename"; from: string; to: string }
  | { kind: "remove"; path: string };

/** Everything on a disk: files by path; a folder is `null`. The root itself is left out. */
export type DiskState = ReadonlyMap<string, Uint8Array | null>;

/** Part of a file's life since its last sync. */
export type FileChange =
  | { readonly offset: number; readonly bytes: Uint8Array }
  | { readonly length: number };

/** Names of a folder that change at once; a name that goes is `null`. */
export type FolderChange = ReadonlyMap<string, DiskNode | null>;

/** What a power cut spares of the changes since the last sync, for each file and each folder. */
export interface PowerCut {
  readonly file: (changes: readonly FileChange[]) => readonly FileChange[];
  readonly folder: (changes: readonly FolderChange[]) => readonly FolderChange[];
}

interface FileNode {
  readonly type: "file";
  now: Uint8Array;
  synced: Uint8Array;
  changes: FileChange[];
}

interface FolderNode {
  readonly type: "folder";
  now: Map<string, DiskNode>;
  synced: Map<string, DiskNode>;
  changes: FolderChange[];
}

/** A file or a folder, whatever its names are. */
export type DiskNode = FileNode | FolderNode;

/** A disk that is written to. */
export interface Disk {
  /** @throws Error if a name is missing that the operation needs: the trace is not whole */
  apply(operation: DiskOperation): void;
  /** What is left if the power fails now. */
  survivors(cut: PowerCut): DiskState;
}

/** No power cut at all: what a reader sees now, also after the program was killed. */
export const NO_CUT: PowerCut = { file: (changes) => changes, folder: (changes) => changes };

/**
 * The worst that POSIX allows: content since the file's last sync is lost, and so is every name made,
 * changed or removed since the last sync of its folder.
 */
export const STRICT_CUT: PowerCut = { file: () => [], folder: () => [] };

/**
 * Like ext4 or XFS: names and lengths that shrink are journalled in order and survive, unsynced
 * content is lost. A file that was renamed before it was synced is there, and empty.
 */
export const ORDERED_CUT: PowerCut = {
  file: (changes) => changes.filter((change) => "length" in change),
  folder: (changes) => changes,
};

/**
 * A cut in the midst of writing back: each file and each folder keeps the first few of its unsynced
 * changes, and of the next write a part. `random` gives numbers from 0 to 1, 1 excluded.
 */
export function tornCut(random: () => number): PowerCut {
  const countOf = (changes: readonly unknown[]) => Math.floor(random() * (changes.length + 1));
  return {
    folder: (changes) => changes.slice(0, countOf(changes)),
    file(changes) {
      const count = countOf(changes);
      const torn = changes[count];
      const whole = changes.slice(0, count);
      if (torn === undefined || !("bytes" in torn)) return whole;
      const bytes = torn.bytes.subarray(0, Math.floor(random() * torn.bytes.length));
      return [...whole, { ...torn, bytes }];
    },
  };
}

/**
 * A cut in the midst of writing back in any order: each unsynced change survives or not. Where a write
 * is lost and a later one is not, the file has a hole of zeros.
 */
export function scatteredCut(random: () => number): PowerCut {
  return {
    file: (changes) => changes.filter(() => random() < 0.5),
    folder: (changes) => changes.filter(() => random() < 0.5),
  };
}

/** A disk that holds `initial`, all of it safely. */
export function openDisk(initial: DiskState = new Map()): Disk {
  const root = newFolder();
  const handles = new Map<number, DiskNode>();
  for (const [path, content] of [...initial].sort(([a], [b]) => a < b ? -1 : 1)) {
    const { folder, name } = place(root, path);
    const node = content === null ? newFolder() : newFile(content);
    folder.now.set(name, node);
    folder.synced.set(name, node);
  }
  return {
    apply: (operation) => apply(root, handles, operation),
    survivors(cut) {
      const state = new Map<string, Uint8Array | null>();
      collect(root, { cut, below: "", state });
      return state;
    },
  };
}

function apply(root: FolderNode, handles: Map<number, DiskNode>, operation: DiskOperation): void {
  switch (operation.kind) {
    case "open":
      handles.set(operation.handle, open(root, operation));
      return;
    case "write": {
      const file = fileOf(handles, operation.handle);
      const offset = operation.offset === "end" ? file.now.length : operation.offset;
      return changeFile(file, { offset, bytes: operation.bytes });
    }
    case "truncate":
      return changeFile(fileOf(handles, operation.handle), { length: operation.length });
    case "sync":
      return sync(nodeOf(handles, operation.handle));
    case "make_folder": {
      const { folder, name } = place(root, operation.path);
      return changeFolder(folder, new Map([[name, newFolder()]]));
    }
    case "rename":
      return rename(root, operation);
    case "remove": {
      const { folder, name } = place(root, operation.path);
      return changeFolder(folder, new Map([[name, null]]));
    }
  }
}

function open(
  root: FolderNode,
  { path, create, truncate }: { path: string; create: boolean; truncate: boolean },
): DiskNode {
  if (path === "") return root;
  const { folder, name } = place(root, path);
  const known = folder.now.get(name);
  if (known) {
    if (truncate && known.type === "file") changeFile(known, { length: 0 });
    return known;
  }
  if (!create) throw new Error(`"${path}" is opened, but nothing has made it`);
  const file = newFile(new Uint8Array());
  changeFolder(folder, new Map([[name, file]]));
  return file;
}

function rename(root: FolderNode, { from, to }: { from: string; to: string }): void {
  const source = place(root, from);
  const target = place(root, to);
  const node = source.folder.now.get(source.name);
  if (!node) throw new Error(`"${from}" is renamed, but nothing has made it`);
  if (source.folder === target.folder) {
    changeFolder(source.folder, new Map([[source.name, null], [target.name, node]]));
    return;
  }
  changeFolder(source.folder, new Map([[source.name, null]]));
  changeFolder(target.folder, new Map([[target.name, node]]));
}

function sync(node: DiskNode): void {
  node.changes = [];
  if (node.type === "file") node.synced = node.now;
  else node.synced = new Map(node.now);
}

function changeFile(file: FileNode, change: FileChange): void {
  file.changes.push(change);
  file.now = changedContent(file.now, change);
}

function changedContent(content: Uint8Array, change: FileChange): Uint8Array {
  const end = "length" in change ? change.length : change.offset + change.bytes.length;
  const length = "length" in change ? end : Math.max(end, content.length);
  const changed = new Uint8Array(length);
  changed.set(content.subarray(0, length));
  if ("bytes" in change) changed.set(change.bytes, change.offset);
  return changed;
}

function changeFolder(folder: FolderNode, change: FolderChange): void {
  folder.changes.push(change);
  changeNames(folder.now, change);
}

function changeNames(names: Map<string, DiskNode>, change: FolderChange): void {
  for (const [name, node] of change) {
    if (node === null) names.delete(name);
    else names.set(name, node);
  }
}

function collect(
  folder: FolderNode,
  { cut, below, state }: { cut: PowerCut; below: string; state: Map<string, Uint8Array | null> },
): void {
  const names = new Map(folder.synced);
  for (const change of cut.folder(folder.changes)) changeNames(names, change);
  for (const [name, node] of [...names].sort(([a], [b]) => a < b ? -1 : 1)) {
    const path = `${below}${name}`;
    if (node.type === "file") {
      state.set(path, cut.file(node.changes).reduce(changedContent, node.synced));
    } else {
      state.set(path, null);
      collect(node, { cut, below: `${path}/`, state });
    }
  }
}

/** The folder that holds a path's last name. */
function place(root: FolderNode, path: string): { folder: FolderNode; name: string } {
  const names = path.split("/");
  const name = names.pop() ?? "";
  let folder = root;
  for (const part of names) {
    const next = folder.now.get(part);
    if (next?.type !== "folder") throw new Error(`"${path}" is below a folder nothing has made`);
    folder = next;
  }
  return { folder, name };
}

function nodeOf(handles: Map<number, DiskNode>, handle: number): DiskNode {
  const node = handles.get(handle);
  if (!node) throw new Error(`The handle ${handle} was never opened`);
  return node;
}

function fileOf(handles: Map<number, DiskNode>, handle: number): FileNode {
  const node = nodeOf(handles, handle);
  if (node.type !== "file") throw new Error(`The handle ${handle} is a folder's`);
  return node;
}

function newFile(content: Uint8Array): FileNode {
  return { type: "file", now: content, synced: content, changes: [] };
}

function newFolder(): FolderNode {
  return { type: "folder", now: new Map(), synced: new Map(), changes: [] };
}
