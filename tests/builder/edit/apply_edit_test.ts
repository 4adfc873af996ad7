import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { applyEdit, withFiles } from "../../../builder/edit/apply_edit.ts";
import { copyNodes, openDraft, stepOf } from "../../../builder/edit/draft.ts";
import { fileHash } from "../../../builder/edit/file_edits.ts";
import { findingsOf } from "../../../builder/edit/findings.ts";
import { readFolder } from "../../../runtime/package/folder.ts";
import type { Edit } from "../../../schemas/edit.ts";
import { asFiles, formAPackage, samplePackage } from "../../runtime/package/sample_package.ts";
import { apply, applyAll, blankDraft, PATHS, textOf, withText } from "./example_edits.ts";
import { HOSTILE_TEXTS } from "./random_edits.ts";

const EXAMPLES = ["hello-branch", "review-loop", "two-workflows", "create-story"];
const workflowId = "main";
const at = { x: 200, y: 40 };

Deno.test("applyEdit() writes a spliced node as a person would", () => {
  const { draft, changes, touched, summary } = apply(blankDraft(), {
    kind: "node.add",
    workflowId,
    type: "step",
    title: "Check it",
    at,
    onEdge: "first>done#1",
  });
  deepStrictEqual(
    [...changes.keys()].sort(),
    [
      "workflows/main/steps/check-it.md",
      PATHS.first,
      PATHS.graph,
      PATHS.document,
    ].sort(),
  );
  strictEqual(
    textOf(draft, "workflows/main/steps/check-it.md"),
    `---
schemaVersion: "1.1"
nodeId: check-it
type: step
title: Check it
agentId: assistant
transitions:
  - to: done
    label: next
---

# Check it

## Goal

Say here what this step achieves.

## Instructions

1. Say here what the agent does, one thing a line.

## Completion

Say here how one sees that the step is done.
`,
  );
  match(
    textOf(draft, PATHS.document),
    /1\. \[First step\]\(steps\/first\.md\)\n2\. \[Check it\]\(steps\/check-it\.md\)\n3\. \[Done\]\(steps\/done\.md\)\n$/,
  );
  match(textOf(draft, PATHS.first), /transitions:\n {2}- to: check-it\n {4}label: finished\n/);
  deepStrictEqual(draft.workflow(workflowId)?.edges.map(({ ref, from, to }) => [ref, from, to]), [
    ["first>check-it#1", "first", "check-it"],
    ["e-new1", "check-it", "done"],
  ]);
  deepStrictEqual(touched.newNodeIds, ["check-it"]);
  strictEqual(summary, 'Add step "Check it"');
  deepStrictEqual(findingsOf(draft), []);
});

Deno.test("applyEdit() leaves no trace of a node that is added and deleted with reconnect", () => {
  const pinned = apply(blankDraft(), { kind: "layout.auto", workflowId }).draft;
  const added = apply(pinned, {
    kind: "node.add",
    workflowId,
    type: "step",
    at,
    onEdge: "first>done#1",
  });
  const { draft } = apply(added.draft, {
    kind: "nodes.delete",
    workflowId,
    nodeIds: added.touched.newNodeIds,
    reconnect: true,
  });
  deepStrictEqual([...draft.files.keys()].sort(), [...pinned.files.keys()].sort());
  for (const path of pinned.files.keys()) strictEqual(textOf(draft, path), textOf(pinned, path));
});

