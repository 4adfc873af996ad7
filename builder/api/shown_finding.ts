// A finding as the API shows it. Not here: what is found.
import type { Finding } from "../../schemas/finding.ts";

/** The finding with explicit nulls. */
export function shownFinding(finding: Finding) {
  const { severity, code, file, message, hint } = finding;
  const { pointer = null, line = null, column = null } = finding;
  return { severity, code, file, pointer, line, column, message, hint };
}
