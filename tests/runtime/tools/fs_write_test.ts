import { deepEqual, equal, match, ok } from "node:assert/strict";
import { codeOf, messageOf, openWorld, sha256, STATE_TEXT } from "./tool_world.ts";

const TEXT = new TextDecoder();

Deno.test("fs.write makes a file with its parents", async () => {
  await using world = await openWorld();
  const result = await world.call("fs.write", { path: "artifacts/a/b/c.md", content: "Grüße" });
  deepEqual(result, {
    ok: true,
    path: "@project/artifacts/a/b/c.md",
    bytesWritten: 7,
    created: true,
    sha256After: sha256("Grüße"),
  });
  equal(world.text("project/artifacts/a/b/c.md"), "Grüße");
});

Deno.test("fs.write replaces a file and leaves no temporary file behind", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "old");
  const result = await world.call("fs.write", { path: "@project/a.md", content: "new" });
  ok(result.ok);
  deepEqual([result.sha256Before, result.sha256After], [sha256("old"), sha256("new")]);
  deepEqual([...Deno.readDirSync(world.project)].map(({ name }) => name), ["a.md"]);
  equal(world.text("project/a.md"), "new");
});

Deno.test("fs.write appends", async () => {
  await using world = await openWorld();
  world.put("project/log.md", "one\n");
  const args = { path: "@project/log.md", content: "two\n", mode: "append" };
  const result = await world.call("fs.write", args);
  ok(result.ok);
  deepEqual([result.bytesWritten, result.sha256After], [4, sha256("one\ntwo\n")]);
  equal(world.text("project/log.md"), "one\ntwo\n");
});

Deno.test("fs.write keeps the mode of the file it replaces", async () => {
  await using world = await openWorld();
  world.put("project/run.sh", "#!/bin/sh\n");
  await Deno.chmod(`${world.project}/run.sh`, 0o750);
  await world.call("fs.write", { path: "@project/run.sh", content: "#!/bin/sh\necho\n" });
  equal((await Deno.stat(`${world.project}/run.sh`)).mode! & 0o777, 0o750);
});

Deno.test("fs.write through a link inside the project changes its target and keeps the link", async () => {
  await using world = await openWorld();
  world.put("project/real.md", "old");
  await Deno.symlink("real.md", `${world.project}/alias.md`);
  ok((await world.call("fs.write", { path: "@project/alias.md", content: "new" })).ok);
  equal(world.text("project/real.md"), "new");
  ok((await Deno.lstat(`${world.project}/alias.md`)).isSymlink);
});

Deno.test("fs.write cuts a hard link, so the file outside stays as it was", async () => {
  await using world = await openWorld();
  world.put("outside/shared.txt", "outside");
  await Deno.link(`${world.outside}/shared.txt`, `${world.project}/hard.txt`);
  ok((await world.call("fs.write", { path: "@project/hard.txt", content: "inside" })).ok);
  equal(world.text("outside/shared.txt"), "outside");
  equal(world.text("project/hard.txt"), "inside");
});

Deno.test("fs.write takes the file it read by ifMatchSha256, in either case", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "old");
  const args = {
    path: "@project/a.md",
    content: "new",
    ifMatchSha256: sha256("old").toUpperCase(),
  };
  ok((await world.call("fs.write", args)).ok);
});

Deno.test("fs.write refuses another file than was read", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "changed");
  const args = { path: "@project/a.md", content: "new", ifMatchSha256: sha256("old") };
  const result = await world.call("fs.write", args);
  equal(codeOf(result), "E_PRECONDITION_FAILED");
  match(messageOf(result), /Read it again/);
  equal(world.text("project/a.md"), "changed");
});

Deno.test("fs.write refuses ifMatchSha256 for a file that is missing", async () => {
  await using world = await openWorld();
  const args = { path: "@project/a.md", content: "new", ifMatchSha256: sha256("old") };
  const result = await world.call("fs.write", args);
  match(messageOf(result), /does not exist, so it cannot match/);
  ok(!world.exists("project/a.md"));
});

Deno.test("fs.write refuses more than the limit, with both numbers", async () => {
  await using world = await openWorld();
  const args = { path: "@project/a.md", content: "é".repeat(60) };
  const result = await world.call("fs.write", args, { maxWriteBytes: 100 });
  equal(codeOf(result), "E_WRITE_LIMIT");
  match(messageOf(result), /writes 120 bytes .* may write 100\b/);
  ok(!world.exists("project/a.md"));
});

