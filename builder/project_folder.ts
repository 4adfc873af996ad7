// One project, file by file, for a person: through the same worker and walls as the tools of a model.
// Not here: who may open it (`projects.ts`), and what was deleted (`project_bin.ts`).
import { FileWorker } from "../runtime/tools/file_worker.ts";
import { nameOf, parsePlace, type Place } from "../runtime/tools/mounts.ts";
import { SYSTEM_POLICY } from "../runtime/tools/policy.ts";
import type {
  Digest,
  FolderWindow,
  Gathered,
  Glimpse,
  LatestFile,
} from "../runtime/tools/folder_protocol.ts";
import type {
  LineWindow,
  LoadedFile,
  ReadTable,
  ReadText,
  WorkerOperation,
  WorkerOperations,
} from "../runtime/tools/worker_protocol.ts";
import { AppError, type ErrorCode } from "../schemas/error.ts";
import type { ToolErrorCode } from "../schemas/tool.ts";

/** A page of entries or rows, from 0. */
export interface Page {
  readonly from: number;
  readonly count: number;
}

/** A file that is put back. */
export interface KeptFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Permission bits; `null` where the system has none. */
  readonly mode: number | null;
}

/**
 * A project. Paths are below it, with `/`; the empty one is the project itself. Nothing outside is ever
 * read or written, whatever a path or a link in it says; `.git`, `.crewagent*` and the data folder are
 * closed. Writes are atomic and durable.
 * @throws AppError from every method: `FILE_NOT_FOUND`, also for a path that leads out or is closed;
 * `REQUEST_INVALID` for a folder in place of a file, or a file in place of a folder; `EDIT_CONFLICT` if the
 * file is not what the caller saw; `FILE_EXISTS` if a new name is taken; `EDIT_REFUSED` for a change of
 * what is closed, is too large, or the system does not give; `FILE_WRITE_FAILED`
 */
export interface ProjectFolder {
  /** Real path. */
  readonly path: string;
  window(path: string, page: Page): Promise<FolderWindow>;
  glimpse(path: string): Promise<Glimpse>;
  /** Lines of a text. What is no text is `REQUEST_INVALID`. */
  read(path: string, window: LineWindow & { readonly maxBytes: number }): Promise<ReadText>;
  /** Rows of a CSV or TSV file. */
  table(path: string, page: Page): Promise<ReadTable>;
  /** A whole file that is to be changed; 64 MiB at most. */
  load(path: string): Promise<LoadedFile>;
  digest(path: string): Promise<Digest>;
  /**
   * The bytes of a file; fails in the middle if the file changes meanwhile.
   * @param stamp of the state that is wanted; any if not given
   */
  stream(path: string, stamp?: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** The files below a folder, last changed first. */
  latest(path: string, most: number): Promise<readonly LatestFile[]>;
  /** A unified diff, cut to a readable size. */
  diff(path: string, before: Uint8Array, after: Uint8Array): Promise<string>;
  /** Writes if the file still is `sha256Before`; for `null`, if none is there. Returns the new hash. */
  write(
    path: string,
    bytes: Uint8Array<ArrayBuffer>,
    sha256Before: string | null,
  ): Promise<string>;
  makeFolder(path: string): Promise<void>;
  /** Renames or moves; what is there is never replaced. */
  move(path: string, to: string): Promise<void>;
  /** A file, or all that a folder holds: 500 entries and 64 MiB at most. */
  gather(path: string): Promise<Gathered>;
  removeFile(path: string, sha256Before: string): Promise<void>;
  removeFolder(path: string, gathered: Gathered): Promise<void>;
  /** Puts a file back where none is; its names are as they were gathered. */
  restoreFile(parts: readonly string[], file: KeptFile): Promise<void>;
  /** Makes a folder if it is missing. */
  restoreFolder(parts: readonly string[]): Promise<void>;
  /** Whether something is under way. */
  isBusy(): boolean;
  close(): void;
}

const CHUNK_BYTES = 1 << 20;
const GATHER = { maxFiles: 500, maxBytes: 64 << 20 };
const LIMITS = { timeoutMs: SYSTEM_POLICY.timeoutMs, signal: new AbortController().signal };

/** Opens a project by its real path. Its worker is started at the first use. */
export function openProjectFolder(projectDir: string, dataDir: string): ProjectFolder {
  return new WorkedFolder(projectDir, dataDir);
}

class WorkedFolder implements ProjectFolder {
  readonly path: string;
  readonly #files: FileWorker;
  #underWay = 0;

