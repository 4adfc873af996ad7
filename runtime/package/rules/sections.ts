// Sections that a step file has to have.
import type { Finding } from "../../../schemas/finding.ts";
import type { MarkdownDocument } from "../documents.ts";
import { finding } from "../finding_codes.ts";
import { markdownLines } from "../../../schemas/markdown_lines.ts";

const REQUIRED = ["Goal", "Instructions"] as const;

/** Findings for sections that are missing or empty. A section ends at the next heading `#` or `##`. */
export function* missingSections(step: MarkdownDocument<unknown>): Generator<Finding> {
  const { file, body, bodyLine } = step;
  const found = new Map<string, { line: number; isEmpty: boolean }>();
  let current: { line: number; isEmpty: boolean } | undefined;
  for (const { text, number, isCode } of markdownLines(body, bodyLine)) {
    const isHeading = !isCode && text.startsWith("#");
    const heading = isHeading ? /^(#{1,2})\s+(.*?)[\s#]*$/.exec(text) : null;
    if (heading?.[1] === "##") {
      current = { line: number, isEmpty: true };
      const name = (heading[2] ?? "").toLowerCase();
      if (!found.has(name)) found.set(name, current);
    } else if (heading) current = undefined;
    else if (current && text.trim() !== "") current.isEmpty = false;
  }
  for (const name of REQUIRED) {
    const section = found.get(name.toLowerCase());
    if (!section) {
      const message = `The step has no section "## ${name}"`;
      yield finding("STEP_SECTION_MISSING", { file, line: bodyLine, column: 1 }, message);
    } else if (section.isEmpty) {
      const message = `The section "## ${name}" is empty`;
      yield finding("STEP_SECTION_EMPTY", { file, line: section.line, column: 1 }, message);
    }
  }
}