Deno.test("applyEdit() writes the node form into front matter and sections, and keeps the rest", () => {
  const own = textOf(blankDraft(), PATHS.first)
    .replace("nodeId: first", "nodeId: first # mine\nx-note: keep")
    .replace("## Completion", "## Notes\n\nMy own.\n\n## Completion");
  const { draft } = apply(withText(blankDraft(), PATHS.first, own), {
    kind: "node.change",
    workflowId,
    nodeId: "first",
    fields: { title: "Begin", goal: "A goal.\n\n# Big\n\n```\n## code", setsVariables: ["a"] },
  });
  const text = textOf(draft, PATHS.first);
  match(text, /nodeId: first # mine\nx-note: keep\n/);
  match(text, /setsVariables:\n {2}- a\ntransitions:/);
  match(
    text,
    /\n# Begin\n\n## Goal\n\nA goal\.\n\n### Big\n\n```\n## code\n```\n\n## Instructions\n/,
  );
  match(text, /\n## Notes\n\nMy own\.\n\n## Completion\n/);
  match(textOf(draft, PATHS.document), /1\. \[Begin\]\(steps\/first\.md\)/);
  strictEqual(draft.workflow(workflowId)?.node("first")?.title, "Begin");
  deepStrictEqual(findingsOf(draft), []);
});

Deno.test("applyEdit() renames a node wherever it is named", () => {
  const { draft } = apply(blankDraft(), {
    kind: "node.rename",
    workflowId,
    nodeId: "done",
    newNodeId: "bye",
  });
  strictEqual(draft.files.has(PATHS.done), false);
  match(textOf(draft, "workflows/main/steps/bye.md"), /nodeId: bye\n/);
  match(textOf(draft, PATHS.first), /- to: bye\n/);
  match(textOf(draft, PATHS.first), /with `next` = `bye`\./);
  match(textOf(draft, PATHS.document), /\[Done\]\(steps\/bye\.md\)/);
  deepStrictEqual(draft.workflow(workflowId)?.node("bye")?.at, { x: 320, y: 180 });
  deepStrictEqual(findingsOf(draft), []);
});

Deno.test("applyEdit() keeps exactly one default among several edges", () => {
  const two = applyAll(blankDraft(), [
    { kind: "node.add", workflowId, type: "end", nodeId: "other", at, from: { nodeId: "first" } },
  ]);
  const defaults = (draft = two) =>
    draft.workflow(workflowId)?.edges.filter(({ isDefault }) => isDefault).map(({ ref }) => ref);
  deepStrictEqual(defaults(), ["first>done#1"]);
  const moved = apply(two, {
    kind: "edge.change",
    workflowId,
    edge: "e-id1",
    fields: { isDefault: true },
  });
  deepStrictEqual(defaults(moved.draft), ["e-id1"]);
  const back = apply(moved.draft, {
    kind: "edge.change",
    workflowId,
    edge: "e-id1",
    fields: { isDefault: false },
  });
  deepStrictEqual(defaults(back.draft), ["first>done#1"]);
});

Deno.test("applyEdit() duplicates, pastes into another workflow and makes ids unique", () => {
  const draft = applyAll(blankDraft(), [
    { kind: "nodes.duplicate", workflowId, nodeIds: ["first", "done"], by: { x: 10, y: 300 } },
    { kind: "workflow.add", displayName: "Side" },
  ]);
  const clip = copyNodes(draft, workflowId, ["first-2", "done-2"]);
  const pasted = apply(draft, {
    kind: "nodes.paste",
    workflowId: "side",
    clip,
    at: { x: 0, y: 900 },
  });
  const nodes = pasted.draft.workflow("side")?.nodes.map(({ id, at }) => [id, at]);
  deepStrictEqual(nodes?.slice(2), [["first-2", { x: 0, y: 900 }], ["done-2", { x: 260, y: 900 }]]);
  match(textOf(pasted.draft, "workflows/side/steps/first-2.md"), /`next` = `done-2`/);
  deepStrictEqual(findingsOf(pasted.draft).map(({ code }) => code), [
    ...Array(4).fill("GRAPH_NODE_UNREACHABLE"),
  ]);
});

Deno.test("applyEdit() turns form A into form B at the first edit that needs a list of workflows", () => {
  const before = openDraft(asFiles(formAPackage()));
  const kept = apply(before, { kind: "node.add", workflowId, type: "step", at }).draft;
  ok(kept.files.has("workflow.md"));
  const { draft } = apply(before, { kind: "workflow.add", displayName: "Second one" });
  deepStrictEqual(draft.workflows.map(({ id, isDefault }) => [id, isDefault]), [
    ["main", true],
    ["second-one", false],
  ]);
  ok(draft.files.has(PATHS.document) && !draft.files.has("workflow.md"));
  deepStrictEqual(findingsOf(draft), []);
});

Deno.test("applyEdit() renames a workflow with its folder, calls and menus", () => {
  const before = openDraft(asFiles(samplePackage()));
  const { draft } = apply(before, {
    kind: "workflow.rename",
    workflowId: "side",
    newWorkflowId: "aside",
  });
  strictEqual(draft.workflow("main")?.node("call")?.subworkflowRef, "aside");
  ok(draft.files.has("workflows/aside/workflow.md"));
  deepStrictEqual([...draft.files.keys()].filter((path) => path.startsWith("workflows/side/")), []);
  deepStrictEqual(findingsOf(draft), findingsOf(before));
});

Deno.test("applyEdit() removes the promised hash of a package that it changes", () => {
  const stamped = withText(
    blankDraft(),
    "bmad.json",
    textOf(blankDraft(), "bmad.json").replace(
      '"entry"',
      `"integrity": { "sha256": "${"0".repeat(64)}" },\n  "entry"`,
    ),
  );
  const { draft } = apply(stamped, { kind: "entry.set", workflowId, nodeId: "done" });
  strictEqual(textOf(draft, "bmad.json"), textOf(blankDraft(), "bmad.json"));
});

const REFUSED: readonly [string, Edit, RegExp][] = [
  ["the last node", {
    kind: "nodes.delete",
    workflowId,
    nodeIds: ["first", "done"],
    reconnect: true,
  }, /needs a node/],
  [
    "an edge from an end",
    { kind: "edge.add", workflowId, from: "done", to: "first" },
    /ends the workflow/,
  ],
  [
    "an id as path",
    { kind: "node.rename", workflowId, nodeId: "first", newNodeId: "../x" },
    /is not allowed/,
  ],
  [
    "an id that is taken",
    { kind: "node.rename", workflowId, nodeId: "first", newNodeId: "done" },
    /already/,
  ],
  ["an endless id", {
    kind: "node.rename",
    workflowId,
    nodeId: "first",
    newNodeId: "a".repeat(10_000),
  }, /100 are the most/],
  ["an unknown agent", {
    kind: "node.change",
    workflowId,
    nodeId: "first",
    fields: { agentId: "x" },
  }, /no agent "x"/],
  ["a call of itself", {
    kind: "node.add",
    workflowId,
    type: "subworkflow",
    at,
    subworkflowRef: "main",
  }, /not call itself|cannot call/],
  ["the last agent", { kind: "agent.delete", agentId: "assistant" }, /needs an agent/],
  ["the last workflow", { kind: "workflow.delete", workflowId }, /needs a workflow/],
  ["a nameless package", { kind: "manifest.change", fields: { name: " " } }, /needs a name/],
  ["no version", { kind: "manifest.change", fields: { version: "one" } }, /version/],
  ["a path that climbs", {
    kind: "file.write",
    path: "assets/../../x",
    text: "x",
    baseSha256: null,
  }, /starts with a dot/],
  [
    "an asset elsewhere",
    { kind: "file.write", path: "x.md", text: "x", baseSha256: null },
    /inside "assets\/"/,
  ],
  [
    "a program",
    { kind: "file.write", path: "assets/x.bin", base64: "AAEC", baseSha256: null },
    /neither text nor/,
  ],
  ["a condition of two operators", {
    kind: "edge.change",
    workflowId,
    edge: "first>done#1",
    fields: { conditionExpr: { a: 1, b: 2 } },
  }, /2 operators/],
  ["a check of nothing", {
    kind: "node.change",
    workflowId,
    nodeId: "first",
    fields: { checks: [{ exists: true }] },
  }, /neither an output nor a variable/],
];

for (const [what, edit, message] of REFUSED) {
  Deno.test(`applyEdit() refuses ${what} and says why`, () => {
    throws(() => apply(blankDraft(), edit), { code: "EDIT_REFUSED", message });
  });
}

for (const path of [PATHS.graph, PATHS.first, PATHS.document, "agents.json", "bmad.json"]) {
  Deno.test(`applyEdit() refuses text for ${path} that does not parse, with line and column`, () => {
    const draft = blankDraft();
    const baseSha256 = fileHash(draft.files.get(path) ?? new Uint8Array());
    const text = path.endsWith(".md") ? "---\na: 1\nb: [\n---\n" : "{\n  oops";
    throws(
      () => apply(draft, { kind: "file.write", path, text, baseSha256 }),
      (error: { code: string; details: { line: number } }) =>
        error.code === "EDIT_REFUSED" && error.details.line >= 2,
    );
  });
}

Deno.test("applyEdit() has the graph follow the text of a step file", () => {
  const draft = blankDraft();
  const text = textOf(draft, PATHS.first)
    .replace("title: First step", "title: Better").replace("nodeId: first", "nodeId: start")
    .replace("label: finished", "label: over");
  const baseSha256 = fileHash(draft.files.get(PATHS.first) ?? new Uint8Array());
  const after = apply(draft, { kind: "file.write", path: PATHS.first, text, baseSha256 }).draft;
  strictEqual(after.workflow(workflowId)?.node("start")?.title, "Better");
  deepStrictEqual(after.workflow(workflowId)?.edges.map(({ from, label }) => [from, label]), [[
    "start",
    "over",
  ]]);
  deepStrictEqual(findingsOf(after), []);
});

Deno.test("applyEdit() has step files follow the text of a graph", () => {
  const draft = blankDraft();
  const graph = JSON.parse(textOf(draft, PATHS.graph));
  graph.nodes[0].title = "Better";
  graph.nodes.splice(1, 1, { id: "fin", type: "end", file: "workflows/main/steps/fin.md" });
  graph.edges[0].to = "fin";
  const baseSha256 = fileHash(draft.files.get(PATHS.graph) ?? new Uint8Array());
  const text = JSON.stringify(graph);
  const after = apply(draft, { kind: "file.write", path: PATHS.graph, text, baseSha256 }).draft;
  match(textOf(after, PATHS.first), /title: Better\n[^]*- to: fin\n/);
  deepStrictEqual([after.files.has(PATHS.done), after.files.has("workflows/main/steps/fin.md")], [
    false,
    true,
  ]);
  deepStrictEqual(findingsOf(after), []);
});

Deno.test("applyEdit() refuses what would lose another tab's change, and applies what would not", () => {
  const base = blankDraft();
  const change = (fields: object): Edit => ({
    kind: "node.change",
    workflowId,
    nodeId: "first",
    fields,
  });
  const now = apply(base, change({ title: "Theirs" })).draft;
  throws(() => apply(now, change({ title: "Mine" }), base), { code: "EDIT_CONFLICT" });
  const gone: Edit = { kind: "nodes.delete", workflowId, nodeIds: ["first"], reconnect: true };
  throws(() => apply(now, gone, base), { code: "EDIT_CONFLICT" });
  const merged = apply(now, change({ goal: "Mine." }), base).draft;
  deepStrictEqual(stepOf(merged, workflowId, "first")?.frontMatter.title, "Theirs");
  deepStrictEqual(stepOf(merged, workflowId, "first")?.goal, "Mine.");
  const write: Edit = {
    kind: "file.write",
    path: PATHS.first,
    text: "---\n---\n",
    baseSha256: "0".repeat(64),
  };
  throws(() => apply(now, write), { code: "EDIT_CONFLICT" });
});

for (const text of HOSTILE_TEXTS) {
  Deno.test(`applyEdit() takes ${JSON.stringify(text).slice(0, 40)} for any text, and undo restores all`, () => {
    const before = blankDraft();
    const fields = {
      title: text,
      description: text,
      goal: text,
      instructions: text,
      completion: text,
    };
    const lists = { inputs: [text], outputs: [text], setsVariables: [text] };
    const { draft, changes } = apply(before, {
      kind: "node.change",
      workflowId,
      nodeId: "first",
      fields: { ...fields, ...lists },
    });
    const faults = findingsOf(draft).filter(({ severity, code }) =>
      severity === "error" || !["STEP_SECTION_EMPTY"].includes(code)
    );
    deepStrictEqual(faults, []);
    const inverse = new Map(
      [...changes.keys()].map((path) => [path, before.files.get(path) ?? null]),
    );
    deepStrictEqual(withFiles(draft, inverse).files, before.files);
  });
}

for (const name of EXAMPLES) {
  Deno.test(`applyEdit() leaves every byte of "${name}" alone where it changes nothing`, () => {
    const draft = openDraft(readFolder(`examples/${name}`, name));
    const edits = draft.workflows.flatMap(({ id, displayName }): Edit[] => {
      const nodes = draft.workflow(id)?.nodes ?? [];
      const forms = nodes.map((node): Edit => {
        const step = stepOf(draft, id, node.id);
        const { title = null, agentId = null, inputs = null, outputs = null } = node;
        return {
          kind: "node.change",
          workflowId: id,
          nodeId: node.id,
          fields: {
            title,
            type: node.type,
            agentId,
            ...(inputs && { inputs }),
            ...(outputs && { outputs }),
            goal: step?.goal ?? "",
            instructions: step?.instructions ?? "",
            completion: step?.completion ?? "",
          },
        };
      });
      const { goal = "", howToExecute = "" } = draft.workflow(id)?.document ?? {};
      const fields = { displayName: displayName ?? null, goal, howToExecute };
      return [...forms, { kind: "workflow.change", workflowId: id, fields }];
    });
    const changed = edits.flatMap((
      edit,
    ) => [...applyEdit(draft, edit, { newId: () => "x" }).changes.keys()]);
    deepStrictEqual(changed, []);
  });
}
