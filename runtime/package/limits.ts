// How much a package may hold (`package-format.md`, "A package is untrusted input"), ZIP or folder.
import { AppError } from "../../schemas/error.ts";

/** Limits of a package; all sizes in bytes. */
export const PACKAGE_LIMITS = {
  archiveBytes: 50 * 1024 * 1024,
  unpackedBytes: 100 * 1024 * 1024,
  entries: 5000,
  /** Unpacked to packed size of one entry; text seldom exceeds 50, a bomb has up to 1,032. */
  entryRatio: 200,
  /** Unpacked to packed size of all entries together. */
  overallRatio: 100,
  /** Below this unpacked size no ratio is judged. */
  ratioFreeBytes: 256 * 1024,
} as const;

/** Counts what a package unpacks to while it is read. */
export class Allowance {
  #entries = 0;
  #bytes = 0;

  /** @param what the package as a person knows it, for messages */
  constructor(readonly what: string) {}

  /**
   * Takes one more file into account.
   * @throws AppError `PKG_ZIP_TOO_MANY_ENTRIES`, `PKG_ZIP_TOO_LARGE`
   */
  spend(path: string, bytes: number): void {
    this.#entries++;
    this.#bytes += bytes;
    if (this.#entries > PACKAGE_LIMITS.entries) throw tooManyEntries(this.what);
    if (this.#bytes <= PACKAGE_LIMITS.unpackedBytes) return;
    const most = inMiB(PACKAGE_LIMITS.unpackedBytes);
    throw new AppError(
      "PKG_ZIP_TOO_LARGE",
      `${this.what} unpacks to more than ${most}, the most a package may hold ("${path}" exceeds it)`,
    );
  }

  get bytes(): number {
    return this.#bytes;
  }
}

/** The failure of a package with too many files. */
export function tooManyEntries(what: string): AppError {
  return new AppError(
    "PKG_ZIP_TOO_MANY_ENTRIES",
    `${what} holds more than ${PACKAGE_LIMITS.entries} files and folders, the most a package may have`,
  );
}

/** `50 MiB`. */
export function inMiB(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
