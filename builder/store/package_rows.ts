// What several files of the store ask and say of a package's row.
import { AppError } from "../../schemas/error.ts";
import type { Guard, Row } from "./database_protocol.ts";
import { integerOf, textOf, textOrNull } from "./database_row.ts";
import { searchKey } from "./package_facts.ts";
import type { PackageRecord, WorkflowTitle } from "./packages.ts";

/** Which package of which user. */
export interface PackageKey {
  readonly userId: string;
  readonly packageId: string;
}

/** Holds if the package is this user's and in use. */
export function ownPackage({ userId, packageId }: PackageKey): Guard {
  return {
    sql: "SELECT 1 FROM packages WHERE package_id = ? AND owner_id = ? AND deleted_at IS NULL",
    args: [packageId, userId],
    expects: "row",
  };
}

/** Holds if no other package in use of this user has the name. */
export function nameIsFree({ userId, packageId }: PackageKey, name: string): Guard {
  return {
    sql: `SELECT 1 FROM packages
      WHERE owner_id = ? AND name_key = ? AND deleted_at IS NULL AND package_id <> ?`,
    args: [userId, searchKey(name), packageId],
    expects: "no row",
  };
}

/** A record from a row of `packages`. */
export function packageOf(row: Row): PackageRecord {
  return {
    packageId: textOf(row, "package_id"),
    name: textOf(row, "name"),
    version: textOf(row, "version"),
    description: textOf(row, "description"),
    workflows: JSON.parse(textOf(row, "workflows")) as readonly WorkflowTitle[],
    revision: integerOf(row, "revision"),
    createdAt: textOf(row, "created_at"),
    updatedAt: textOf(row, "updated_at"),
    deletedAt: textOrNull(row, "deleted_at"),
  };
}

/** The same for an unknown package and for one of another user. */
export function packageNotFound(packageId: string): AppError {
  return new AppError("PKG_NOT_FOUND", `There is no package ${JSON.stringify(packageId)}`, {
    details: { packageId },
  });
}

/** @param free a name that could be used instead */
export function nameTaken(name: string, free: string): AppError {
  return new AppError(
    "PKG_NAME_TAKEN",
    `There is a package ${JSON.stringify(name)} already. Choose another name, such as ${
      JSON.stringify(free)
    }`,
    { details: { name, free } },
  );
}
