import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Draft, openDraft } from "../../../builder/edit/draft.ts";
import { findingsOf } from "../../../builder/edit/findings.ts";
import { fixOf } from "../../../builder/edit/fix_of.ts";
import type { FindingCode } from "../../../runtime/package/finding_codes.ts";
import { asFiles, samplePackage, type Texts } from "../../runtime/package/sample_package.ts";
import { apply } from "./example_edits.ts";

const GRAPH = "workflows/main/workflow.graph.json";
const PLAN = "workflows/main/steps/plan.md";
const WORKFLOW = "workflows/main/workflow.md";

// deno-lint-ignore no-explicit-any -- tests break documents in ways no type describes
type Document = any;

function json(path: string, change: (document: Document) => void): (texts: Texts) => void {
  return (texts) => {
    const document: Document = JSON.parse(texts[path] ?? "");
    change(document);
    texts[path] = `${JSON.stringify(document, null, 2)}\n`;
  };
}

function text(path: string, from: string | RegExp, to: string): (texts: Texts) => void {
  return (texts) => {
    const changed = (texts[path] ?? "").replace(from, to);
    ok(changed !== texts[path], "the test breaks nothing");
    texts[path] = changed;
  };
}

function broken(change: (texts: Texts) => void): Draft {
  const texts = samplePackage();
  change(texts);
  return openDraft(asFiles(texts));
}

const BROKEN: readonly [FindingCode, (texts: Texts) => void][] = [
  ["GRAPH_DEFAULT_EDGE", json(GRAPH, ({ edges }) => delete edges[2].isDefault)],
  ["GRAPH_ENTRY_UNKNOWN", json(GRAPH, (graph) => graph.entryNodeId = "nowhere")],
  ["GRAPH_EDGE_TARGET_UNKNOWN", json(GRAPH, ({ edges }) => edges[3].to = "nowhere")],
  ["GRAPH_EDGE_SOURCE_UNKNOWN", json(GRAPH, ({ edges }) => edges[3].from = "nowhere")],
  ["GRAPH_EDGE_ID_DUPLICATE", json(GRAPH, ({ edges }) => edges[0].id = edges[1].id = "e")],
  ["GRAPH_AGENT_UNKNOWN", json(GRAPH, ({ nodes }) => nodes[0].agentId = "nobody")],
  ["GRAPH_DECISION_TOO_FEW_EDGES", json(GRAPH, ({ edges }) => edges.splice(1, 1))],
  ["GRAPH_DEAD_END", json(GRAPH, ({ edges }) => edges.splice(3, 1))],
  ["NODE_FILE_MISSING", (texts) => delete texts[PLAN]],
  ["STEP_NODE_ID_DIFFERS", text(PLAN, "nodeId: plan", "nodeId: plans")],
  ["STEP_TYPE_DIFFERS", text(PLAN, "type: step", "type: merge")],
  ["STEP_AGENT_UNKNOWN", text(PLAN, "type: step\n", "type: step\nagentId: nobody\n")],
  ["STEP_TRANSITIONS_DIFFER", text(PLAN, "type: step\n", "type: step\ntransitions: []\n")],
  ["STEP_SECTION_MISSING", text(PLAN, "## Goal", "## Aim")],
  ["STEP_SECTION_EMPTY", text(PLAN, /## Goal\n\n.*\n/, "## Goal\n\n")],
  ["SCHEMA_KEY_UNKNOWN", json(GRAPH, ({ nodes }) => nodes[0].colour = "red")],
  ["SCHEMA_KEY_NEWER", json(GRAPH, (graph) => graph.schemaVersion = "1.1")],
  ["SUBWORKFLOW_MISSING", json(GRAPH, ({ nodes }) => delete nodes[2].subworkflowRef)],
  ["SUBWORKFLOW_UNKNOWN", json(GRAPH, ({ nodes }) => nodes[2].subworkflowRef = "none")],
  ["CHECK_OUTPUT_UNKNOWN", text(PLAN, "type: step\n", "type: step\nchecks:\n  - output: a.md\n")],
  [
    "CHECK_VARIABLE_UNKNOWN",
    text(PLAN, "type: step\n", "type: step\nsetsVariables: []\nchecks:\n  - variable: a\n"),
  ],
  [
    "CHECK_NOT_APPLICABLE",
    text(PLAN, "type: step\n", "type: step\nchecks:\n  - variable: a\n    minBytes: 1\n"),
  ],
  ["STATE_NODE_UNKNOWN", text(WORKFLOW, /stepsCompleted: \[\]/, "stepsCompleted: [gone]")],
  ["STATE_KEY_MISSING", text(WORKFLOW, /stepsCompleted: \[\]\n/, "")],
  ["WORKFLOW_LINK_DEAD", text(WORKFLOW, "steps/plan.md", "steps/plans.md")],
  ["ASSET_OUTSIDE_ASSETS", (texts) => texts["notes.txt"] = "x"],
  ["AGENT_ID_DUPLICATE", json("agents.json", ({ agents }) => agents.push(agents[0]))],
  [
    "PROMPT_ID_DUPLICATE",
    json("agents.json", ({ agents }) => agents[0].prompts.push({ id: "hello", content: "x" })),
  ],
  [
    "MENU_HIDDEN_EVERYWHERE",
    json(
      "agents.json",
      ({ agents }) => Object.assign(agents[0].menu[0], { "ide-only": true, "web-only": true }),
    ),
  ],
  [
    "ENTRY_GRAPH_DIFFERS",
    json("bmad.json", ({ entry }) => entry.graph = "workflows/side/workflow.graph.json"),
  ],
  [
    "INTEGRITY_MISMATCH",
    json("bmad.json", (manifest) => manifest.integrity = { sha256: "0".repeat(64) }),
  ],
];

for (const [code, change] of BROKEN) {
  Deno.test(`fixOf() mends ${code} by one edit that breaks nothing else`, () => {
    const draft = broken(change);
    const before = findingsOf(draft);
    const found = before.find((finding) => finding.code === code);
    ok(found, `found only ${before.map((finding) => finding.code)}`);
    const edit = fixOf(found, draft);
    ok(edit);
    const after = findingsOf(apply(draft, edit).draft);
    const known = new Set(before.map(({ message }) => message));
    const isSame = ({ message }: { message: string }) => message === found.message;
    strictEqual(after.some(isSame), false);
    deepStrictEqual(
      after.filter(({ severity, message }) => severity === "error" && !known.has(message)),
      [],
    );
  });
}

Deno.test("fixOf() has none for what has to be thought of", () => {
  const draft = broken(json(GRAPH, ({ edges }) => edges.splice(0, 1)));
  const found = findingsOf(draft).find(({ code }) => code === "GRAPH_NODE_UNREACHABLE");
  ok(found);
  strictEqual(fixOf(found, draft), undefined);
});
