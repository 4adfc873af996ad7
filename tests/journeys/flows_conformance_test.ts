// One suite against three servers over HTTP: the executable, a generated project under Deno, and one
// under Node. They answer the same and ask the model the same.
import assert from "node:assert/strict";
import { join } from "node:path";
import { journey, startBinary } from "./binary.ts";
import { CONVERSATION } from "./flows_conformance/conversation.ts";
import { asked, converse, metricNames } from "./flows_conformance/record.ts";
import { run, startServers } from "./flows_conformance/servers.ts";
import { filesBelow } from "../runtime/generate/generated_project.ts";
import { writeFiles } from "../runtime/flow/flow_world.ts";

async function withFolder(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await work(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

journey(
  "serve --flows and generated projects under Deno and Node answer and ask alike",
  () =>
    withFolder(async (dir) => {
      const servers = await startServers(dir);
      const [binary, deno, node] = servers;
      assert.ok(binary && deno && node);
      try {
        const wanted = await converse(binary, CONVERSATION);
        const metrics = await metricNames(binary);
        const statuses = new Set(wanted.map(({ status }) => status));
        assert.deepEqual([...statuses].sort(), [200, 204, 400, 403, 404, 412, 413]);
        for (const server of [deno, node]) {
          const answers = await converse(server, CONVERSATION);
          for (const [index, answer] of answers.entries()) {
            assert.deepEqual(answer, wanted[index], `${server.name}: ${answer.name}`);
          }
          assert.deepEqual(asked(server), asked(binary), server.name);
          assert.deepEqual(await metricNames(server), metrics, server.name);
        }
      } finally {
        const codes = await Promise.all(servers.map((server) => server.stop()));
        assert.deepEqual(codes, [0, 0, 0]);
      }
      await run("npm", ["run", "--silent", "check"], join(dir, "node"));
      await run("npm", ["test", "--silent"], join(dir, "node"));
    }),
);

journey(
  "generate killed in the middle leaves the old project or the new one",
  () =>
    withFolder(async (dir) => {
      const agents = (word: string) =>
        Object.fromEntries(
          Array.from(
            { length: 150 },
            (_, index) => [`bmad/agents/a${index}.md`, `${word} ${index}`],
          ),
        );
      const generate = () => startBinary(["generate", "--src", dir, "--out", join(dir, "out")]);
      const whole = new Set<string>();
      const snapshot = async () => JSON.stringify([...await filesBelow(join(dir, "out"))].sort());
      for (const word of ["Old", "New"]) {
        await writeFiles(dir, agents(word));
        assert.equal((await (await generate()).finished()).exitCode, 0);
        whole.add(await snapshot());
      }
      for (
        const [delayMs, word] of [[45, "Old"], [60, "New"], [80, "Old"], [110, "New"]] as const
      ) {
        await writeFiles(dir, agents(word));
        const started = await generate();
        const timer = setTimeout(() => kill(started.process), delayMs);
        await started.finished();
        clearTimeout(timer);
        if (await exists(join(dir, "out"))) assert.ok(whole.has(await snapshot()));
        assert.equal((await (await generate()).finished()).exitCode, 0);
        assert.ok(whole.has(await snapshot()));
      }
      assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), ["bmad", "out"]);
    }),
);

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

/** One that has ended just now is as good as killed. */
function kill(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch (thrown) {
    assert.ok(thrown instanceof TypeError);
  }
}