Deno.test("fs.write grows a file over the limit by appending", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "x".repeat(90));
  const args = { path: "@project/a.md", content: "y".repeat(90), mode: "append" };
  ok((await world.call("fs.write", args, { maxWriteBytes: 100 })).ok);
});

Deno.test("fs.write leaves a file alone that already holds the content", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "same");
  const before = await Deno.stat(`${world.project}/a.md`);
  const result = await world.call("fs.write", { path: "@project/a.md", content: "same" });
  ok(result.ok);
  equal(result.unchanged, true);
  equal((await Deno.stat(`${world.project}/a.md`)).ino, before.ino);
  deepEqual(world.changes, []);
});

Deno.test("fs.write gives beforeChange the bytes before and after, while the file is untouched", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "old");
  const seen: string[] = [];
  const options = {
    ...world.options(),
    beforeChange: (
      { path, before, after }: { path: string; before: Uint8Array | null; after: Uint8Array },
    ) => {
      seen.push(
        path,
        TEXT.decode(before ?? undefined),
        TEXT.decode(after),
        world.text("project/a.md"),
      );
      return Promise.resolve();
    },
  };
  await world.host.call("fs.write", { path: "@project/a.md", content: "new" }, options);
  deepEqual(seen, ["@project/a.md", "old", "new", "old"]);
});

Deno.test("fs.write gives beforeChange null for a new file", async () => {
  await using world = await openWorld();
  await world.call("fs.write", { path: "@project/a.md", content: "new" });
  deepEqual(world.changes.map(({ before }) => before), [null]);
});

Deno.test("fs.write does not write if beforeChange fails", async () => {
  await using world = await openWorld();
  const options = {
    ...world.options(),
    beforeChange: () => Promise.reject(new Error("disk full")),
  };
  let message = "";
  await world.host.call("fs.write", { path: "@project/a.md", content: "x" }, options)
    .catch((thrown: Error) => message = thrown.message);
  equal(message, "disk full");
  ok(!world.exists("project/a.md"));
});

Deno.test("fs.write refuses a file that changes while the pre-image is stored", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "old");
  const beforeChange = () => Promise.resolve(world.put("project/a.md", "theirs"));
  const options = { ...world.options(), beforeChange };
  const result = await world.host.call(
    "fs.write",
    { path: "@project/a.md", content: "x" },
    options,
  );
  equal(codeOf(result), "E_PRECONDITION_FAILED");
  equal(world.text("project/a.md"), "theirs");
});

Deno.test("fs.write refuses a file that springs up while it would be made", async () => {
  await using world = await openWorld();
  const beforeChange = () => Promise.resolve(world.put("project/a.md", "theirs"));
  const options = { ...world.options(), beforeChange };
  const result = await world.host.call(
    "fs.write",
    { path: "@project/a.md", content: "x" },
    options,
  );
  equal(codeOf(result), "E_PRECONDITION_FAILED");
  equal(world.text("project/a.md"), "theirs");
});

Deno.test("fs.write refuses to replace a file whose pre-image would be too large", async () => {
  await using world = await openWorld();
  world.put("project/huge.bin", "");
  await Deno.truncate(`${world.project}/huge.bin`, 2 ** 31);
  const result = await world.call("fs.write", { path: "@project/huge.bin", content: "x" });
  equal(codeOf(result), "E_WRITE_LIMIT");
  equal((await Deno.stat(`${world.project}/huge.bin`)).size, 2 ** 31);
});

Deno.test("fs.write proposes a new state document to the guard and nothing else", async () => {
  await using world = await openWorld();
  const args = {
    path: "@state/workflow.md",
    content: "more",
    mode: "append",
    ifMatchSha256: "abc",
  };
  ok((await world.call("fs.write", args)).ok);
  await world.call("fs.write", { path: "workflow.md", content: "whole" });
  deepEqual(world.stateRequests, [
    { propose: `${STATE_TEXT}more`, ifMatchSha256: "abc" },
    { propose: "whole", ifMatchSha256: undefined },
  ]);
  deepEqual(world.changes, []);
});

const PLACES: readonly (readonly [string, RegExp])[] = [
  ["@project/docs/", /names a folder\. Add the name of the file/],
  ["@project/sub", /is a folder\. Look into it with fs_list/],
  ["@project/a.md/b.md", /a part of the path is a file, not a folder/],
];

for (const [path, message] of PLACES) {
  Deno.test(`fs.write refuses ${path} and says why`, async () => {
    await using world = await openWorld();
    world.put("project/a.md", "");
    world.put("project/sub/x.md", "");
    match(messageOf(await world.call("fs.write", { path, content: "x" })), message);
  });
}
