// The folder that a project is generated into: whose it is, what differs, and its replacement as a whole.
// Output can be made again at any time, so nothing here waits for the disk (`runtime/disk/`).
import { basename, dirname, join, resolve } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { isMarker, MARKER } from "./marker.ts";

/** What a project gathers while it is used; it moves along when the rest is replaced. */
const KEPT: readonly string[] = [
  ".env",
  ".git",
  "config",
  "deno.lock",
  "node_modules",
  "package-lock.json",
];

/** Paths below the folder by what becomes of them. */
export interface Comparison {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: readonly string[];
}

/** Where the pieces of a replacement lie: beside the folder, on the same disk. */
interface Siblings {
  readonly fresh: string;
  readonly old: string;
  readonly lock: string;
}

/** An output folder. `kept` names folders at its top that hold data, besides the usual ones. */
export class OutFolder {
  readonly dir: string;
  readonly #kept: ReadonlySet<string>;

  constructor(dir: string, kept: readonly string[]) {
    this.dir = resolve(dir);
    this.#kept = new Set([...KEPT, ...kept]);
  }

  /** @throws AppError `FLOW_OUT_FOREIGN` unless the folder is missing, empty or made by us */
  requireOurs(): void {
    const stat = lstat(this.dir);
    if (stat === undefined) return;
    if (!stat.isDirectory) throw foreign(this.dir, "is no folder");
    if (isMarker(textOf(join(this.dir, MARKER)) ?? "")) return;
    for (const { name } of Deno.readDirSync(this.dir)) {
      throw foreign(this.dir, `holds "${name}" and no ${MARKER}`);
    }
  }

  /** What writing these files would change. */
  compare(files: ReadonlyMap<string, string>): Comparison {
    const present = new Set(lstat(this.dir) ? this.#list("") : []);
    const added: string[] = [];
    const changed: string[] = [];
    const unchanged: string[] = [];
    for (const [path, text] of files) {
      if (!present.has(path)) added.push(path);
      else if (textOf(join(this.dir, path)) === text) unchanged.push(path);
      else changed.push(path);
    }
    const removed = [...present].filter((path) => !files.has(path)).sort();
    return { added, changed, removed, unchanged };
  }

  /**
   * Makes the folder hold these files, and of what was there before only what is kept. It is built
   * beside and then swapped; unchanged files stay the very files they were. Killed at any time, the
   * folder holds the old files or the new ones; killed right between two renames it is missing until the
   * next call, which puts the old one back first (`recover`).
   * @throws AppError `DATA_FOLDER_BUSY` while another process replaces it, `FILE_WRITE_FAILED`
   */
  replace(files: ReadonlyMap<string, string>, { unchanged }: Comparison): void {
    const places = this.#siblings();
    const same = new Set(unchanged);
    try {
      Deno.mkdirSync(places.fresh, { recursive: true });
      for (const folder of foldersOf(files)) Deno.mkdirSync(join(places.fresh, folder));
      for (const [path, text] of files) {
        const target = join(places.fresh, path);
        if (!same.has(path) || !link(join(this.dir, path), target)) {
          Deno.writeTextFileSync(target, text, { createNew: true });
        }
      }
      if (lstat(this.dir)) Deno.renameSync(this.dir, places.old);
      Deno.renameSync(places.fresh, this.dir);
      this.#settle(places);
    } catch (cause) {
      this.recover();
      throw new AppError("FILE_WRITE_FAILED", `The folder "${this.dir}" cannot be written`, {
        cause,
      });
    }
  }

  /** Ends what a call that was killed had begun: puts an old folder back, or what it kept. */
  recover(): void {
    const places = this.#siblings();
    remove(places.fresh);
    if (lstat(places.old) === undefined) return;
    if (lstat(this.dir) === undefined) Deno.renameSync(places.old, this.dir);
    else this.#settle(places);
  }

  /** Runs `work` while no other process replaces the folder. @throws AppError `DATA_FOLDER_BUSY` */
  locked<T>(work: () => T): T {
    const { lock } = this.#siblings();
    Deno.mkdirSync(dirname(lock), { recursive: true });
    using file = Deno.openSync(lock, { create: true, write: true });
    if (!file.tryLockSync(true)) {
      throw new AppError("DATA_FOLDER_BUSY", `Another process generates into "${this.dir}" now`);
    }
    try {
      return work();
    } finally {
      remove(lock);
    }
  }

  /** Moves what is kept, then lets go of the old folder: in this order nothing can be lost. */
  #settle({ old }: Siblings): void {
    if (lstat(old) === undefined) return;
    for (const { name } of Deno.readDirSync(old)) {
      const target = join(this.dir, name);
      if (this.#kept.has(name) && lstat(target) === undefined) {
        Deno.renameSync(join(old, name), target);
      }
    }
    remove(old);
  }

  #siblings(): Siblings {
    const beside = (word: string) =>
      join(dirname(this.dir), `.${basename(this.dir)}.crewagent-${word}`);
    return { fresh: beside("new"), old: beside("old"), lock: beside("lock") };
  }

  /** Everything below that is no folder; what is kept at the top is left out. */
  #list(folder: string): string[] {
    return [...Deno.readDirSync(join(this.dir, folder))].flatMap(({ name, isDirectory }) => {
      if (folder === "" && this.#kept.has(name)) return [];
      const path = folder === "" ? name : `${folder}/${name}`;
      return isDirectory ? this.#list(path) : [path];
    });
  }
}

function foreign(dir: string, why: string): AppError {
  return new AppError(
    "FLOW_OUT_FOREIGN",
    `"${dir}" ${why}, so "crewagent generate" has not made it and does not replace it. ` +
      "Name a new or an empty folder as --out",
  );
}

function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw thrown;
  }
}

/** The text of a plain file; `undefined` for anything else. */
function textOf(path: string): string | undefined {
  try {
    return Deno.lstatSync(path).isFile ? Deno.readTextFileSync(path) : undefined;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw thrown;
  }
}

/** The same file under another name; false where the disk cannot. */
function link(from: string, to: string): boolean {
  try {
    Deno.linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.NotFound)) throw thrown;
  }
}

/** Every folder that these paths need, parents first. */
function foldersOf(files: ReadonlyMap<string, string>): string[] {
  const folders = new Set<string>();
  for (const path of files.keys()) {
    const parts = path.split("/").slice(0, -1);
    parts.forEach((_, index) => folders.add(parts.slice(0, index + 1).join("/")));
  }
  return [...folders].sort();
}
