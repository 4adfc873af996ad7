import { deepEqual, equal, match, ok } from "node:assert/strict";
import { codeOf, messageOf, openWorld, sha256, STATE_TEXT } from "./tool_world.ts";

Deno.test("fs.read answers content, bytes and sha256 of the whole file", async () => {
  await using world = await openWorld();
  world.put("project/artifacts/a.md", "Grüße\n🙂\n");
  deepEqual(await world.call("fs.read", { path: "artifacts/a.md" }), {
    ok: true,
    path: "@project/artifacts/a.md",
    bytes: 13,
    sha256: sha256("Grüße\n🙂\n"),
    totalLines: 2,
    content: "Grüße\n🙂\n",
  });
});

Deno.test("fs.read answers an empty file", async () => {
  await using world = await openWorld();
  world.put("project/empty.md", "");
  const { ok: fine, content, bytes, totalLines } = await world.call("fs.read", {
    path: "@project/empty.md",
  }) as Record<string, unknown>;
  deepEqual({ fine, content, bytes, totalLines }, {
    fine: true,
    content: "",
    bytes: 0,
    totalLines: 0,
  });
});

Deno.test("fs.read keeps a byte order mark and CRLF", async () => {
  await using world = await openWorld();
  world.put("project/dos.md", "\uFEFFa\r\nb\r\n");
  const result = await world.call("fs.read", { path: "@project/dos.md" });
  ok(result.ok);
  equal(result.content, "\uFEFFa\r\nb\r\n");
});

const WINDOWS: readonly (readonly [Record<string, number>, string, number, number])[] = [
  [{ startLine: 2, endLine: 3 }, "two\nthree\n", 2, 3],
  [{ startLine: 4 }, "four\nfive", 4, 5],
  [{ endLine: 1 }, "one\n", 1, 1],
  [{ startLine: 5, endLine: 99 }, "five", 5, 5],
  [{ startLine: 1, endLine: 5 }, "one\ntwo\nthree\nfour\nfive", 1, 5],
];

for (const [window, content, startLine, endLine] of WINDOWS) {
  Deno.test(`fs.read answers the lines of ${JSON.stringify(window)}`, async () => {
    await using world = await openWorld();
    const text = "one\ntwo\nthree\nfour\nfive";
    world.put("project/lines.txt", text);
    const result = await world.call("fs.read", { path: "@project/lines.txt", ...window });
    deepEqual(result, {
      ok: true,
      path: "@project/lines.txt",
      bytes: text.length,
      sha256: sha256(text),
      startLine,
      endLine,
      totalLines: 5,
      content,
    });
  });
}

Deno.test("fs.read says how many lines there are if the window lies behind them", async () => {
  await using world = await openWorld();
  world.put("project/a.txt", "x\n");
  const result = await world.call("fs.read", { path: "@project/a.txt", startLine: 9 });
  equal(codeOf(result), "E_TOOL_ARGS");
  equal(messageOf(result), '"@project/a.txt" has 1 lines; line 9 lies behind its end');
});

Deno.test("fs.read refuses a window that ends before it begins", async () => {
  await using world = await openWorld();
  const result = await world.call("fs.read", { path: "@project/a", startLine: 3, endLine: 2 });
  match(messageOf(result), /"startLine" 3 lies behind "endLine" 2/);
});

Deno.test("fs.read truncates over the limit, with a preview in whole lines and a hint", async () => {
  await using world = await openWorld();
  const text = "0123456789\n".repeat(100);
  world.put("project/long.txt", text);
  const result = await world.call("fs.read", { path: "@project/long.txt" }, { maxReadBytes: 100 });
  ok(result.ok);
  equal(result.truncated, true);
  equal(result.content, undefined);
  equal(result.contentPreview, "0123456789\n".repeat(9));
  equal(result.bytes, 1100);
  equal(result.sha256, sha256(text));
  match(String(result.hint), /fs_search.*startLine/);
});

Deno.test("fs.read reads a window of a file that is over the limit", async () => {
  await using world = await openWorld();
  world.put("project/long.txt", "0123456789\n".repeat(100));
  const args = { path: "@project/long.txt", startLine: 50, endLine: 51 };
  const result = await world.call("fs.read", args, { maxReadBytes: 100 });
  ok(result.ok);
  equal(result.content, "0123456789\n0123456789\n");
});

