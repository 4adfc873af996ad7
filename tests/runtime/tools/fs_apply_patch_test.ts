import { deepEqual, equal, match, ok } from "node:assert/strict";
import { codeOf, messageOf, openWorld, sha256 } from "./tool_world.ts";

interface Patch {
  readonly title: string;
  readonly text: string;
  readonly diff: string;
  readonly becomes: string;
}

const PATCHES: readonly Patch[] = [
  {
    title: "a plain unified diff",
    text: "one\ntwo\nthree\n",
    diff: "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n",
    becomes: "one\n2\nthree\n",
  },
  {
    title: "a diff with git headers",
    text: "one\n",
    diff: "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n one\n+two\n",
    becomes: "one\ntwo\n",
  },
  {
    title: "hunks alone, with wrong counts",
    text: "one\ntwo\nthree\n",
    diff: "@@ -1,99 +1,7 @@\n one\n-two\n+2\n",
    becomes: "one\n2\nthree\n",
  },
  {
    title: "hunks without line numbers",
    text: "a\nb\nc\nd\n",
    diff: "@@\n c\n-d\n+D\n",
    becomes: "a\nb\nc\nD\n",
  },
  {
    title: "hunks at wrong line numbers",
    text: "x\n".repeat(30) + "one\ntwo\n",
    diff: "@@ -3,2 +3,2 @@\n one\n-two\n+2\n",
    becomes: "x\n".repeat(30) + "one\n2\n",
  },
  {
    title: "several hunks",
    text: "a\nb\nc\nd\ne\nf\ng\nh\n",
    diff: "@@ -1,2 +1,2 @@\n-a\n+A\n b\n@@ -7,2 +7,3 @@\n g\n-h\n+H\n+I\n",
    becomes: "A\nb\nc\nd\ne\nf\ng\nH\nI\n",
  },
  {
    title: "an LF diff on a CRLF file",
    text: "one\r\ntwo\r\n",
    diff: "@@ -1,2 +1,3 @@\n one\n+and a half\n two\n",
    becomes: "one\r\nand a half\r\ntwo\r\n",
  },
  {
    title: "a CRLF diff on an LF file",
    text: "one\ntwo\n",
    diff: "@@ -1,2 +1,2 @@\r\n one\r\n-two\r\n+2\r\n",
    becomes: "one\n2\n",
  },
  {
    title: "a file without a last line end, unsaid in the diff",
    text: "one\ntwo",
    diff: "@@ -1,2 +1,2 @@\n one\n-two\n+2\n",
    becomes: "one\n2",
  },
  {
    title: "a diff that says that the last line end is added",
    text: "one\ntwo",
    diff: "@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+two\n",
    becomes: "one\ntwo\n",
  },
  {
    title: "an empty line of context without its space",
    text: "one\n\ntwo\n",
    diff: "@@ -1,3 +1,3 @@\n one\n\n-two\n+2\n",
    becomes: "one\n\n2\n",
  },
  {
    title: "removed and added lines that look like headers",
    text: "-- old\nx\n",
    diff: "@@ -1,2 +1,2 @@\n--- old\n+++ new\n x\n",
    becomes: "++ new\nx\n",
  },
];

for (const { title, text, diff, becomes } of PATCHES) {
  Deno.test(`fs.apply_patch applies ${title}`, async () => {
    await using world = await openWorld();
    world.put("project/a.md", text);
    const result = await world.call("fs.apply_patch", { path: "@project/a.md", diff });
    deepEqual(result, {
      ok: true,
      path: "@project/a.md",
      sha256Before: sha256(text),
      sha256After: sha256(becomes),
    });
    equal(world.text("project/a.md"), becomes);
  });
}

Deno.test("fs.apply_patch takes the diff as patch, too", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "a\n");
  const patch = "@@ -1 +1 @@\n-a\n+b\n";
  ok((await world.call("fs.apply_patch", { path: "@project/a.md", patch })).ok);
  equal(world.text("project/a.md"), "b\n");
});

