import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { GraphNode } from "../../../schemas/package.ts";
import { type LoadedPackage, readPackage } from "../../../runtime/package/load.ts";
import { judgePackage } from "../../../runtime/run/package_verdict.ts";

const { package: loaded } = await readPackage(
  fileURLToPath(new URL("../../../examples/review-loop", import.meta.url)),
);
assert.ok(loaded);
const [workflow] = loaded.workflows;
assert.ok(workflow);
const [first, second] = workflow.graph.nodes;
assert.ok(first && second);

const stateAt = (currentNodeId: string, done: readonly string[] = []) => ({
  stack: { activeWorkflowId: workflow.id, callers: [] },
  documents: {
    [workflow.id]: `---\nschemaVersion: "1.1"\nworkflowType: x\nstepsCompleted: [${
      done.join(", ")
    }]\ncurrentNodeId: "${currentNodeId}"\n---\n`,
  },
});

function withNodes(change: (nodes: readonly GraphNode[]) => GraphNode[]): LoadedPackage {
  const graph = { ...workflow!.graph, nodes: change(workflow!.graph.nodes) };
  return { ...loaded!, hash: "0".repeat(64), workflows: [{ ...workflow!, graph }] };
}

const judge = (after: LoadedPackage, at = second.id, done = [first.id]) =>
  judgePackage({
    before: loaded,
    hash: loaded.hash,
    after,
    state: stateAt(at, done),
    agentId: loaded.agents[0]?.id,
  });

Deno.test("judgePackage() calls a package of the same hash the same", () => {
  assert.deepEqual(judge(loaded), { verdict: "same", reasons: [] });
});

Deno.test("judgePackage() calls a package with other texts compatible and names the files", () => {
  const files = new Map(loaded.files);
  files.delete("README.md");
  files.set("assets/new.md", new Uint8Array());
  files.set(workflow.documentPath, new Uint8Array([1]));
  const { verdict, reasons } = judge({ ...loaded, hash: "1".repeat(64), files });
  assert.equal(verdict, "compatible");
  assert.ok(reasons.includes(`${workflow.documentPath} was changed`), reasons.join());
  assert.ok(reasons.includes("assets/new.md is new"));
});

Deno.test("judgePackage() calls a package incompatible that lacks what the run stands on", () => {
  const rows: [after: LoadedPackage, reason: RegExp][] = [
    [withNodes((nodes) => nodes.filter(({ id }) => id !== second.id)), /where the run is/],
    [withNodes((nodes) => nodes.filter(({ id }) => id !== first.id)), /which is done already/],
    [
      withNodes((nodes) =>
        nodes.map((node) => node.id === second.id ? { ...node, type: "merge" } : node)
      ),
      /was a .*, not a merge/,
    ],
    [{ ...loaded, hash: "2".repeat(64), workflows: [] }, /no workflow/],
    [{ ...loaded, hash: "3".repeat(64), agents: [] }, /no agent/],
  ];
  for (const [after, reason] of rows) {
    const { verdict, reasons } = judge(after);
    assert.equal(verdict, "incompatible");
    assert.match(reasons.join("; "), reason);
  }
});