Deno.test("fs.read never cuts a character in two", async () => {
  await using world = await openWorld();
  world.put("project/long.txt", "é".repeat(100));
  const result = await world.call("fs.read", { path: "@project/long.txt" }, { maxReadBytes: 51 });
  ok(result.ok);
  equal(result.contentPreview, "é".repeat(25));
  equal(result.warning, undefined);
});

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 1]);
const BINARIES: readonly (readonly [string, Uint8Array, string])[] = [
  ["a PNG", PNG, "PNG image, 12 bytes"],
  ["a PDF", new TextEncoder().encode("%PDF-1.7\n"), "PDF document, 9 bytes"],
  ["a ZIP", new Uint8Array([0x50, 0x4b, 3, 4, 0]), "ZIP archive (or an Office document), 5 bytes"],
  [
    "UTF-16",
    new Uint8Array([0xff, 0xfe, 0x61, 0]),
    "UTF-16 text (convert it to UTF-8 first), 4 bytes",
  ],
  ["anything with NUL", new Uint8Array([97, 0, 98]), "binary data, 3 bytes"],
];

for (const [title, bytes, type] of BINARIES) {
  Deno.test(`fs.read refuses ${title} with its type and size`, async () => {
    await using world = await openWorld();
    world.put("project/file", bytes);
    const result = await world.call("fs.read", { path: "@project/file" });
    equal(codeOf(result), "E_TOOL_ARGS");
    ok(messageOf(result).includes(type), messageOf(result));
  });
}

Deno.test("fs.read takes a text for text that begins like a program", async () => {
  await using world = await openWorld();
  world.put("project/a.txt", "MZ is a file signature");
  ok((await world.call("fs.read", { path: "@project/a.txt" })).ok);
});

Deno.test("fs.read warns of a text that is not UTF-8", async () => {
  await using world = await openWorld();
  world.put("project/latin.txt", new Uint8Array([0x47, 0x72, 0xfc, 0xdf, 0x65]));
  const result = await world.call("fs.read", { path: "@project/latin.txt" });
  ok(result.ok);
  equal(result.content, "Gr��e");
  match(String(result.warning), /not UTF-8/);
});

Deno.test("fs.read says what the folder holds if the file is missing", async () => {
  await using world = await openWorld();
  world.put("project/artifacts/report.md", "");
  const result = await world.call("fs.read", { path: "artifacts/reports.md" });
  equal(codeOf(result), "ENOENT");
  equal(
    messageOf(result),
    'There is no "@project/artifacts/reports.md". "@project/artifacts" holds report.md',
  );
});

Deno.test("fs.read reads the package and the state document", async () => {
  await using world = await openWorld();
  world.put("pkg/steps/one.md", "Step");
  const step = await world.call("fs.read", { path: "steps/one.md" });
  const state = await world.call("fs.read", { path: "workflow.md", startLine: 2, endLine: 2 });
  ok(step.ok && state.ok);
  equal(step.content, "Step");
  deepEqual([state.path, state.sha256, state.content], [
    "@state/workflow.md",
    sha256(STATE_TEXT),
    "currentNodeId: draft\n",
  ]);
});

Deno.test("fs.read follows a link that stays inside the project", async () => {
  await using world = await openWorld();
  world.put("project/real.md", "real");
  await Deno.symlink("real.md", `${world.project}/alias.md`);
  const result = await world.call("fs.read", { path: "@project/alias.md" });
  ok(result.ok);
  equal(result.content, "real");
});

Deno.test("fs.read hashes a file of 2 GiB without taking it into memory", async () => {
  await using world = await openWorld();
  world.put("project/huge.txt", "line\n".repeat(2000));
  await Deno.truncate(`${world.project}/huge.txt`, 2 ** 31);
  const before = Deno.memoryUsage().rss;
  const result = await world.call("fs.read", { path: "@project/huge.txt", endLine: 2 });
  ok(result.ok);
  deepEqual([result.content, result.bytes], ["line\nline\n", 2 ** 31]);
  ok(Deno.memoryUsage().rss - before < 100 * 2 ** 20);
});