const BAD_DIFFS: readonly (readonly [string, string, RegExp])[] = [
  [
    "context that is not there",
    "@@ -1,2 +1,2 @@\n zero\n-two\n+2\n",
    /does not fit "@project\/a\.md"/,
  ],
  ["removed lines that are not there", "@@ -1,2 +1,2 @@\n one\n-zwei\n+2\n", /does not fit/],
  ["no hunk", "one\n-two\n+2\n", /no line that begins with "@@"/],
  [
    "two files",
    "--- a\n+++ a\n@@ -1 +1 @@\n-one\n+1\n--- b\n+++ b\n@@ -1 +1 @@\n-x\n+y\n",
    /several files/,
  ],
  ["lines of no kind", "@@ -1,2 +1,2 @@\none\n-two\n+2\n", /begins with none of space, \+ and -/],
  [
    "the format of another agent",
    "*** Begin Patch\n*** Update File: a\n",
    /no line that begins with "@@"/,
  ],
];

for (const [title, diff, message] of BAD_DIFFS) {
  Deno.test(`fs.apply_patch refuses a diff with ${title}`, async () => {
    await using world = await openWorld();
    world.put("project/a.md", "one\ntwo\n");
    match(messageOf(await world.call("fs.apply_patch", { path: "@project/a.md", diff })), message);
    equal(world.text("project/a.md"), "one\ntwo\n");
  });
}

const STORY = `---
# the story's own comment
title: Renew # on line
status: draft
artifacts:
  - artifacts/a.md
variables:
  keep: 1
---
Body: stays
`;

interface Update {
  readonly title: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly becomes: string;
}

const UPDATES: readonly Update[] = [
  {
    title: "flat",
    args: { operation: "updateFrontmatter", update: { "status.set": "done" } },
    becomes: STORY.replace("draft", "done"),
  },
  {
    title: "nested under patch",
    args: { patch: { operation: "updateFrontmatter", update: { "status.set": "done" } } },
    becomes: STORY.replace("draft", "done"),
  },
  {
    title: "nested under patch as JSON",
    args: { patch: '{"operation":"update_frontmatter","update":{"status.set":"done"}}' },
    becomes: STORY.replace("draft", "done"),
  },
  {
    title: "with keys as objects",
    args: { update: { status: { set: "done" } } },
    becomes: STORY.replace("draft", "done"),
  },
  {
    title: "that merges variables",
    args: { update: { "variables.set": { more: "x" } } },
    becomes: STORY.replace("keep: 1\n", "keep: 1\n  more: x\n"),
  },
  {
    title: "that appends to a list, nothing twice",
    args: { update: { "artifacts.append": ["artifacts/a.md", "artifacts/b.md"] } },
    becomes: STORY.replace("- artifacts/a.md\n", "- artifacts/a.md\n  - artifacts/b.md\n"),
  },
  {
    title: "that begins a list",
    args: { update: { "tags.append": "new" } },
    becomes: STORY.replace("keep: 1\n", "keep: 1\ntags:\n  - new\n"),
  },
];

for (const { title, args, becomes } of UPDATES) {
  Deno.test(`fs.apply_patch updates front matter ${title}; comments and body stay`, async () => {
    await using world = await openWorld();
    world.put("project/story.md", STORY);
    const result = await world.call("fs.apply_patch", { path: "@project/story.md", ...args });
    ok(result.ok, messageOf(result));
    equal(world.text("project/story.md"), becomes);
    deepEqual([result.sha256Before, result.sha256After], [sha256(STORY), sha256(becomes)]);
  });
}

Deno.test("fs.apply_patch updates the front matter of a CRLF file", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "---\r\nstatus: a\r\n---\r\nBody\r\n");
  await world.call("fs.apply_patch", { path: "@project/a.md", update: { "status.set": "b" } });
  equal(world.text("project/a.md"), "---\r\nstatus: b\r\n---\r\nBody\r\n");
});

