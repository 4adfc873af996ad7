// Conditions on text: patterns and headings. Pure; hostile text and patterns cost bounded work.
import { markdownLines } from "../../schemas/markdown_lines.ts";
import type { StepCheck } from "../../schemas/package.ts";
import { compileExpression } from "../../schemas/regular_expression.ts";
import type { WorkBudget } from "../../schemas/work_budget.ts";
import { type CheckFault, checkFault, type CheckSubject, quoted } from "./check_report.ts";

/**
 * Judges `matches` and `notMatches`. A pattern that RE2 does not take is passed over: a package with
 * one cannot be started. @throws TooMuchWork
 */
export function patternFaults(
  subject: CheckSubject,
  { matches, notMatches }: StepCheck,
  { text, budget }: { readonly text: string; readonly budget: WorkBudget },
): CheckFault[] {
  const faults: CheckFault[] = [];
  const clean = withPlainLineEnds(text);
  if (matches !== undefined && firstMatch(matches, clean, budget) === -1) {
    faults.push(checkFault(
      subject,
      "matches",
      `has nothing that matches the pattern ${quoted(matches, 200)}; it begins with ${
        quoted(clean)
      }. Change it so that the pattern matches`,
    ));
  }
  const at = notMatches === undefined ? -1 : firstMatch(notMatches, clean, budget) ?? -1;
  if (at !== -1) {
    const { number, line } = lineAt(clean, at);
    faults.push(checkFault(
      subject,
      "notMatches",
      `must not match the pattern ${
        quoted(notMatches ?? "", 200)
      }, but line ${number} does: ${line}. Change or remove that text`,
    ));
  }
  return faults;
}

/** Where a pattern first matches, -1 if nowhere; `undefined` for a pattern that RE2 does not take. */
function firstMatch(pattern: string, text: string, budget: WorkBudget): number | undefined {
  const compiled = compileExpression(pattern, { multiline: true });
  if (!compiled.ok) return undefined;
  budget.spend(compiled.expression.size * text.length);
  return compiled.expression.find(text);
}

/** A `$` of a pattern stands before a line feed. */
function withPlainLineEnds(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

const CHARS_BEFORE = 30;

function lineAt(text: string, at: number): { number: number; line: string } {
  const before = text.slice(0, at);
  const start = before.lastIndexOf("\n") + 1;
  const end = text.indexOf("\n", at);
  const from = Math.max(start, at - CHARS_BEFORE);
  const line = quoted(text.slice(from, end === -1 ? undefined : Math.max(end, at)));
  return { number: before.split("\n").length, line };
}

/** Judges `headings`: all are there, at any level, ignoring case and surrounding spaces. */
export function headingFaults(
  subject: CheckSubject,
  { headings = [] }: StepCheck,
  text: string,
): CheckFault[] {
  if (headings.length === 0) return [];
  const found = headingsOf(text);
  const known = new Set(found.map(plainHeading));
  const missing = headings.filter((heading) => !known.has(plainHeading(heading)));
  if (missing.length === 0) return [];
  const present = found.length === 0 ? "it has no heading" : `its headings are ${shownList(found)}`;
  return [checkFault(
    subject,
    "headings",
    `lacks the heading${missing.length > 1 ? "s" : ""} ${
      shownList(missing)
    }; ${present}. Add a line such as "## ${missing[0]?.slice(0, 60)}" with its text below`,
  )];
}

const MOST_SHOWN = 8;

function shownList(items: readonly string[]): string {
  const more = items.length > MOST_SHOWN ? ` and ${items.length - MOST_SHOWN} more` : "";
  return `${items.slice(0, MOST_SHOWN).map((item) => quoted(item.trim(), 60)).join(", ")}${more}`;
}

function plainHeading(heading: string): string {
  return heading.trim().replace(/\s+/g, " ").toLowerCase();
}

/** Both forms of Markdown, `# Text` and underlined; lines of code are none. */
function headingsOf(text: string): string[] {
  const headings: string[] = [];
  let above = "";
  for (const { text: line, isCode } of markdownLines(text.replace(/^\uFEFF/, ""), 1)) {
    const trimmed = isCode ? "" : line.trim();
    if (/^#{1,6}\s/.test(trimmed)) headings.push(withoutMarks(trimmed));
    else if (above !== "" && isUnderline(trimmed)) headings.push(above);
    above = trimmed;
  }
  return headings;
}

function isUnderline(line: string): boolean {
  return line.length > 1 && (line.replaceAll("=", "") === "" || line.replaceAll("-", "") === "");
}

/** `## Text ##` → `Text`. */
function withoutMarks(line: string): string {
  const text = line.replace(/^#+/, "").trim();
  const closing = /\s#+$/.exec(text.slice(-20));
  return closing ? text.slice(0, -closing[0].length).trim() : text;
}
