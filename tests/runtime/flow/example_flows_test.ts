import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Reply } from "../../model_server/script.ts";
import { type Files, openFlowWorld, userTextOf } from "./flow_world.ts";

/** The files of an example by path. */
async function filesOf(name: string): Promise<Files> {
  const root = fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
  const files: Record<string, string> = {};
  const open = [root];
  for (let dir = open.pop(); dir !== undefined; dir = open.pop()) {
    for await (const entry of Deno.readDir(dir)) {
      const path = join(dir, entry.name);
      if (entry.isDirectory) open.push(path);
      else files[relative(root, path).replaceAll("\\", "/")] = await Deno.readTextFile(path);
    }
  }
  return files;
}

Deno.test("examples/parallel-review waits for its policy and asks no reviewer twice", async () => {
  await using world = await openFlowWorld(
    await filesOf("parallel-review"),
    (_agent, { number }) => ({ text: `Answer ${number}` }),
  );
  const first = await world.run("diff");
  assert.deepEqual([first.status, first.pending_docs], ["pending", ["review-policy"]]);
  await world.ports.documents.write("review-policy", "Security first.");
  const second = await world.run("diff");
  assert.deepEqual([second.status, world.model.requests.length], ["success", 4]);
  const asked = userTextOf(world.model.requests[3] as never);
  assert.match(asked, /Security first\./);
  assert.deepEqual([...asked.matchAll(/<result name="(\w+)">/g)].map(([, name]) => name), [
    "security",
    "performance",
    "readability",
  ]);
});

Deno.test("examples/requirements-flow uses its tool, its memory and its checklist", async () => {
  const replies: Reply[] = [
    {
      toolCalls: [
        { name: "find_vague_words", arguments: { text: "R1: fast" } },
        { name: "memory_set", arguments: { key: "story", value: "One run of a flow." } },
      ],
    },
    { text: "# Requirements\n\n- R1: answers in 2 s" },
    { text: "## Verdict\nReady.\n\n## Findings\nNone\n```checklist\n3. yes\n4. yes\n```" },
  ];
  await using world = await openFlowWorld(
    await filesOf("requirements-flow"),
    () => replies.shift() as Reply,
  );
  const { status, results } = await world.run("A shop");
  assert.equal(status, "success");
  assert.deepEqual(results.analyst?.metadata.tool_calls, [
    { name: "find_vague_words", ok: true },
    { name: "memory_set", ok: true },
  ]);
  assert.deepEqual(results.analyst?.metadata.documents, ["s1__analyst", "s1__requirements"]);
  const asked = userTextOf(world.model.requests[2] as never);
  assert.match(asked, /<memory>\nstory: "One run of a flow\."\n<\/memory>/);
  assert.equal(results.reviewer?.metadata.checklists?.[0]?.passed, 4);
  assert.doesNotMatch(results.reviewer?.content ?? "", /```checklist/);
});