const NO_FRONT_MATTER: readonly (readonly [string, RegExp])[] = [
  ["Only a body\n", /does not start with a "---" line/],
  ["---\na: 1\n", /not closed/],
  ["---\n- a\n---\n", /not a map/],
  ["---\na: [\n---\n", /cannot be updated/],
];

for (const [text, reason] of NO_FRONT_MATTER) {
  Deno.test(`fs.apply_patch refuses an update of ${JSON.stringify(text)}`, async () => {
    await using world = await openWorld();
    world.put("project/a.md", text);
    const args = { path: "@project/a.md", update: { "a.set": 1 } };
    const result = await world.call("fs.apply_patch", args);
    equal(codeOf(result), "E_INVALID_FRONTMATTER");
    match(messageOf(result), reason);
    equal(world.text("project/a.md"), text);
  });
}

Deno.test("fs.apply_patch hands an update of the state document to the guard", async () => {
  await using world = await openWorld();
  const update = {
    "stepsCompleted.append": "draft",
    "variables.set": { a: 1 },
    "decisionLog.append": { from: "a", to: "b", label: "Yes" },
    "currentNodeId.set": "next",
  };
  const args = {
    path: "workflow.md",
    operation: "updateFrontmatter",
    update,
    ifMatchSha256: "abc",
  };
  ok((await world.call("fs.apply_patch", args)).ok);
  deepEqual(world.stateRequests, [{ update, ifMatchSha256: "abc" }]);
});

Deno.test("fs.apply_patch proposes a patched state document to the guard", async () => {
  await using world = await openWorld();
  const diff = "@@ -1,2 +1,2 @@\n ---\n-currentNodeId: draft\n+currentNodeId: next\n";
  ok((await world.call("fs.apply_patch", { path: "workflow.md", diff })).ok);
  const propose = "---\ncurrentNodeId: next\nvariables: {}\n---\nGoal\n";
  deepEqual(world.stateRequests, [{ propose, ifMatchSha256: undefined }]);
});

const BAD_STATE_UPDATES: readonly (readonly [Record<string, unknown>, RegExp])[] = [
  [{ "status.set": "x" }, /no key "status\.set"\. Its keys are: stepsCompleted\.append/],
  [{ "variables.append": 1 }, /no key "variables\.append"/],
  [{ variables: { a: 1 } }, /"variables" says not what to do: write "variables\.set"/],
  [{ "currentNodeId.set": 3 }, /"currentNodeId\.set" is 3, but has to be a node id/],
  [{ "variables.set": [] }, /"variables\.set" is \[\], but has to be an object/],
  [{ "stepsCompleted.append": { a: 1 } }, /has to be a node id or a list of them/],
  [{}, /The update is empty/],
];

for (const [update, message] of BAD_STATE_UPDATES) {
  Deno.test(`fs.apply_patch refuses the state update ${JSON.stringify(update)}`, async () => {
    await using world = await openWorld();
    match(messageOf(await world.call("fs.apply_patch", { path: "workflow.md", update })), message);
    deepEqual(world.stateRequests, []);
  });
}

const NEITHER: readonly Record<string, unknown>[] = [
  {},
  { operation: "updateFrontmatter" },
  { diff: "@@ -1 +1 @@\n-a\n+b\n", update: { "a.set": 1 } },
];

for (const args of NEITHER) {
  Deno.test(`fs.apply_patch wants either a diff or an update, not ${JSON.stringify(args)}`, async () => {
    await using world = await openWorld();
    world.put("project/a.md", "a\n");
    const result = await world.call("fs.apply_patch", { path: "@project/a.md", ...args });
    match(messageOf(result), /give either "diff" .* or "operation"/);
  });
}

Deno.test("fs.apply_patch refuses a missing file and names the tool that makes one", async () => {
  await using world = await openWorld();
  const args = { path: "@project/none.md", diff: "@@ -0,0 +1 @@\n+a\n" };
  match(messageOf(await world.call("fs.apply_patch", args)), /To make it, use fs_write/);
});
