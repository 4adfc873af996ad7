// Wall 1, the part with a file system: where a place really lies, and whether that is allowed.
// Runs inside the file worker only; every file and folder is opened through here.
import { join, resolve, sep } from "node:path";
import { FileProblem, systemCode } from "./file_problem.ts";
import { type Access, deniedName, isProtected, nameOf, type Place } from "./mounts.ts";
import type { ListEntry, WorkerSetup } from "./worker_protocol.ts";

/** A place found on disk, also where the file is missing. */
export interface Located {
  /** Real path, without any link in it. */
  readonly path: string;
  readonly exists: boolean;
  /** Mount path of where it really lies. */
  readonly realName: string;
}

/** An entry of a folder; links are reported, never followed. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: ListEntry["kind"];
}

/** The roots of a run. Every method throws `FileProblem` or an error of the system. */
export class Confinement {
  readonly #setup: WorkerSetup;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
  }

  /** Follows every link of the place and refuses what ends outside its root or at a denied name. */
  locate(place: Place, access: Access): Located {
    const root = this.#rootOf(place);
    if (!this.#setup.confined) {
      const path = resolve(root, place.parts.join("/"));
      return { path, exists: lstat(path) !== undefined, realName: nameOf(place) };
    }
    const { real, missing } = nearestReal(root, place);
    const path = join(real, ...missing);
    const below = partsBelow(root, path);
    const name = nameOf(place);
    if (!below) throw violation(`"${name}" is refused: a link in it leads out of @${place.mount}`);
    const denied = deniedName(below, access);
    if (denied) throw violation(`"${name}" is refused: ${denied}`);
    if (this.#isClosed(path, access)) {
      throw violation(`"${name}" is refused: the program's own files are closed to tools`);
    }
    const realName = nameOf({ mount: place.mount, parts: below });
    return { path, exists: missing.length === 0, realName };
  }

  /** Opens an ordinary file for reading, then verifies that it is the one that was checked. */
  open(place: Place): Deno.FsFile {
    const { path, exists } = this.locate(place, "read");
    if (!exists) throw this.missing(place);
    return this.openReal(path, nameOf(place));
  }

  /** The same for a path that `locate` or `readFolder` gave. The caller closes the file. */
  openReal(path: string, name: string): Deno.FsFile {
    // Before opening: the open itself would wait for ever on a pipe.
    const kind = kindOf(this.#setup.confined ? Deno.lstatSync(path) : Deno.statSync(path));
    if (kind !== "file") {
      throw new FileProblem(
        "E_TOOL_ARGS",
        kind === "folder"
          ? `"${name}" is a folder. Look into it with fs_list`
          : `"${name}" is no ordinary file (a device, pipe, socket or link)`,
      );
    }
    const file = Deno.openSync(path, { read: true });
    try {
      if (this.#setup.confined) this.#verifyOpened(file.statSync(), path, name);
    } catch (thrown) {
      file.close();
      throw thrown;
    }
    return file;
  }

  /** Sorted entries without protected and hidden ones. */
  readFolder(path: string, name: string): FolderEntry[] {
    const entries: FolderEntry[] = [];
    for (const entry of Deno.readDirSync(path)) {
      if (isProtected(entry.name) || this.#isClosed(join(path, entry.name), "read")) continue;
      entries.push({ name: entry.name, kind: kindOf(entry) });
    }
    this.requireUnmoved(path, name);
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Throws if a folder of the path was swapped for a link since `locate`. */
  requireUnmoved(path: string, name: string): void {
    if (!this.#setup.confined || Deno.realPathSync(path) === path) return;
    throw violation(`"${name}" is refused: a folder in it was swapped for a link during the call`);
  }

  /** Throws if a folder holds one that is closed to tools, which would go where the folder goes. */
  requireNothingClosed(path: string, name: string): void {
    const { hidden } = this.#setup;
    if (!hidden.some((folder) => partsBelow(path, folder) !== undefined)) return;
    throw violation(`"${name}" is refused: it holds the program's own files`);
  }

  #verifyOpened(opened: Deno.FileInfo, path: string, name: string): void {
    this.requireUnmoved(path, name);
    const now = Deno.lstatSync(path);
    if (opened.isFile && opened.dev === now.dev && opened.ino === now.ino) return;
    throw violation(`"${name}" was replaced while it was being opened. Call again`);
  }

  #rootOf({ mount }: Place): string {
    if (mount === "state") throw violation("@state is not open to the file worker");
    return this.#setup[mount];
  }

  #isClosed(path: string, access: Access): boolean {
    const { hidden, pkg, project } = this.#setup;
    const liesIn = (folder: string, inside: string) => partsBelow(folder, inside) !== undefined;
    // The package lies inside the data folder, which is hidden otherwise; inside the project it stays
    // read only under its other name, too. A project inside its package is the user's own.
    if (liesIn(pkg, path) && !liesIn(pkg, project)) return access === "write";
    return hidden.some((folder) => liesIn(folder, path));
  }

  /** That there is no such file, and what the nearest folder holds instead. */
  missing(place: Place): FileProblem {
    const name = nameOf(place);
    for (let known = place.parts.length - 1; known >= 0; known--) {
      const folder: Place = { mount: place.mount, parts: place.parts.slice(0, known) };
      const { path, exists } = this.locate(folder, "read");
      if (!exists) continue;
      const names = this.readFolder(path, nameOf(folder)).map((entry) => entry.name)
        .filter((entry) => !entry.startsWith(".")).slice(0, 20);
      const holds = names.length === 0 ? "is empty" : `holds ${names.join(", ")}`;
      return new FileProblem("ENOENT", `There is no "${name}". "${nameOf(folder)}" ${holds}`);
    }
    return new FileProblem("ENOENT", `There is no "${name}"`);
  }
}

/** The kind of an entry, as the tools name it. */
export function kindOf(
  entry: { isFile: boolean; isDirectory: boolean; isSymlink: boolean },
): ListEntry["kind"] {
  if (entry.isSymlink) return "link";
  if (entry.isFile) return "file";
  return entry.isDirectory ? "folder" : "other";
}

/** The real path of the longest part of the place that exists. */
function nearestReal(root: string, place: Place): { real: string; missing: readonly string[] } {
  for (let known = place.parts.length;; known--) {
    const path = join(root, ...place.parts.slice(0, known));
    try {
      return { real: Deno.realPathSync(path), missing: place.parts.slice(known) };
    } catch (thrown) {
      if (systemCode(thrown) !== "ENOENT" || known === 0) throw thrown;
    }
    if (lstat(path)) throw violation(`"${nameOf(place)}" is refused: a link in it leads nowhere`);
  }
}

/** Names of `path` below `root`, `undefined` if it lies elsewhere. Compared by names, not prefix. */
function partsBelow(root: string, path: string): string[] | undefined {
  const above = splitPath(root);
  const parts = splitPath(path);
  const head = parts.slice(0, above.length);
  const below = parts.slice(above.length);
  if (head.length === above.length && head.every((name, at) => name === above[at])) return below;
  const folded = head.length === above.length &&
    head.every((name, at) => fold(name) === fold(above[at] ?? ""));
  return folded && isSameFolder(root, head.join(sep)) ? below : undefined;
}

function splitPath(path: string): string[] {
  const parts = path.split(sep);
  while (parts.length > 1 && parts.at(-1) === "") parts.pop();
  return parts;
}

/** Names that differ in case or Unicode form are one folder only if the file system says so. */
function isSameFolder(a: string, b: string): boolean {
  const [first, second] = [lstat(a), lstat(b)];
  return first !== undefined && first.ino !== null && first.ino === second?.ino &&
    first.dev === second.dev;
}

function fold(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (thrown) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(thrown))) return undefined;
    throw thrown;
  }
}

function violation(message: string): FileProblem {
  return new FileProblem("E_SANDBOX_VIOLATION", message);
}
