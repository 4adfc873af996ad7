// A blank package to edit, and short ways to ask what an edit made of it.
import { applyEdit, type EditResult } from "../../../builder/edit/apply_edit.ts";
import { type Draft, openDraft } from "../../../builder/edit/draft.ts";
import { blankPackage } from "../../../runtime/package/template.ts";
import type { Edit } from "../../../schemas/edit.ts";

/** The steps and documents of the only workflow of `blankPackage`. */
export const PATHS = {
  graph: "workflows/main/workflow.graph.json",
  document: "workflows/main/workflow.md",
  first: "workflows/main/steps/first.md",
  done: "workflows/main/steps/done.md",
} as const;

/** A blank package. */
export function blankDraft(): Draft {
  return openDraft(blankPackage("blank"));
}

/** Applies one edit with ids that count up. */
export function apply(draft: Draft, edit: Edit, base?: Draft): EditResult {
  let count = 0;
  const context = { newId: () => `new${++count}` };
  return applyEdit(draft, edit, base ? { ...context, base } : context);
}

/** The draft after several edits. */
export function applyAll(draft: Draft, edits: readonly Edit[]): Draft {
  let number = 0;
  const newId = () => `id${++number}`;
  return edits.reduce((current, edit) => applyEdit(current, edit, { newId }).draft, draft);
}

/** The text of a file; empty if there is none. */
export function textOf(draft: Draft, path: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(draft.files.get(path));
}

/** The draft with one file replaced by a text. */
export function withText(draft: Draft, path: string, text: string): Draft {
  return openDraft(new Map([...draft.files, [path, new TextEncoder().encode(text)]]));
}