  constructor(projectDir: string, dataDir: string) {
    this.path = projectDir;
    const setup = { project: projectDir, pkg: projectDir, hidden: [dataDir], confined: true };
    this.#files = new FileWorker(setup);
  }

  async window(path: string, page: Page): Promise<FolderWindow> {
    return await this.#run("window", { place: placeOf(path, "read"), ...page });
  }

  async glimpse(path: string): Promise<Glimpse> {
    const seen = await this.#run("glimpse", { place: placeOf(path, "read") });
    if (seen) return seen;
    throw new AppError("FILE_NOT_FOUND", `There is no ${shown(path)} in this project`);
  }

  async read(path: string, window: LineWindow & { maxBytes: number }): Promise<ReadText> {
    return await this.#run("read", { place: placeOf(path, "read"), ...window });
  }

  async table(path: string, { from, count }: Page): Promise<ReadTable> {
    return await this.#run("table", {
      place: placeOf(path, "read"),
      startRow: from + 1,
      endRow: from + count,
      header: true,
      maxBytes: SYSTEM_POLICY.maxReadBytes,
    });
  }

  async load(path: string): Promise<LoadedFile> {
    const { file } = await this.#run("load", { place: placeOf(path, "write") });
    if (file) return file;
    throw new AppError("FILE_NOT_FOUND", `There is no ${shown(path)} in this project`);
  }

  async digest(path: string): Promise<Digest> {
    return await this.#run("digest", { place: placeOf(path, "read") });
  }

  async stream(path: string, stamp?: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const place = placeOf(path, "read");
    const read = (offset: number) => this.#run("chunk", { place, offset, bytes: CHUNK_BYTES });
    // Before the answer begins, so that a file that cannot be opened is told in words.
    let next = await read(0);
    const wanted = stamp ?? next.stamp;
    const changed = () => new AppError("EDIT_CONFLICT", `${shown(path)} changed while it was read`);
    if (next.stamp !== wanted) throw changed();
    let offset = 0;
    return new ReadableStream({
      async pull(controller) {
        const { bytes } = next;
        if (bytes.length === 0) return controller.close();
        controller.enqueue(bytes);
        offset += bytes.length;
        next = await read(offset);
        if (next.stamp !== wanted) controller.error(changed());
      },
    }, { highWaterMark: 0 });
  }

  async latest(path: string, most: number): Promise<readonly LatestFile[]> {
    return await this.#run("latest", { place: placeOf(path, "read"), most });
  }

  async diff(name: string, before: Uint8Array, after: Uint8Array): Promise<string> {
    return await this.#run("diff", { name, before, after });
  }

  async write(
    path: string,
    bytes: Uint8Array<ArrayBuffer>,
    sha256Before: string | null,
  ): Promise<string> {
    const place = placeOf(path, "write");
    try {
      return (await this.#run("replace", { place, bytes, sha256Before })).sha256;
    } catch (thrown) {
      const isTaken = sha256Before === null && thrown instanceof AppError &&
        thrown.code === "EDIT_CONFLICT";
      if (!isTaken) throw thrown;
      throw new AppError("FILE_EXISTS", `There is a file ${shown(path)} already`);
    }
  }

  async makeFolder(path: string): Promise<void> {
    await this.#run("makeFolder", { place: placeOf(path, "write") });
  }

  async move(path: string, to: string): Promise<void> {
    await this.#run("move", { place: placeOf(path, "write"), to: placeOf(to, "write") });
  }

  async gather(path: string): Promise<Gathered> {
    return await this.#run("gather", { place: placeOf(path, "write"), ...GATHER });
  }

  async removeFile(path: string, sha256Before: string): Promise<void> {
    await this.#run("remove", { place: placeOf(path, "write"), sha256Before });
  }

  async removeFolder(path: string, { files, folders }: Gathered): Promise<void> {
    const seen = files.map(({ parts, sha256 }) => ({ parts, sha256 }));
    await this.#run("removeFolder", { place: placeOf(path, "write"), files: seen, folders });
  }

  async restoreFile(parts: readonly string[], { bytes, mode }: KeptFile): Promise<void> {
    const place: Place = { mount: "project", parts };
    const kept = mode === null ? {} : { mode };
    await this.#run("replace", { place, bytes, sha256Before: null, ...kept });
  }

  async restoreFolder(parts: readonly string[]): Promise<void> {
    const place: Place = { mount: "project", parts };
    const there = await this.#run("stat", { place });
    if (there?.kind !== "folder") await this.#run("makeFolder", { place });
  }

  isBusy(): boolean {
    return this.#underWay > 0;
  }

  close(): void {
    this.#files.close();
  }

  async #run<K extends WorkerOperation>(
    operation: K,
    input: Parameters<WorkerOperations[K]>[0],
  ): Promise<ReturnType<WorkerOperations[K]>> {
    this.#underWay++;
    try {
      const outcome = await this.#files.run(operation, input, LIMITS);
      if (outcome.ok) return outcome.value;
      throw problem(outcome.error, READING.has(operation) ? "read" : "write");
    } finally {
      this.#underWay--;
    }
  }
}

