import { deepStrictEqual, fail, ok } from "node:assert/strict";
import { applyEdit, type EditResult } from "../../../builder/edit/apply_edit.ts";
import { type Draft, openDraft, stepOf } from "../../../builder/edit/draft.ts";
import { findingsOf } from "../../../builder/edit/findings.ts";
import type { Edit, EditOf } from "../../../schemas/edit.ts";
import { AppError } from "../../../schemas/error.ts";
import { asFiles, samplePackage } from "../../runtime/package/sample_package.ts";
import { KINDS, RandomEdits, seeded } from "./random_edits.ts";

/** Renaming an agent changes the node too, and rightly so. */
const OTHERS = KINDS.filter((kind) => !kind.startsWith("agent."));

/** A field of the node form as a draft has it. */
function valueOf(draft: Draft, edit: EditOf<"node.change">, field: string): unknown {
  const node = draft.workflow(edit.workflowId)?.node(edit.nodeId);
  const step = stepOf(draft, edit.workflowId, edit.nodeId);
  const values: Record<string, unknown> = { ...step?.frontMatter, ...node, ...step };
  return values[field];
}

function attempt(draft: Draft, edit: Edit, base?: Draft): EditResult | undefined {
  try {
    const context = { newId: () => "x1y2z3" };
    return applyEdit(draft, edit, base ? { ...context, base } : context);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code.startsWith("EDIT_")) return undefined;
    fail(String(thrown));
  }
}

Deno.test("applyEdit() from two tabs at one revision applies or refuses, and loses no change", () => {
  const edits = new RandomEdits(seeded(42));
  const base = openDraft(asFiles(samplePackage()));
  const outcomes = { applied: 0, refused: 0 };
  for (let round = 0; round < 1500; round++) {
    const theirs = edits.next(base, "node.change") as EditOf<"node.change">;
    const first = attempt(base, theirs);
    if (!first || first.changes.size === 0) continue;
    const mine = edits.next(base, edits.pick(OTHERS));
    const second = attempt(first.draft, mine, base);
    outcomes[second ? "applied" : "refused"]++;
    if (!second) continue;
    const errors = findingsOf(second.draft).filter(({ severity }) => severity === "error");
    deepStrictEqual(errors, [], JSON.stringify(mine));
    // After a rename the node goes by another id; its values are then not found under the old one.
    if (!second.draft.workflow(theirs.workflowId)?.node(theirs.nodeId)) continue;
    const lost = Object.keys(theirs.fields).filter((field) => {
      const [was, set, is] = [base, first.draft, second.draft].map((draft) =>
        JSON.stringify(valueOf(draft, theirs, field))
      );
      return was !== set && set !== is;
    });
    deepStrictEqual(lost, [], JSON.stringify(mine));
  }
  ok(outcomes.applied > 200 && outcomes.refused > 100, JSON.stringify(outcomes));
});
