// A full, read-only or forbidden data folder, told in words. Not here: the project's disk, whose
// failures are data for the model (`tools/file_problem.ts`).
import { AppError } from "../../schemas/error.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full. Free some space",
  EDQUOT: "your share of the disk is used up. Free some space",
  EROFS: "the disk is read-only. Choose another folder with --data DIR",
  EACCES: "you may not write there. Choose another folder with --data DIR",
  EPERM: "you may not write there. Choose another folder with --data DIR",
  EIO: "the disk reports a fault. Look after the disk",
};

/** Deno gives some failures no code, only the system's number: quota (Linux, macOS), disk full (Windows). */
const UNNAMED: Readonly<Record<string, string>> = {
  "122": "EDQUOT",
  "69": "EDQUOT",
  "112": "ENOSPC",
};

function osError({ message }: Error): string | undefined {
  return /\(os error (\d+)\)$/.exec(message)?.[1];
}

const CLOSED =
  "the system's own folders (/dev, /proc, /sys, /etc) are closed to programs. Choose another folder with --data DIR";

/**
 * Runs `work` and turns a failure of the disk under the data folder into `FILE_WRITE_FAILED`. What is
 * on disk stays whole: documents are replaced atomically, and a torn last line of the log is cut off
 * when it is opened again, so a run goes on with `resume` once there is room.
 */
export async function withDiskFailures<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    throw diskFailure(thrown) ?? thrown;
  }
}

/** The failure in words, or `undefined` if it is no failure of a disk. */
export function diskFailure(thrown: unknown): AppError | undefined {
  const cause = thrown instanceof AppError && thrown.code === "FILE_WRITE_FAILED"
    ? thrown.cause
    : thrown;
  const reason = reasonOf(cause);
  if (reason === undefined) return undefined;
  const message = `The data folder cannot be written: ${reason}, then try again or resume the run`;
  return new AppError("FILE_WRITE_FAILED", message, { cause: thrown });
}

function reasonOf(thrown: unknown): string | undefined {
  if (thrown instanceof Deno.errors.NotCapable) return CLOSED;
  if (!(thrown instanceof Error)) return undefined;
  const { code = UNNAMED[osError(thrown) ?? ""] } = thrown as Error & { code?: string };
  return code === undefined ? undefined : REASONS[code];
}
