import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { simulatedConnection } from "../../../../runtime/llm/connection.ts";
import { openLlm } from "../../../../runtime/llm/open_llm.ts";
import { simulatedPerson } from "../../../../runtime/run/answers.ts";
import { executeRun } from "../../../../runtime/run/execute_run.ts";
import { DEFAULT_RUN_OPTIONS } from "../../../../runtime/run/run_folder.ts";
import { startRun } from "../../../../runtime/run/start_run.ts";
import { compareRuns, verdictOf } from "../../../../runtime/run/trace/compare_runs.ts";
import { recordTrace } from "../../../../runtime/run/trace/record_trace.ts";
import { replayTrace } from "../../../../runtime/run/trace/replay_trace.ts";
import { formatTrace, parseTrace, type Trace } from "../../../../runtime/run/trace/trace.ts";
import { openProjectFiles } from "../../../../runtime/tools/project_files.ts";

const EXAMPLE = fileURLToPath(new URL("../../../../examples/review-loop", import.meta.url));

/** A simulated run of review-loop on a project that holds an old draft, and a copy of the package. */
async function withTrace(
  test: (world: { dir: string; source: string; trace: Trace }) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-trace-test-" });
  try {
    const projectDir = join(dir, "project");
    await Deno.mkdir(join(projectDir, "artifacts"), { recursive: true });
    await Deno.writeTextFile(join(projectDir, "artifacts", "brief.md"), "# Mine\n");
    const run = await startRun({
      source: EXAMPLE,
      projectDir,
      dataDir: join(dir, "data"),
      connection: { provider: "simulate", model: "simulation" },
      options: { ...DEFAULT_RUN_OPTIONS, allowAll: true },
      input: "A short one",
    });
    await executeRun(run, {
      llm: openLlm(simulatedConnection({ decide: "revise" })),
      person: simulatedPerson,
      listener: () => {},
      signal: new AbortController().signal,
    });
    const files = openProjectFiles(projectDir, join(dir, "data"));
    const trace = await recordTrace(run.folder, files);
    files.close();
    const source = join(dir, "package");
    for (const [path, content] of run.package.files) {
      await Deno.mkdir(join(source, path, ".."), { recursive: true });
      await Deno.writeFile(join(source, path), content);
    }
    await test({ dir, source, trace: parseTrace(formatTrace(trace), "a") });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  assert.ok(text.includes(from), `${path} holds ${from}`);
  await Deno.writeTextFile(path, text.replaceAll(from, to));
}

Deno.test("a recorded run played again on an unchanged package is the same, files of the project included", () =>
  withTrace(async ({ source, trace }) => {
    assert.deepEqual(trace.header.files, {
      "@project/artifacts/brief.md": { text: "# Mine\n" },
    });
    assert.deepEqual(compareRuns(trace.events, await replayTrace(source, trace)), []);
  }));

Deno.test("a changed step text is told once with its place, and breaks nothing", () =>
  withTrace(async ({ source, trace }) => {
    await edit(join(source, "workflows/review-loop/steps/draft.md"), "1. ", "1. Slowly: ");
    const divergences = compareRuns(trace.events, await replayTrace(source, trace));
    assert.equal(verdictOf(divergences), "changed");
    const [only, more] = divergences;
    assert.equal(more, undefined, "the second visit reads the same step");
    assert.equal(only?.nodeId, "draft");
    assert.match(only?.what ?? "", /the result of fs\.read @pkg\/.*draft\.md/);
    assert.match(only?.after ?? "", /1\. Slowly: /);
  }));

Deno.test("a changed persona shows in the prompt of every node, but is told node by node", () =>
  withTrace(async ({ source, trace }) => {
    await edit(join(source, "agents.json"), '"role": "', '"role": "Careful ');
    const divergences = compareRuns(trace.events, await replayTrace(source, trace));
    assert.equal(verdictOf(divergences), "changed");
    assert.ok(divergences.every(({ what }) => what === "the prompt"));
    assert.match(divergences[0]?.after ?? "", /Careful /);
  }));

Deno.test("a step that wants another output breaks the trace where the recorded model would finish it", () =>
  withTrace(async ({ source, trace }) => {
    const files = ["steps/review.md", "workflow.graph.json"];
    for (const file of files) {
      await edit(
        join(source, "workflows/review-loop", file),
        "artifacts/review.md",
        "artifacts/x.md",
      );
    }
    const divergences = compareRuns(trace.events, await replayTrace(source, trace));
    assert.equal(verdictOf(divergences), "broken");
    const last = divergences.at(-1);
    assert.equal(last?.nodeId, "review");
    assert.match(last?.after ?? "", /E_STEP_INCOMPLETE/);
  }));

Deno.test("a graph without the recorded edge breaks the trace", () =>
  withTrace(async ({ source, trace }) => {
    const path = join(source, "workflows/review-loop/workflow.graph.json");
    const graph = JSON.parse(await Deno.readTextFile(path));
    const edges = graph.edges.filter(({ label }: { label: string }) => label !== "revise");
    await Deno.writeTextFile(path, JSON.stringify({ ...graph, edges }));
    const divergences = compareRuns(trace.events, await replayTrace(source, trace));
    assert.equal(verdictOf(divergences), "broken");
    assert.equal(divergences.at(-1)?.nodeId, "decide");
  }));

Deno.test("parseTrace() refuses what is no trace and says where", () =>
  withTrace(({ trace }) => {
    const text = formatTrace(trace);
    const lines = text.split("\n");
    const rows: [text: string, message: RegExp][] = [
      ["", /first line is not JSON/],
      ["[]\n", /no header/],
      [text.replace('"formatVersion":1', '"formatVersion":9'), /no header/],
      [text.replace('"@project/artifacts/brief.md"', '"/etc/passwd"'), /no header/],
      [[...lines.slice(0, 3), ...lines.slice(4)].join("\n"), /line 4 is no event/],
      [text.replace('"type":"node_entered"', '"type":"x"'), /is no event/],
      [`${lines[0]}\n`, /does not begin with a run's start/],
    ];
    for (const [given, message] of rows) {
      assert.throws(() => parseTrace(given, "a"), { code: "TRACE_INVALID", message });
    }
    return Promise.resolve();
  }));

Deno.test("replayTrace() writes nothing outside its own project, whatever a trace names", () =>
  withTrace(async ({ source, trace, dir }) => {
    for (const path of ["@project/../out", "@project/a/../../out", "@project/a//b", "@project/"]) {
      const hostile = { ...trace, header: { ...trace.header, files: { [path]: { text: "x" } } } };
      await assert.rejects(replayTrace(source, hostile), { code: "TRACE_INVALID" });
    }
    await assert.rejects(Deno.stat(join(dir, "out")));
    const name = { ...trace, header: { ...trace.header, projectName: "../.." } };
    assert.equal((await replayTrace(source, name)).at(-1)?.type, "phase_changed");
  }));
