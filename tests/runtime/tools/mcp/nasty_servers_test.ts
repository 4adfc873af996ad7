// Every way in which a server misbehaves is one failed call: the host goes on, and no process stays.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  type McpWorld,
  openMcpWorld,
  pidFiles,
  scriptServer,
  stillRunning,
  textOf,
} from "./mcp_world.ts";
import { PATIENCE_MS } from "../../../patience.ts";

const openNasty = (): Promise<McpWorld> =>
  openMcpWorld([scriptServer("nasty")], {
    limits: { maxLineBytes: 1_000_000, maxOutputBytes: 3_000_000 },
  });

const works = async (world: McpWorld) =>
  equal(textOf(await world.call("mcp__nasty__works")), "fine");

Deno.test("a server that dies during a call fails that call, and the next one starts it again", async () => {
  await using world = await openNasty();
  await works(world);
  match(textOf(await world.call("mcp__nasty__dies")), /^E_INTERNAL .*exit code 3.* check before/);
  match(world.host.status()[0]?.stderr ?? "", /about to die/);
  await works(world);
  equal(world.host.status()[0]?.starts, 2);
});

Deno.test("a server that dies fails all calls under way", async () => {
  await using world = await openNasty();
  await works(world);
  const hanging = world.call("mcp__nasty__hangs");
  await world.call("mcp__nasty__dies");
  match(textOf(await hanging), /^E_INTERNAL /);
});

Deno.test("a server that keeps dying is left alone for a while", async () => {
  await using world = await openMcpWorld([scriptServer("dies_at_start", { id: "dead" })], {
    limits: { maxFailures: 2, restMs: 3_600_000 },
  });
  deepEqual(await world.host.definitions(null), []);
  const told = textOf(await world.call("mcp__dead__x"));
  match(
    told,
    /^E_INTERNAL The MCP server "dead" does not work: it ended by itself with exit code 1/,
  );
  match(textOf(await world.call("mcp__dead__x")), /failed 2 times in a row/);
  const [status] = world.host.status();
  deepEqual([status?.state, status?.starts, status?.failures], ["failed", 2, 2]);
  match(status?.stderr ?? "", /no API key/);
});

Deno.test("a server that kept dying is tried again after its rest", async () => {
  await using world = await openMcpWorld([scriptServer("dies_at_start", { id: "dead" })], {
    limits: { maxFailures: 2, restMs: 1 },
  });
  deepEqual(await world.host.definitions(null), []);
  await world.call("mcp__dead__x");
  const before = world.host.status()[0]?.starts ?? 0;
  ok(before >= 2);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await world.call("mcp__dead__x");
  ok((world.host.status()[0]?.starts ?? 0) > before);
});

Deno.test("a command that does not exist is a failure without its path", async () => {
  const command = "/nowhere/at/all/server";
  await using world = await openMcpWorld([scriptServer("good", { command })]);
  const told = textOf(await world.call("mcp__good__echo"));
  match(told, /^E_INTERNAL .*its command or its folder was not found/);
  ok(!told.includes("nowhere"));
});

Deno.test("a server that never answers the greeting is ended after the limit", async () => {
  await using world = await openMcpWorld([scriptServer("silent")], { limits: { startMs: 700 } });
  match(textOf(await world.call("mcp__silent__x")), /^E_INTERNAL .*did not answer in time/);
  deepEqual(pidFiles(world.dataDir), []);
});

Deno.test("close() ends a server that is still starting", async () => {
  await using world = await openMcpWorld([scriptServer("silent")]);
  const call = world.call("mcp__silent__x");
  while (world.host.status()[0]?.starts === 0) await new Promise((done) => setTimeout(done, 5));
  const started = performance.now();
  await world.host.close();
  ok(performance.now() - started < PATIENCE_MS);
  match(textOf(await call), /^E_INTERNAL /);
});

Deno.test("a tool that hangs is E_TOOL_TIMEOUT and ends the server's whole process", async () => {
  await using world = await openNasty();
  const pid = Number(textOf(await world.call("mcp__nasty__pid")));
  for (const tool of ["hangs", "hangs_hard"]) {
    const hung = await world.call(`mcp__nasty__${tool}`, {}, { timeoutMs: 300 });
    match(textOf(hung), /^E_TOOL_TIMEOUT .*within 0\.3 s/);
    await works(world);
  }
  deepEqual(await stillRunning([pid]), []);
});

Deno.test("a server's own time limit holds as well", async () => {
  await using world = await openMcpWorld([scriptServer("nasty", { timeoutMs: 200 })]);
  match(textOf(await world.call("mcp__nasty__hangs")), /^E_TOOL_TIMEOUT .*within 0\.2 s/);
});

Deno.test("a server that floods its output is ended", async () => {
  await using world = await openNasty();
  match(textOf(await world.call("mcp__nasty__floods")), /^E_INTERNAL .*flooded/);
  await works(world);
});

Deno.test("a server that floods standard error loses all but the end of it", async () => {
  await using world = await openNasty();
  equal(textOf(await world.call("mcp__nasty__floods_errors")), "after the flood");
  const stderr = world.host.status()[0]?.stderr ?? "";
  ok(stderr.length <= 64 * 1024);
  match(stderr, /1999 e+\n$/);
});

Deno.test("garbage on standard output is skipped and counted", async () => {
  await using world = await openNasty();
  equal(textOf(await world.call("mcp__nasty__prints_garbage")), "between garbage");
  equal(world.host.status()[0]?.skippedLines, 7);
});

