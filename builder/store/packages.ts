// Packages of a user as they are listed, and the files they hold now. Not here: how they came to be
// so (`revisions.ts`) and named states (`versions.ts`).
import type { PackageFiles } from "../../runtime/package/archive.ts";

/** A workflow as a card names it. */
export interface WorkflowTitle {
  readonly workflowId: string;
  readonly title: string;
}

/** A package without its files. What it says about itself is read from its files at each save. */
export interface PackageRecord {
  readonly packageId: string;
  /** The manifest's name; among the packages of a user unique regardless of case. */
  readonly name: string;
  /** The manifest's version. */
  readonly version: string;
  readonly description: string;
  readonly workflows: readonly WorkflowTitle[];
  /** Number of the last change; 0 for a package that was never changed. */
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When it was put into the bin; `null` for one in use. */
  readonly deletedAt: string | null;
}

/** What to list. */
export interface PackageQuery {
  /** Words that name, description or a workflow's title have to contain, all of them, in any case. */
  readonly search?: string;
  /** `bin`: only deleted ones. Packages in use if not given. */
  readonly from?: "use" | "bin";
}

/** A package's files and the revision that left them so. */
export interface StoredFiles {
  readonly revision: number;
  readonly files: PackageFiles;
}

/** Packages of each user; the package of another user is not found. */
export interface Packages {
  /**
   * Stores a new package. Its name is the manifest's; the caller has checked the files.
   * @throws AppError `PKG_NAME_TAKEN` (details.name, details.free: a name that is free),
   * `PKG_INVALID` if `bmad.json` is missing or has no name
   */
  create(userId: string, files: PackageFiles): Promise<PackageRecord>;
  /** Last changed first. */
  list(userId: string, query?: PackageQuery): Promise<readonly PackageRecord[]>;
  /** @throws AppError `PKG_NOT_FOUND` also for a deleted one */
  get(userId: string, packageId: string): Promise<PackageRecord>;
  /** @throws AppError `PKG_NOT_FOUND` */
  files(userId: string, packageId: string): Promise<StoredFiles>;
  /** `name`, or `name 2`, `name 3` …: the first that no package in use of this user has. */
  freeName(userId: string, name: string): Promise<string>;
  /** Puts a package into the bin, where it stays 30 days. @throws AppError `PKG_NOT_FOUND` */
  delete(userId: string, packageId: string): Promise<void>;
  /**
   * Takes a package out of the bin, with its history.
   * @throws AppError `PKG_NOT_FOUND`, `PKG_NAME_TAKEN`
   */
  restore(userId: string, packageId: string): Promise<PackageRecord>;
  /** Removes what has been in the bin for 30 days. The store does it when it is opened. */
  purge(): Promise<number>;
}
