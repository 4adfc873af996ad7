import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { planFlow } from "../runtime/flow/plan_flow.ts";
import { readFlowSource } from "../runtime/flow/read_flow_source.ts";
import { checkPackage } from "../runtime/package/check.ts";
import { listTemplates } from "../runtime/package/template.ts";
import { compareRuns } from "../runtime/run/trace/compare_runs.ts";
import { replayTrace } from "../runtime/run/trace/replay_trace.ts";
import { parseTrace } from "../runtime/run/trace/trace.ts";
import { runJsModule } from "../runtime/tools/js_module.ts";

const examples = new URL("../examples/", import.meta.url);

for (
  const name of ["create-story", "hello-branch", "plain-letter", "review-loop", "two-workflows"]
) {
  Deno.test(`examples/${name} has no finding, not even a warning`, async () => {
    const { package: loaded, findings } = await checkPackage(
      fileURLToPath(new URL(name, examples)),
    );
    assert.deepEqual(findings, []);
    assert.equal(loaded?.manifest.name, name);
  });
}

/** Folders of agents, which are no packages. */
const FLOWS: readonly (readonly [string, readonly (readonly string[])[]])[] = [
  ["parallel-review", [["security", "performance", "readability"], ["summarizer"]]],
  ["requirements-flow", [["analyst"], ["reviewer"]]],
];

for (const [name, stages] of FLOWS) {
  Deno.test(`examples/${name} is a flow without findings`, () => {
    const { source } = readFlowSource(fileURLToPath(new URL(name, examples)), { env: {} });
    assert.deepEqual(source.findings, []);
    assert.deepEqual(planFlow(source, "default").stages.map(({ agents }) => agents), stages);
  });
}

Deno.test("every folder of examples/ is a template of `crewagent new`, or a flow", async () => {
  const folders = [...Deno.readDirSync(examples)].filter(({ isDirectory }) => isDirectory);
  const templates = (await listTemplates()).map(({ name }) => name);
  const known = [...templates, ...FLOWS.map(([name]) => name)].toSorted();
  assert.deepEqual(known, folders.map(({ name }) => name).toSorted());
});

Deno.test("the tool of examples/requirements-flow finds vague words in its sandbox", async () => {
  const { source } = readFlowSource(fileURLToPath(new URL("requirements-flow", examples)), {
    env: {},
  });
  const [tool] = source.tools;
  assert.ok(tool);
  const { module, call } = tool;
  const args = { text: "R1: It is fast.\nR2: Answers in 2 s, etc." };
  const { signal } = new AbortController();
  assert.deepEqual(await runJsModule({ modules: source.modules, module, call, args }, signal), {
    ok: true,
    result: { words: [{ word: "fast", line: 1 }, { word: "etc", line: 2 }], count: 2 },
  });
});

Deno.test("the recorded run of examples/hello-branch is the same today", async () => {
  const source = fileURLToPath(new URL("hello-branch", examples));
  const path = "tests/fact.trace.jsonl";
  const trace = parseTrace(await Deno.readTextFile(join(source, path)), path);
  assert.deepEqual(compareRuns(trace.events, await replayTrace(source, trace)), []);
});