Deno.test("answers with wrong ids answer nothing", async () => {
  await using world = await openNasty();
  const wrong = await world.call("mcp__nasty__answers_with_wrong_id", {}, { timeoutMs: 500 });
  match(textOf(wrong), /^E_TOOL_TIMEOUT /);
  equal(textOf(await world.call("mcp__nasty__answers_twice")), "first");
  await works(world);
});

Deno.test("answers that are no results fail at once", async () => {
  await using world = await openNasty();
  for (const tool of ["answers_with_text", "answers_with_nothing", "answers_with_bad_error"]) {
    const failed = await world.call(`mcp__nasty__${tool}`);
    match(textOf(failed), /^E_PRECONDITION_FAILED .*neither a result object nor an error/);
  }
  equal(world.host.status()[0]?.starts, 1);
});

Deno.test("answers of odd shapes are taken for what can be read of them", async () => {
  await using world = await openNasty();
  deepEqual(await world.call("mcp__nasty__answers_oddly"), { ok: true, structuredContent: 3 });
  const odd = await world.call("mcp__nasty__answers_with_odd_blocks");
  ok(odd.ok && Array.isArray(odd.blocks));
  await works(world);
});

Deno.test("a result that is nested to break a parser does not break ours", async () => {
  await using world = await openNasty();
  match(JSON.stringify(await world.call("mcp__nasty__nests_deeply")), /nested too deeply/);
  await works(world);
});

Deno.test("an answer longer than a line may be fails its call at once, and the server stays", async () => {
  await using world = await openNasty();
  const huge = await world.call("mcp__nasty__answers_with_huge_line", { bytes: 1_500_000 });
  match(textOf(huge), /^E_READ_LIMIT /);
  await works(world);
  deepEqual(world.host.status().map(({ starts, skippedLines }) => [starts, skippedLines]), [[
    1,
    1,
  ]]);
});

Deno.test("a server that no longer reads is sent no more than waits for it, and is ended", async () => {
  await using world = await openMcpWorld([scriptServer("nasty")], {
    limits: { maxQueuedBytes: 1_000_000 },
  });
  equal(textOf(await world.call("mcp__nasty__stops_reading")), "I read no more");
  const args = { text: "x".repeat(600_000) };
  const [first, second] = await Promise.all([
    world.call("mcp__nasty__works", args),
    world.call("mcp__nasty__works", args),
  ]);
  match(textOf(second), /^E_INTERNAL .*does not read what it is sent/);
  match(textOf(first), /^E_INTERNAL /);
  await works(world);
});

Deno.test("a server that closes its input is ended", async () => {
  const script = fileURLToPath(new URL("../../../mcp_servers/closes_input.sh", import.meta.url));
  const server = scriptServer("closing", { command: "sh", args: [script] });
  await using world = await openMcpWorld([server]);
  match(textOf(await world.call("mcp__closing__x")), /^E_INTERNAL .*closed its input/);
  deepEqual(pidFiles(world.dataDir), []);
});

Deno.test("a server that asks for what we do not offer is told so, and goes on", async () => {
  await using world = await openNasty();
  equal(textOf(await world.call("mcp__nasty__asks_back")), "asked");
  await works(world);
});

Deno.test("close() ends a server that ignores its input and SIGTERM, with its children, also those that left", async () => {
  await using world = await openMcpWorld([scriptServer("stubborn")]);
  const pids = JSON.parse(textOf(await world.call("mcp__stubborn__pids")));
  equal(pids.length, 3);
  const started = performance.now();
  await world.host.close();
  deepEqual(await stillRunning(pids), []);
  deepEqual(pidFiles(world.dataDir), []);
  ok(performance.now() - started < PATIENCE_MS);
});

Deno.test("children of a server that ended by itself are ended", async () => {
  await using world = await openMcpWorld([scriptServer("leaves_children", { id: "parent" })]);
  const first = Number(textOf(await world.call("mcp__parent__child")));
  match(textOf(await world.call("mcp__parent__dies")), /^E_INTERNAL .*exit code 1/);
  const second = Number(textOf(await world.call("mcp__parent__child")));
  await world.host.close();
  deepEqual(await stillRunning([first, second]), []);
});

Deno.test("a changed tool list is seen at the next look", async () => {
  await using world = await openMcpWorld([scriptServer("changing")]);
  equal((await world.host.definitions(null)).length, 1);
  match(textOf(await world.call("mcp__changing__tool_1")), /^E_TOOL_UNKNOWN /);
  equal(textOf(await world.call("mcp__changing__tool_0")), "grown");
  equal(textOf(await world.call("mcp__changing__tool_1")), "grown");
  equal((await world.host.definitions(null)).length, 3);
});

Deno.test("a tool list that never ends, or holds what is no tool, gives the tools in it", async () => {
  await using world = await openMcpWorld([scriptServer("odd_lists", { id: "odd" })]);
  const definitions = await world.host.definitions(null);
  deepEqual(definitions.map(({ name }) => name), ["mcp__odd__first", "mcp__odd__second"]);
  equal(definitions[1]?.description.length, 1024);
  deepEqual(definitions[0]?.parameters, { type: "object", properties: {} });
  equal(definitions[1]?.parameters.type, "object");
});

Deno.test("a failing server hides no tools of the others", async () => {
  await using world = await openMcpWorld([scriptServer("dies_at_start"), scriptServer("changing")]);
  deepEqual((await world.host.definitions(null)).map(({ name }) => name), [
    "mcp__changing__tool_0",
  ]);
});
