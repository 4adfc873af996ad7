import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage } from "../runtime/package/check.ts";
import { listTemplates } from "../runtime/package/template.ts";
import { compareRuns } from "../runtime/run/trace/compare_runs.ts";
import { replayTrace } from "../runtime/run/trace/replay_trace.ts";
import { parseTrace } from "../runtime/run/trace/trace.ts";

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

Deno.test("every folder of examples/ is a template of `crewagent new`", async () => {
  const folders = [...Deno.readDirSync(examples)].filter(({ isDirectory }) => isDirectory);
  const templates = (await listTemplates()).map(({ name }) => name).toSorted();
  assert.deepEqual(templates, folders.map(({ name }) => name).toSorted());
});

Deno.test("the recorded run of examples/hello-branch is the same today", async () => {
  const source = fileURLToPath(new URL("hello-branch", examples));
  const path = "tests/fact.trace.jsonl";
  const trace = parseTrace(await Deno.readTextFile(join(source, path)), path);
  assert.deepEqual(compareRuns(trace.events, await replayTrace(source, trace)), []);
});
