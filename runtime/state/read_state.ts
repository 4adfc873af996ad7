// A state document as values, leniently read and checked against its schema.
import { type FrontMatter, readFrontMatter } from "../../schemas/front_matter.ts";
import { normalise } from "../../schemas/lenient.ts";
import type { WorkflowState } from "../../schemas/package.ts";
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import { validate } from "../../schemas/validate.ts";

/** A state document that can be read and is valid. */
export interface ReadState {
  readonly ok: true;
  readonly state: WorkflowState;
  readonly frontMatter: FrontMatter;
}

/** Reads a state document. Fails with `E_INVALID_FRONTMATTER` or `E_SCHEMA_VALIDATION`. */
export function readState(text: string): ReadState | ToolFailure {
  const read = readFrontMatter(text);
  if (!read.ok) {
    const { message, line, column } = read.problem;
    return toolFailure(
      "E_INVALID_FRONTMATTER",
      `The front matter of the state document would be broken: ${message} (line ${line}, column ${column}). Nothing was changed. Use fs_apply_patch with operation "updateFrontmatter", or state_complete_node, rather than editing the YAML by hand`,
      { line, column },
    );
  }
  if (read.value.hasAnchors) {
    return toolFailure(
      "E_INVALID_FRONTMATTER",
      "Anchors and aliases (&name, *name) have no place in the state document: a change of one value would change others. Nothing was changed. Write each value out",
    );
  }
  const state = normalise("workflow_state", read.value.data);
  const violations = validate("workflow_state", state);
  if (violations.length > 0) {
    const list = violations.map(({ pointer, message }) => `${pointer || "/"}: ${message}`);
    return toolFailure(
      "E_SCHEMA_VALIDATION",
      `The state document would not be valid: ${list.join("; ")}. Nothing was changed`,
      { violations },
    );
  }
  return { ok: true, state: state as WorkflowState, frontMatter: read.value };
}
