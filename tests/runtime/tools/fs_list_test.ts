import { deepEqual, equal, match, ok } from "node:assert/strict";
import { codeOf, messageOf, openWorld, STATE_TEXT, type ToolWorld } from "./tool_world.ts";

async function entriesOf(world: ToolWorld, args: Record<string, unknown>): Promise<unknown> {
  const result = await world.call("fs.list", args);
  ok(result.ok, messageOf(result));
  return result.entries;
}

Deno.test("fs.list answers kind and size, sorted, without hidden files", async () => {
  await using world = await openWorld();
  world.put("project/b.md", "12345");
  world.put("project/a/x.md", "");
  world.put("project/.env", "KEY=1");
  world.put("project/.git/config", "");
  await Deno.symlink("/etc", `${world.project}/c`);
  deepEqual(await entriesOf(world, { path: "@project" }), [
    { path: "@project/a", kind: "folder" },
    { path: "@project/b.md", kind: "file", bytes: 5 },
    { path: "@project/c", kind: "link" },
  ]);
});

Deno.test("fs.list goes down as far as depth says, upper levels first", async () => {
  await using world = await openWorld();
  world.put("project/a/b/c/d.md", "");
  world.put("project/z.md", "");
  deepEqual(await entriesOf(world, { path: "@project", depth: 3 }), [
    { path: "@project/a", kind: "folder" },
    { path: "@project/z.md", kind: "file", bytes: 0 },
    { path: "@project/a/b", kind: "folder" },
    { path: "@project/a/b/c", kind: "folder" },
  ]);
});

Deno.test("fs.list lists node_modules without looking into it unless asked to", async () => {
  await using world = await openWorld();
  world.put("project/node_modules/x/index.js", "");
  deepEqual(await entriesOf(world, { depth: 5 }), [{
    path: "@project/node_modules",
    kind: "folder",
  }]);
  deepEqual(await entriesOf(world, { path: "@project/node_modules" }), [
    { path: "@project/node_modules/x", kind: "folder" },
  ]);
});

Deno.test("fs.list cuts at 200 entries and says how to see more", async () => {
  await using world = await openWorld();
  for (let index = 0; index < 201; index++) world.put(`project/many/${1000 + index}.md`, "");
  const cut = await world.call("fs.list", { path: "@project/many" });
  ok(cut.ok);
  equal((cut.entries as unknown[]).length, 200);
  equal(cut.truncated, true);
  match(String(cut.hint), /further down/);
});

Deno.test("fs.list does not call exactly 200 entries truncated", async () => {
  await using world = await openWorld();
  for (let index = 0; index < 200; index++) world.put(`project/many/${index}.md`, "");
  const whole = await world.call("fs.list", { path: "@project/many" });
  ok(whole.ok);
  equal(whole.truncated, undefined);
});

Deno.test("fs.list lists the package, and in @state only the state document", async () => {
  await using world = await openWorld();
  world.put("pkg/steps/one.md", "1");
  deepEqual(await entriesOf(world, { path: "steps" }), [
    { path: "@pkg/steps/one.md", kind: "file", bytes: 1 },
  ]);
  deepEqual(await entriesOf(world, { path: "@state" }), [
    { path: "@state/workflow.md", kind: "file", bytes: STATE_TEXT.length },
  ]);
});

Deno.test("fs.list refuses a file and a missing folder", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "");
  match(
    messageOf(await world.call("fs.list", { path: "@project/a.md" })),
    /is a file, not a folder/,
  );
  equal(codeOf(await world.call("fs.list", { path: "@project/none" })), "ENOENT");
});