function placeOf(path: string, access: "read" | "write"): Place {
  const parsed = parsePlace(`@project/${path}`, access);
  if (parsed.ok) return parsed.place;
  throw problem(parsed.error, access);
}

/**
 * A path as it is written in addresses and answers: without `.`, `..` and doubled slashes.
 * @throws AppError `FILE_NOT_FOUND`
 */
export function plainPath(path: string): string {
  return nameOf(placeOf(path, "read")).slice("@project/".length);
}

const READING: ReadonlySet<WorkerOperation> = new Set(
  ["window", "glimpse", "read", "table", "chunk", "digest", "latest", "diff", "stat"] as const,
);

const CODES: Readonly<Partial<Record<ToolErrorCode, ErrorCode>>> = {
  ENOENT: "FILE_NOT_FOUND",
  E_PRECONDITION_FAILED: "EDIT_CONFLICT",
  E_SANDBOX_VIOLATION: "EDIT_REFUSED",
  E_TOOL_ARGS: "REQUEST_INVALID",
  E_READ_LIMIT: "REQUEST_INVALID",
  E_WRITE_LIMIT: "EDIT_REFUSED",
  E_TOOL_DENIED: "EDIT_REFUSED",
};

interface ToolProblem {
  readonly code: ToolErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What the worker tells a model, told to a person: without mounts and the names of tools. */
function problem({ code, message, details }: ToolProblem, access: "read" | "write"): AppError {
  const isNowhere = code === "E_SANDBOX_VIOLATION" && access === "read";
  const named = isNowhere ? "FILE_NOT_FOUND" : CODES[code];
  const known = details?.isTaken === true ? "FILE_EXISTS" : named;
  const words = message.split(" Paths begin with a mount")[0] ?? message;
  return new AppError(
    known ?? "FILE_WRITE_FAILED",
    words.replaceAll("@project/", "").replaceAll('"@project"', "The project")
      .replaceAll("@project", "the project")
      .replaceAll("closed to tools", "closed here").replace(/ Look into it with fs_list$/, ""),
  );
}

function shown(path: string): string {
  return JSON.stringify(path.slice(0, 200));
}
