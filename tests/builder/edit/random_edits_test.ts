import { deepStrictEqual, fail, ok } from "node:assert/strict";
import { readFolder } from "../../../runtime/package/folder.ts";
import { blankPackage } from "../../../runtime/package/template.ts";
import type { PackageFiles } from "../../../runtime/package/archive.ts";
import { applyEdit, type EditResult, withFiles } from "../../../builder/edit/apply_edit.ts";
import { type Draft, openDraft } from "../../../builder/edit/draft.ts";
import { findingsOf } from "../../../builder/edit/findings.ts";
import type { Edit } from "../../../schemas/edit.ts";
import { AppError } from "../../../schemas/error.ts";
import { asFiles, formAPackage, samplePackage } from "../../runtime/package/sample_package.ts";
import { RandomEdits, seeded } from "./random_edits.ts";

const example = (name: string) => readFolder(`examples/${name}`, name);
const PACKAGES: Readonly<Record<string, () => PackageFiles>> = {
  blank: () => blankPackage("blank"),
  sample: () => asFiles(samplePackage()),
  "form A": () => asFiles(formAPackage()),
  "hello-branch": () => example("hello-branch"),
  "review-loop": () => example("review-loop"),
  "two-workflows": () => example("two-workflows"),
  "create-story": () => example("create-story"),
};

/** Warnings that mean the writer forgot something; others are the author's business. */
const FORGOTTEN = [
  "STEP_TRANSITIONS_DIFFER",
  "STEP_DIFFERS_FROM_GRAPH",
  "GRAPH_DEFAULT_EDGE",
  "WORKFLOW_LINK_DEAD",
  "ASSET_OUTSIDE_ASSETS",
  "STEP_SECTION_MISSING",
  "STATE_KEY_MISSING",
];

function attempt(draft: Draft, edit: Edit, newId: () => string): EditResult | undefined {
  try {
    return applyEdit(draft, edit, { newId });
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code.startsWith("EDIT_")) return undefined;
    fail(
      `${JSON.stringify(edit).slice(0, 500)}\n${thrown instanceof Error ? thrown.stack : thrown}`,
    );
  }
}

/** Everything that must not be; empty if all is well. */
function faultsOf(before: Draft, edit: Edit, { draft, changes }: EditResult): string[] {
  const known = new Set(findingsOf(before).map(({ code, message }) => code + message));
  const found = findingsOf(draft).filter(({ severity, code, message }) =>
    severity === "error" || (FORGOTTEN.includes(code) && !known.has(code + message))
  );
  const inverse = new Map(
    [...changes.keys()].map((path) => [path, before.files.get(path) ?? null]),
  );
  const restored = withFiles(draft, inverse).files;
  const isRestored = restored.size === before.files.size &&
    [...before.files].every(([path, bytes]) => restored.get(path) === bytes);
  return [
    ...found.map(({ code, file, message }) => `${code} ${file}: ${message}`.slice(0, 300)),
    ...(isRestored ? [] : ["the inverse does not restore the files"]),
  ].map((fault) => `${fault}\nafter ${JSON.stringify(edit).slice(0, 600)}`);
}

function copied(files: PackageFiles): Map<string, Uint8Array> {
  return new Map(Array.from(files, ([path, bytes]) => [path, bytes.slice()]));
}

/** What the editor shows, read from the draft with its memory and from the bytes alone. */
function shown(draft: Draft): unknown {
  return draft.workflows.map(({ id }) => {
    const workflow = draft.workflow(id);
    return [workflow?.nodes, workflow?.edges, workflow?.entryNodeId];
  });
}

for (const [name, open] of Object.entries(PACKAGES)) {
  Deno.test(`applyEdit() keeps "${name}" free of errors through 600 random edits`, () => {
    const random = seeded(name.length * 7919 + 5);
    const edits = new RandomEdits(random);
    const newId = () => Math.floor(random() * 36 ** 6).toString(36).padStart(6, "0");
    let draft = openDraft(open());
    let applied = 0;
    for (let index = 0; index < 600; index++) {
      const edit = edits.next(draft);
      const result = attempt(draft, edit, newId);
      deepStrictEqual(result ? faultsOf(draft, edit, result) : [], [], `edit ${index}`);
      applied += result ? 1 : 0;
      draft = result?.draft ?? draft;
      if (draft.files.size > 150) draft = openDraft(open());
    }
    ok(applied > 250, `only ${applied} edits were applied`);
    deepStrictEqual(shown(draft), shown(openDraft(copied(draft.files))));
  });
}
