// Findings as a person reads them on a terminal; used by `check` and `pack`.
import type { Finding } from "../../schemas/finding.ts";
import { type Palette, printable } from "./terminal.ts";

/** How many findings there are of each severity. */
export interface FindingCounts {
  readonly errors: number;
  readonly warnings: number;
}

/** Counts findings. */
export function countFindings(findings: readonly Finding[]): FindingCounts {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: findings.length - errors };
}

/** `2 errors, 1 warning`, or `no findings`. */
export function countsText({ errors, warnings }: FindingCounts): string {
  const parts = [plural(errors, "error"), plural(warnings, "warning")].filter((part) =>
    part !== ""
  );
  return parts.join(", ") || "no findings";
}

function plural(count: number, noun: string): string {
  return count === 0 ? "" : `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Lines for the findings, grouped by file in the order given; each with its hint below. */
export function findingLines(findings: readonly Finding[], paint: Palette): string[] {
  const byFile = Map.groupBy(findings, ({ file }) => file);
  return [...byFile].flatMap(([file, group]) => [
    paint.bold(printable(file)),
    ...group.flatMap((finding) => linesOf(finding, paint)),
    "",
  ]);
}

function linesOf(
  { severity, code, line, column, message, hint }: Finding,
  paint: Palette,
): string[] {
  const place = line === undefined ? "" : `${line}:${column ?? 1}`;
  const mark = severity === "error" ? paint.red("error") : paint.yellow("warning");
  return [
    `  ${place.padEnd(7)} ${mark} ${printable(message)} ${paint.dim(code)}`,
    `          ${paint.dim(printable(hint))}`,
  ];
}
