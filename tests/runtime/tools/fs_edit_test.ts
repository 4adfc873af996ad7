import { deepEqual, equal, match, ok } from "node:assert/strict";
import { codeOf, messageOf, openWorld, sha256, STATE_TEXT } from "./tool_world.ts";

interface Edit {
  readonly title: string;
  readonly text: string;
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll?: boolean;
  readonly becomes: string;
  readonly replacements?: number;
}

const EDITS: readonly Edit[] = [
  {
    title: "a passage",
    text: "one two three",
    oldText: "two",
    newText: "2",
    becomes: "one 2 three",
  },
  { title: "nothing in its place", text: "one two", oldText: " two", newText: "", becomes: "one" },
  {
    title: "dollar signs as they are",
    text: "a b",
    oldText: "b",
    newText: "$& $1 $$",
    becomes: "a $& $1 $$",
  },
  {
    title: "pattern signs as they are",
    text: "a.b (c)",
    oldText: ".b (",
    newText: "-",
    becomes: "a-c)",
  },
  {
    title: "all of them",
    text: "a b a b a",
    oldText: "a",
    newText: "aa",
    replaceAll: true,
    becomes: "aa b aa b aa",
    replacements: 3,
  },
  {
    title: "lines of a CRLF file given with LF",
    text: "one\r\ntwo\r\nthree\r\n",
    oldText: "one\ntwo\n",
    newText: "1\n2\n",
    becomes: "1\r\n2\r\nthree\r\n",
  },
  {
    title: "one line of a CRLF file by several",
    text: "one\r\ntwo\r\n",
    oldText: "two",
    newText: "2\n3",
    becomes: "one\r\n2\r\n3\r\n",
  },
  {
    title: "text behind a byte order mark",
    text: "\uFEFFone",
    oldText: "one",
    newText: "two",
    becomes: "\uFEFFtwo",
  },
];

for (const { title, text, becomes, replacements = 1, ...change } of EDITS) {
  Deno.test(`fs.edit replaces ${title}`, async () => {
    await using world = await openWorld();
    world.put("project/a.md", text);
    const result = await world.call("fs.edit", { path: "@project/a.md", ...change });
    deepEqual(result, {
      ok: true,
      path: "@project/a.md",
      replacements,
      sha256Before: sha256(text),
      sha256After: sha256(becomes),
    });
    equal(world.text("project/a.md"), becomes);
  });
}

interface Refusal {
  readonly title: string;
  readonly text: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly message: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  {
    title: "a passage that is not there",
    text: "one",
    args: { oldText: "two", newText: "x" },
    message: /stands in "@project\/a\.md" 0 times\. Read the file again/,
  },
  {
    title: "a passage with other white space",
    text: "if (a) {\n\treturn;\n}",
    args: { oldText: "if (a) {\n  return;\n}", newText: "x" },
    message: /0 times\. It does with other spaces, tabs or line breaks/,
  },
  {
    title: "a passage that is there twice",
    text: "x = 1\ny\nx = 1\n",
    args: { oldText: "x = 1\n", newText: "z" },
    message: /2 times \(lines 1, 3\)\. Take more of the text round it/,
  },
  {
    title: "a passage that is there very often",
    text: "a\n".repeat(1000),
    args: { oldText: "a", newText: "b" },
    message: /1000 times \(lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …\)/,
  },
  {
    title: "the same text twice",
    text: "one",
    args: { oldText: "one", newText: "one" },
    message: /the same, so nothing would change/,
  },
  {
    title: "another file than was read",
    text: "one",
    args: { oldText: "one", newText: "two", ifMatchSha256: sha256("none") },
    message: /is not the file you read/,
  },
];

for (const { title, text, args, message } of REFUSALS) {
  Deno.test(`fs.edit refuses ${title}`, async () => {
    await using world = await openWorld();
    world.put("project/a.md", text);
    match(messageOf(await world.call("fs.edit", { path: "@project/a.md", ...args })), message);
    equal(world.text("project/a.md"), text);
    deepEqual(world.changes, []);
  });
}

Deno.test("fs.edit refuses a missing and a binary file", async () => {
  await using world = await openWorld();
  world.put("project/a.bin", new Uint8Array([0xff, 0xfe, 0xfd]));
  const change = { oldText: "a", newText: "b" };
  equal(codeOf(await world.call("fs.edit", { path: "@project/none.md", ...change })), "ENOENT");
  match(
    messageOf(await world.call("fs.edit", { path: "@project/a.bin", ...change })),
    /no UTF-8 text/,
  );
});

Deno.test("fs.edit counts every replacement against the write limit", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "a".repeat(50));
  const args = { path: "@project/a.md", oldText: "a", newText: "bcd", replaceAll: true };
  const result = await world.call("fs.edit", args, { maxWriteBytes: 100 });
  equal(codeOf(result), "E_WRITE_LIMIT");
  match(messageOf(result), /writes 150 bytes/);
});

Deno.test("fs.edit changes a few bytes of a file that is over the write limit", async () => {
  await using world = await openWorld();
  world.put("project/a.md", `${"a".repeat(500)}b`);
  const args = { path: "@project/a.md", oldText: "b", newText: "c" };
  ok((await world.call("fs.edit", args, { maxWriteBytes: 100 })).ok);
});

Deno.test("fs.edit proposes the edited state document to the guard", async () => {
  await using world = await openWorld();
  const args = {
    path: "workflow.md",
    oldText: "currentNodeId: draft",
    newText: "currentNodeId: next",
  };
  ok((await world.call("fs.edit", args)).ok);
  deepEqual(world.stateRequests, [
    { propose: STATE_TEXT.replace("draft", "next"), ifMatchSha256: undefined },
  ]);
});
