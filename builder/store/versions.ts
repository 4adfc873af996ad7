// Named states of a package that stay: a label, notes, and all files as they were.
import type { PackageFiles } from "../../runtime/package/archive.ts";

/** A named state. */
export interface Version {
  readonly versionId: string;
  /** 1–64 characters, such as `1.2.0`; unique within the package. */
  readonly label: string;
  readonly notes: string;
  readonly createdAt: string;
  /** The revision that it shows. */
  readonly revision: number;
}

/** How a file differs between two states; hashes are SHA-256 in hex, `null` where there is no file. */
export interface FileDifference {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Versions of each package. All throw AppError `PKG_NOT_FOUND` for an unknown package or version. */
export interface Versions {
  /**
   * Keeps the package's files as they are now.
   * @throws AppError `REQUEST_INVALID` for a label that is empty, too long or taken
   */
  create(
    userId: string,
    packageId: string,
    version: { readonly label: string; readonly notes: string },
  ): Promise<Version>;
  /** Newest first. */
  list(userId: string, packageId: string): Promise<readonly Version[]>;
  get(userId: string, packageId: string, versionId: string): Promise<Version>;
  files(userId: string, packageId: string, versionId: string): Promise<PackageFiles>;
  /** Which files differ from a version to another, or to the draft as it is now; by path. */
  compare(
    userId: string,
    packageId: string,
    states: { readonly from: string; readonly to: string | "draft" },
  ): Promise<readonly FileDifference[]>;
  delete(userId: string, packageId: string, versionId: string): Promise<void>;
}
