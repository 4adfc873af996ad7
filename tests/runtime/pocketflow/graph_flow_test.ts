// A package's workflows, run by PocketFlow against the test model server.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openProject } from "../../../builder/flow_service/serve_project.ts";
import { graphFlow } from "../../../runtime/pocketflow/graph_flow.ts";
import { pocketFlowWalk } from "../../../runtime/pocketflow/agent_flow.ts";
import { StepNode } from "../../../runtime/pocketflow/step_node.ts";
import { readPackageFlows } from "../../../runtime/generate/package_source.ts";
import { type ModelServer, startModelServer } from "../../model_server/model_server.ts";
import type { ModelRequest, Reply } from "../../model_server/script.ts";
import { jsonRequest } from "../../builder/flow_service/service_place.ts";

const example = (name: string) =>
  fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));

interface Place {
  readonly model: ModelServer;
  run(body: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
}

/** Serves a package as a generated project does. */
async function withPackage(
  name: string,
  reply: (request: ModelRequest) => Reply,
  use: (place: Place) => Promise<void>,
): Promise<void> {
  const { source: { agents, flows } } = await readPackageFlows(example(name));
  await using model = startModelServer({ reply });
  const rootDir = await Deno.makeTempDir();
  const nodes = (index: number) =>
    (flows[index]?.steps ?? []).flatMap(({ agents: ids }) =>
      agents.filter(({ id }) => ids.includes(id)).map((agent) => new StepNode(agent))
    );
  const graphs = flows.map((flow, index) => graphFlow(flow, nodes(index)));
  const service = await openProject({
    version: "1.2.3",
    agents,
    flows,
    tools: [],
    modules: {},
    settings: "retry: {attempts: 1}",
    walk: pocketFlowWalk(graphs, { agents, flows }),
  }, {
    rootDir,
    env: { OPENAI_API_KEY: "k", OPENAI_MODEL: "m", OPENAI_BASE_URL: model.baseUrl },
    hostname: "127.0.0.1",
    writeLog: () => {},
  });
  try {
    const run = async (body: unknown) => {
      const request = new Request("http://127.0.0.1/run", jsonRequest("POST", body));
      return await (await service.fetch(request)).json();
    };
    await use({ model, run });
  } finally {
    await service.close();
    await Deno.remove(rootDir, { recursive: true });
  }
}

const next = (label: string, variables = {}) => ({
  text: `Done.\n\n\`\`\`next\n${JSON.stringify({ label, variables })}\n\`\`\``,
});

Deno.test("graphFlow() takes the edge that a decision names, and leaves the other branch out", () =>
  withPackage("hello-branch", () => next("poem"), async ({ run }) => {
    const { status, results } = await run({ flow: "main", story_id: "s", input: { wish: "poem" } });
    assert.equal(status, "success");
    const ran = Object.keys(results as object);
    assert.deepEqual(ran, ["ask-wish", "choose", "write-poem", "goodbye"]);
  }));

Deno.test("graphFlow() goes round a loop while its condition holds, and a finished story asks no more", () =>
  withPackage("review-loop", ({ number }) => {
    const round = Math.floor((number - 1) / 3) + 1;
    return next("", { verdict: "revise", round });
  }, async ({ run, model }) => {
    const first = await run({ flow: "review-loop", story_id: "s", input: "x" });
    assert.equal(first.status, "success", JSON.stringify(first.error));
    // brief, three rounds of draft, review and decide, finish.
    assert.equal(model.requests.length, 11);
    assert.equal((await run({ flow: "review-loop", story_id: "s" })).status, "success");
    assert.equal(model.requests.length, 11);
  }));

Deno.test("graphFlow() ends a loop that never ends by itself", () =>
  withPackage("review-loop", () => next("", { verdict: "revise", round: 0 }), async ({ run }) => {
    const { error } = await run({ flow: "review-loop", story_id: "s", input: "x" });
    assert.equal((error as { code: string }).code, "ENGINE_LOOP_DETECTED");
  }));

Deno.test("readPackageFlows() puts a called workflow in the place of the node that calls it", async () => {
  const { source } = await readPackageFlows(example("two-workflows"));
  assert.deepEqual(source.findings, []);
  assert.equal(new Set(source.agents.map(({ id }) => id)).size, source.agents.length);
  const ways = source.flows.flatMap((flow) => flow.ways ?? []);
  const target = (id: string) => ways.filter(({ from }) => from === id).map(({ to }) => to);
  assert.deepEqual(target("release-notes.plan-release"), ["release-notes.collect.find-changes"]);
  assert.deepEqual(target("release-notes.collect.changes-collected"), [
    "release-notes.write-notes",
  ]);
  for (const { ways = [], steps } of source.flows) {
    const ids = steps.flatMap(({ agents }) => agents);
    for (const { from, to } of ways) {
      assert.ok(ids.includes(from) && ids.includes(to), `${from} ${to}`);
    }
  }
});
