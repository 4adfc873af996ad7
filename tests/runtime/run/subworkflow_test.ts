import assert from "node:assert/strict";
import { join } from "node:path";
import { simulatedConnection } from "../../../runtime/llm/connection.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { readCallStack } from "../../../runtime/run/call_stack.ts";
import { executeRun } from "../../../runtime/run/execute_run.ts";
import { simulatedPerson } from "../../../runtime/run/answers.ts";
import { stateDocumentPath } from "../../../runtime/run/active_workflow.ts";
import { DEFAULT_RUN_OPTIONS } from "../../../runtime/run/run_folder.ts";
import { readRunLog } from "../../../runtime/run/run_log.ts";
import { startRun } from "../../../runtime/run/start_run.ts";
import { readState } from "../../../runtime/state/read_state.ts";

const schemaVersion = "1.2";

/** Main: `call` (subworkflow) → `yes` | `no`, by the variable the child sets. Child: one end node. */
function packageFiles({ passContext }: { passContext: boolean }): Record<string, unknown> {
  const step = (id: string, type: string, more = "") =>
    `---\nschemaVersion: "1.2"\nnodeId: ${id}\ntype: ${type}\n${more}---\n## Goal\n\nGo.\n\n## Instructions\n\n1. Go.\n`;
  const document = (type: string, variables: string) =>
    `---\nschemaVersion: "1.2"\nworkflowType: ${type}\nstepsCompleted: []\ncurrentNodeId: ""\nvariables: ${variables}\n---\n# ${type}\n`;
  const graph = (nodes: unknown[], edges: unknown[], entryNodeId: string) => ({
    schemaVersion,
    entryNodeId,
    nodes,
    edges,
  });
  const at = (id: string) => `workflows/${id}`;
  const listing = (id: string) => ({
    id,
    workflow: `${at(id)}/workflow.md`,
    graph: `${at(id)}/workflow.graph.json`,
  });
  const file = (workflow: string, id: string) => `${at(workflow)}/steps/${id}.md`;
  return {
    "bmad.json": {
      schemaVersion,
      name: "calls",
      version: "1.0.0",
      entry: {
        workflow: `${at("main")}/workflow.md`,
        graph: `${at("main")}/workflow.graph.json`,
        agents: "agents.json",
      },
      workflows: [listing("main"), listing("child")],
    },
    "agents.json": {
      schemaVersion,
      agents: [{
        id: "a",
        metadata: { name: "n", title: "t", icon: "i" },
        persona: { role: "r", identity: "i", communication_style: "c", principles: "p" },
      }],
    },
    "workflows/main/workflow.md": document("main", '{ topic: "rain", found: "" }'),
    "workflows/main/workflow.graph.json": graph(
      [
        {
          id: "call",
          type: "subworkflow",
          file: file("main", "call"),
          subworkflowRef: "child",
          passContext,
        },
        { id: "yes", type: "end", file: file("main", "yes") },
        { id: "no", type: "end", file: file("main", "no") },
      ],
      [
        { from: "call", to: "no", label: "nothing", isDefault: true },
        {
          from: "call",
          to: "yes",
          label: "found",
          conditionExpr: { "==": [{ var: "found" }, "simulated"] },
        },
      ],
      "call",
    ),
    [file("main", "call")]: step("call", "subworkflow"),
    [file("main", "yes")]: step("yes", "end"),
    [file("main", "no")]: step("no", "end"),
    "workflows/child/workflow.md": document("child", '{ topic: "none" }'),
    "workflows/child/workflow.graph.json": graph(
      [{
        id: "done",
        type: "end",
        file: file("child", "done"),
        outputs: ["artifacts/{{topic}}.md"],
      }],
      [],
      "done",
    ),
    [file("child", "done")]: step(
      "done",
      "end",
      "outputs:\n  - artifacts/{{topic}}.md\nsetsVariables:\n  - found\n",
    ),
  };
}

async function runPackage(options: { passContext: boolean }) {
  const dir = await Deno.makeTempDir();
  try {
    for (const [path, content] of Object.entries(packageFiles(options))) {
      await Deno.mkdir(join(dir, "pkg", path, ".."), { recursive: true });
      const text = typeof content === "string" ? content : JSON.stringify(content);
      await Deno.writeTextFile(join(dir, "pkg", path), text);
    }
    await Deno.mkdir(join(dir, "project"));
    const run = await startRun({
      source: join(dir, "pkg"),
      projectDir: join(dir, "project"),
      dataDir: join(dir, "data"),
      connection: { provider: "simulate", model: "simulation" },
      options: DEFAULT_RUN_OPTIONS,
    });
    const outcome = await executeRun(run, {
      llm: openLlm(simulatedConnection()),
      person: simulatedPerson,
      listener: () => {},
      signal: new AbortController().signal,
    });
    const read = readState(await Deno.readTextFile(stateDocumentPath(run.folder, "main")));
    assert.ok(read.ok);
    const path = readRunLog(run.folder.logPath).flatMap((event) =>
      event.type === "node_completed" ? [`${event.nodeId} → ${event.next ?? "end"}`] : []
    );
    return { outcome, state: read.state, path, stack: readCallStack(run.folder.stateDir) };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("callSubworkflow() with passContext gives the child the caller's variables and brings its own back", async () => {
  const { outcome, state, path, stack } = await runPackage({ passContext: true });
  assert.equal(outcome.phase, "completed");
  assert.deepEqual(path, ["done → end", "call → yes", "yes → end"]);
  assert.deepEqual(state.variables, { topic: "rain", found: "simulated" });
  assert.deepEqual(state.artifacts, ["artifacts/rain.md"]);
  assert.deepEqual(stack, { activeWorkflowId: "main", callers: [] });
  assert.equal(state.decisionLog?.[0]?.label, "found");
});

Deno.test("callSubworkflow() without passContext keeps variables apart and merges artifacts all the same", async () => {
  const { outcome, state, path } = await runPackage({ passContext: false });
  assert.equal(outcome.phase, "completed");
  assert.deepEqual(path, ["done → end", "call → no", "no → end"]);
  assert.deepEqual(state.variables, { topic: "rain", found: "" });
  assert.deepEqual(state.artifacts, ["artifacts/none.md"]);
});
