import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { NO_ANSWERS } from "../../../../runtime/run/answers.ts";
import {
  simulatePackage,
  type SimulateRequest,
} from "../../../../runtime/run/walk/simulate_package.ts";
import type { SimulationReport } from "../../../../runtime/run/walk/simulation_report.ts";
import { type Texts, writeTexts } from "../../package/sample_package.ts";
import { packageOf } from "./graphs.ts";

const ALL = { walk: "all" } as const;

async function simulate(
  source: string,
  more: Partial<SimulateRequest> = {},
): Promise<SimulationReport> {
  const { signal } = new AbortController();
  return await simulatePackage({ source, mode: ALL, answers: NO_ANSWERS, signal, ...more });
}

async function simulateTexts(texts: Texts, more: Partial<SimulateRequest> = {}) {
  const dir = await Deno.makeTempDir();
  try {
    await writeTexts(dir, texts);
    return await simulate(dir, more);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** A package with one workflow. */
function single(...workflow: Parameters<typeof packageOf>[0][string]): Texts {
  return packageOf({ main: workflow });
}

for (
  const name of ["create-story", "review-loop", "hello-branch", "two-workflows", "plain-letter"]
) {
  const source = fileURLToPath(new URL(`../../../../examples/${name}`, import.meta.url));

  Deno.test(`simulatePackage() takes every edge of examples/${name}`, async () => {
    const { ok, workflows } = await simulate(source);
    assert.equal(ok, true);
    for (const { nodes, edges, edgesNeverTaken, failedWalks } of workflows) {
      assert.equal(nodes.reached, nodes.total);
      assert.equal(edges.taken, edges.total);
      assert.deepEqual([edgesNeverTaken, failedWalks], [[], []]);
    }
  });

  Deno.test(`simulatePackage() completes random walks of examples/${name}, the same each time`, async () => {
    const mode = { walk: "random", seed: 5, runs: 4 } as const;
    const report = await simulate(source, { mode });
    assert.equal(report.ok, true);
    assert.equal(report.workflows[0]?.walks, 4);
    assert.deepEqual(await simulate(source, { mode }), report);
  });
}

const LOOP = single(
  { start: "decision", way: "step", round: "step", end: "end" },
  [
    ["start", "way", "down", { isDefault: true }],
    ["start", "end", "out"],
    ["way", "round"],
    ["round", "way"],
  ],
);

Deno.test("simulatePackage() walks round a loop without exit and reports it", async () => {
  const report = await simulateTexts(LOOP);
  const [main] = report.workflows;
  assert.equal(report.ok, true);
  assert.deepEqual(main?.loopsWithoutExit, [["way", "round"]]);
  assert.deepEqual(main?.nodesNeverReached, ["way", "round"]);
  assert.deepEqual(
    main?.edgesNeverTaken.map(({ label, reason }) => [label, reason]),
    ["down", "round", "way"].map((label) => [label, "no end can be reached from there"]),
  );
});

Deno.test("simulatePackage() ends a random walk that goes round for ever, by its limit", async () => {
  const report = await simulateTexts(LOOP, { mode: { walk: "random", seed: 1, runs: 6 } });
  const failed = report.workflows[0]?.failedWalks ?? [];
  assert.equal(report.ok, false);
  assert.ok(failed.length > 0 && failed.length < 6, JSON.stringify(failed));
  for (const { reason } of failed) {
    assert.match(reason, /does not come to an end: it was stopped after 90 visits/);
  }
});

const DEAD_END = single(
  { start: "decision", stuck: "step", end: "end" },
  [["start", "stuck"], ["start", "end", "out", { isDefault: true }]],
);

Deno.test("simulatePackage() names the dead end at which a random walk stops", async () => {
  const report = await simulateTexts(DEAD_END, { mode: { walk: "random", seed: 1, runs: 6 } });
  const reason = "no edge leaves it, and it is no end node";
  assert.deepEqual(report.workflows[0]?.deadEnds, [{ nodeId: "stuck", reason }]);
  const [failed] = report.workflows[0]?.failedWalks ?? [];
  assert.deepEqual([failed?.at, failed?.reason], ["stuck", `Dead end: ${reason}`]);
  assert.equal(report.ok, false);
});

Deno.test("simulatePackage() does not walk a workflow that cannot complete, but says why", async () => {
  const report = await simulateTexts(
    packageOf({
      main: [{ a: "step", end: "end", lost: "step" }, [["a", "end"], ["lost", "end"]]],
      other: [{ a: "step", b: "step" }, [["a", "b"]]],
    }),
  );
  const [main, other] = report.workflows;
  assert.deepEqual([report.ok, report.problem], [false, null]);
  assert.deepEqual([main?.canComplete, main?.walks, main?.nodesNeverReached], [true, 1, ["lost"]]);
  assert.deepEqual([other?.canComplete, other?.walks], [false, 0]);
  assert.deepEqual(other?.deadEnds.map(({ nodeId }) => nodeId), ["b"]);
});

Deno.test("simulatePackage() walks only the workflow it is told, and those it calls", async () => {
  const texts = packageOf({
    main: [{ a: "step", end: "end" }, [["a", "end"]]],
    caller: [{ a: "call:child", end: "end" }, [["a", "end"]]],
    child: [{ end: "end" }, []],
  });
  const { workflows } = await simulateTexts(texts, { workflowId: "caller" });
  assert.deepEqual(workflows.map(({ workflowId, walks }) => [workflowId, walks]), [
    ["caller", 1],
    ["child", 1],
  ]);
  await assert.rejects(simulateTexts(texts, { workflowId: "none" }), {
    code: "ENGINE_PRECONDITION",
    message: /no workflow "none".*main, caller, child/,
  });
});

Deno.test("simulatePackage() takes edges apart that share label, target and node id with others", async () => {
  const nodes = { a: "decision", b: "decision", end: "end" };
  const { ok, workflows } = await simulateTexts(packageOf({
    main: [{ ...nodes, call: "call:child" }, [
      ["a", "b", "go", { isDefault: true }],
      ["a", "call", "go"],
      ["b", "end", "yes", { isDefault: true }],
      ["b", "end", "no"],
      ["b", "b", "again"],
      ["call", "b"],
    ]],
    child: [nodes, [
      ["a", "end", "go", { isDefault: true }],
      ["a", "b", "go"],
      ["b", "a", "yes", { isDefault: true }],
      ["b", "end", "no"],
    ]],
  }));
  assert.equal(ok, true);
  for (const { edges, edgesNeverTaken } of workflows) {
    assert.deepEqual([edges.taken, edgesNeverTaken], [edges.total, []]);
  }
});

Deno.test("simulatePackage() says of an edge behind a call that only its condition opens it", async () => {
  const conditionExpr = { "==": [{ var: "mood" }, "good"] };
  const { ok, workflows: [main] } = await simulateTexts(packageOf({
    main: [{ call: "call:child", end: "end", party: "end" }, [
      ["call", "end", "home", { isDefault: true }],
      ["call", "party", "celebrate", { conditionExpr }],
    ]],
    child: [{ end: "end" }, []],
  }));
  assert.equal(ok, true);
  assert.deepEqual(main?.edgesNeverTaken, [{
    from: "call",
    to: "party",
    label: "celebrate",
    reason: "taken only if its condition holds",
  }]);
});

Deno.test("simulatePackage() stops where only a condition that never holds leads out of a call", async () => {
  const conditionExpr = { "==": [{ var: "mood" }, "good"] };
  const { ok, workflows: [main] } = await simulateTexts(packageOf({
    main: [{ call: "call:child", end: "end" }, [
      ["call", "call", "again", { isDefault: true }],
      ["call", "end", "done", { conditionExpr }],
    ]],
    child: [{ end: "end" }, []],
  }));
  assert.equal(ok, false);
  assert.match(main?.failedWalks[0]?.reason ?? "", /does not come to an end/);
});

Deno.test("simulatePackage() reports on the graphs of a package that check refuses", async () => {
  const { "workflows/main/a.md": _, ...texts } = single(
    { a: "step", b: "step", end: "end" },
    [["a", "b"]],
  );
  const { ok, problem, workflows: [main] } = await simulateTexts(texts);
  assert.equal(ok, false);
  assert.match(
    problem ?? "",
    /^workflows\/main\/workflow\.graph\.json: .*"workflows\/main\/a\.md"/,
  );
  assert.deepEqual([main?.canComplete, main?.walks], [false, 0]);
  assert.deepEqual(main?.deadEnds.map(({ nodeId }) => nodeId), ["b"]);
  assert.deepEqual(main?.nodesNeverReached, ["end"]);
});

Deno.test("simulatePackage() refuses what is too broken for a report", async () => {
  await assert.rejects(simulateTexts({ "bmad.json": "{" }), {
    code: "PKG_INVALID",
    message: /bmad\.json/,
  });
});

Deno.test("simulatePackage() gives every walk all the answers anew", async () => {
  const texts = single(
    { a: "decision", end: "end", other: "end" },
    [["a", "end", "x", { isDefault: true }], ["a", "other"]],
  );
  let given = 0;
  const answers = {
    ...NO_ANSWERS,
    get answers() {
      given += 1;
      return ["one"];
    },
  };
  const { workflows: [main] } = await simulateTexts(texts, { answers });
  assert.deepEqual([main?.walks, given], [2, 2]);
});

Deno.test("simulatePackage() says in the simulation's own words why a walk did not complete", async () => {
  const texts = single({ a: "step", end: "end" }, [["a", "end"]]);
  const step = texts["workflows/main/a.md"] ?? "";
  const outputs = "outputs:\n  - .git/config\n";
  const { ok, workflows: [main] } = await simulateTexts({
    ...texts,
    "workflows/main/a.md": step.replace("type: step\n", `type: step\n${outputs}`),
  });
  assert.equal(ok, false);
  const [failed] = main?.failedWalks ?? [];
  assert.equal(failed?.at, "a");
  assert.match(failed?.reason ?? "", /^I stop at "a": fs_write failed 2 times/);
});

Deno.test("simulatePackage() stops before the next walk once it is told to", async () => {
  const abort = new AbortController();
  let told = 0;
  const onProgress = () => {
    told += 1;
    if (told === 3) abort.abort();
  };
  const mode = { walk: "random", seed: 1, runs: 5 } as const;
  const { signal } = abort;
  await assert.rejects(simulateTexts(DEAD_END, { mode, signal, onProgress }), {
    code: "ENGINE_ABORTED",
  });
  assert.equal(told, 3);
});
