// What a killed process leaves behind, with real processes.
import { deepEqual, equal, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { reapOrphans, thisOwner, writePidFile } from "../../../../runtime/tools/mcp/pid_files.ts";
import { identityOf, killGroup } from "../../../../runtime/tools/mcp/process_identity.ts";
import { openMcpWorld, pidFiles, scriptServer, stillRunning, textOf } from "./mcp_world.ts";

const ownerScript = fileURLToPath(new URL("../../../mcp_servers/owner.ts", import.meta.url));
const marker = crypto.randomUUID();

async function withSleeper(use: (pid: number, dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  const sleeper = new Deno.Command("sleep", { args: ["300"], detached: true }).spawn();
  try {
    await use(sleeper.pid, dir);
  } finally {
    await killGroup(sleeper.pid);
    await sleeper.status;
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("reapOrphans() leaves no process of an owner that was killed", async () => {
  const root = await Deno.makeTempDir();
  const owner = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", ownerScript, root, `${root}/data`],
    stdout: "piped",
  }).spawn();
  const reader = owner.stdout.getReader();
  const { value } = await reader.read();
  const results = JSON.parse(new TextDecoder().decode(value));
  const pids: number[] = results.flatMap(({ text }: { text: string }) => JSON.parse(text));
  equal(pids.length, 6);
  deepEqual(await reapOrphans(`${root}/data/mcp`), [], "the owner lives");
  equal(pidFiles(`${root}/data`).length, 2);

  owner.kill("SIGKILL");
  await owner.status;
  await reader.cancel();
  // They ignore the end of their input, so they are still there.
  const identities = await Promise.all(pids.map(identityOf));
  ok(identities.every((identity) => identity !== undefined));
  const reaped = await reapOrphans(`${root}/data/mcp`);
  deepEqual(reaped.toSorted(), ["one", "two"]);
  deepEqual(await stillRunning(pids), []);
  deepEqual(pidFiles(`${root}/data`), []);
  await Deno.remove(root, { recursive: true });
});

Deno.test("reapOrphans() never touches a pid that means another process by now", async () => {
  await withSleeper(async (pid, dir) => {
    const gone = { pid: 999_999_999, identity: "another boot 1" };
    writePidFile(dir, { serverId: "x", pid, identity: "another boot 2", marker, owner: gone });
    deepEqual(await reapOrphans(dir), []);
    ok(await identityOf(pid));
    deepEqual([...Deno.readDirSync(dir)], []);
  });
});

Deno.test("reapOrphans() leaves a process alone whose owner runs, or cannot be told", async () => {
  await withSleeper(async (pid, dir) => {
    const identity = await identityOf(pid);
    writePidFile(dir, { serverId: "x", pid, identity, marker, owner: await thisOwner() });
    deepEqual(await reapOrphans(dir), []);
    const owner = { pid: 999_999_999, identity: undefined };
    writePidFile(dir, { serverId: "x", pid, identity, marker, owner });
    deepEqual(await reapOrphans(dir), []);
    ok(await identityOf(pid));
  });
});

Deno.test("reapOrphans() ends a process whose owner is gone", async () => {
  await withSleeper(async (pid, dir) => {
    const owner = { pid: 999_999_999, identity: "another boot 1" };
    writePidFile(dir, { serverId: "x", pid, identity: await identityOf(pid), marker, owner });
    deepEqual(await reapOrphans(dir), ["x"]);
    deepEqual(await stillRunning([pid]), []);
  });
});

Deno.test("reapOrphans() takes files that were cut off or say nonsense, and folders that are missing", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/mcp-12.json`, '{"pid": 1');
  await Deno.writeTextFile(`${dir}/mcp-1.json`, '{"pid":1,"owner":{"pid":-1},"marker":"x"}');
  await Deno.writeTextFile(`${dir}/other.txt`, "stays");
  deepEqual(await reapOrphans(dir), []);
  deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["other.txt"]);
  await Deno.remove(dir, { recursive: true });
  deepEqual(await reapOrphans(dir), []);
});

Deno.test("identityOf() tells a process from a later one, and knows of none that is gone", async () => {
  await withSleeper(async (pid) => {
    const identity = await identityOf(pid);
    ok(identity);
    equal(await identityOf(pid), identity);
    ok(identity !== await identityOf(Deno.pid));
  });
  equal(await identityOf(999_999_999), undefined);
});

Deno.test("openMcpHost() leaves the servers of another host of the same data folder alone", async () => {
  await using first = await openMcpWorld([scriptServer("good")]);
  const pid = textOf(await first.call("mcp__good__pid"));
  await using _second = await openMcpWorld([], { dataDir: first.dataDir });
  equal(textOf(await first.call("mcp__good__pid")), pid);
});
