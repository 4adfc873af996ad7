// The project's files for the shell itself, through the same worker and walls as the tools of a model:
// to show what a run changed, and to put it back.
import { AppError } from "../../schemas/error.ts";
import { FileWorker, type Outcome } from "./file_worker.ts";
import { parsePlace, type Place } from "./mounts.ts";
import { SYSTEM_POLICY } from "./policy.ts";
import type { LoadedFile } from "./worker_protocol.ts";

/** A project, file by file. Paths are mount paths. Failures are `FILE_WRITE_FAILED`. */
export interface ProjectFiles {
  /** The whole file, or `null` if there is none. */
  load(path: string): Promise<LoadedFile | null>;
  /** A unified diff, cut to a readable size. */
  diff(path: string, before: Uint8Array | null, after: Uint8Array): Promise<string>;
  /** Puts `bytes` there, or removes the file for `null`; only if it still holds `sha256Before`. */
  restore(
    path: string,
    bytes: Uint8Array<ArrayBuffer> | null,
    sha256Before: string | null,
  ): Promise<void>;
  close(): void;
}

/** Opens a project by its real path. Close it when done. */
export function openProjectFiles(projectDir: string, hiddenDir: string): ProjectFiles {
  const setup = { project: projectDir, pkg: projectDir, hidden: [hiddenDir], confined: true };
  const files = new FileWorker(setup);
  const limits = { timeoutMs: SYSTEM_POLICY.timeoutMs, signal: new AbortController().signal };
  return {
    async load(path) {
      const loaded = await files.run("load", { place: placeOf(path) }, limits);
      return valueOf(loaded).file;
    },
    diff: async (name, before, after) =>
      valueOf(await files.run("diff", { name, before, after }, limits)),
    async restore(path, bytes, sha256Before) {
      const place = placeOf(path);
      if (bytes) valueOf(await files.run("replace", { place, bytes, sha256Before }, limits));
      else if (sha256Before) valueOf(await files.run("remove", { place, sha256Before }, limits));
    },
    close: () => files.close(),
  };
}

function placeOf(path: string): Place {
  const parsed = parsePlace(path, "write");
  if (parsed.ok) return parsed.place;
  throw new AppError("FILE_WRITE_FAILED", parsed.error.message);
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new AppError("FILE_WRITE_FAILED", outcome.error.message);
}
