// A package that can be run: read, checked, and without an error among its findings.
import { AppError } from "../../schemas/error.ts";
import { hasErrors } from "../../schemas/finding.ts";
import { checkPackage } from "./check.ts";
import type { LoadedPackage } from "./load.ts";

/**
 * Reads a package that a run can be started with.
 * @throws AppError `PKG_INVALID` with the first error and how to see all, other `PKG_*`
 */
export async function loadChecked(source: string): Promise<LoadedPackage> {
  const { package: loaded, findings } = await checkPackage(source);
  if (loaded && !hasErrors(findings)) return loaded;
  const errors = findings.filter(({ severity }) => severity === "error");
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  throw new AppError(
    "PKG_INVALID",
    `The package cannot run: ${first?.file}: ${first?.message}${more}. See all with: crewagent check ${source}`,
    { details: { findings: errors } },
  );
}
