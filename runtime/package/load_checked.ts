// A package that can be run: read, checked, and without an error among its findings.
import { AppError } from "../../schemas/error.ts";
import { hasErrors } from "../../schemas/finding.ts";
import type { PackageFiles } from "./archive.ts";
import { checkPackage, checkPackageFiles } from "./check.ts";
import type { LoadedPackage, ReadResult } from "./load.ts";

/**
 * Reads a package that a run can be started with.
 * @throws AppError `PKG_INVALID` with the first error and how to see all, other `PKG_*`
 */
export async function loadChecked(source: string): Promise<LoadedPackage> {
  return soundPackage(await checkPackage(source), `crewagent check ${source}`);
}

/**
 * `loadChecked` of files in memory.
 * @param name the package as a person knows it
 * @throws AppError `PKG_INVALID` with the first error
 */
export function loadCheckedFiles(files: PackageFiles, name: string): LoadedPackage {
  return soundPackage(checkPackageFiles(files, name), "the findings on its page");
}

function soundPackage(
  { package: loaded, findings }: ReadResult,
  whereAll: string,
): LoadedPackage {
  if (loaded && !hasErrors(findings)) return loaded;
  const errors = findings.filter(({ severity }) => severity === "error");
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  throw new AppError(
    "PKG_INVALID",
    `The package cannot run: ${first?.file}: ${first?.message}${more}. See all with: ${whereAll}`,
    { details: { findings: errors } },
  );
}
