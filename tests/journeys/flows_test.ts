// The executable serves flows: alone, on files and on a real Redis.
import assert from "node:assert/strict";
import { join } from "node:path";
import { startModelServer } from "../model_server/model_server.ts";
import { startRedis } from "../redis_server.ts";
import { journey } from "./binary.ts";
import { serveFlows, withFlowSources } from "./served_flows.ts";

const AGENTS: Readonly<Record<string, string>> = {
  "analyst.md": "---\ntools: [memory_set]\n---\nYou analyse.\n",
  "writer.md": "---\nwait_for: {agents: [analyst]}\n---\nYou write.\n",
};

const withSources = (work: (folder: string) => Promise<void>) => withFlowSources(AGENTS, work);

async function run(origin: string, body: unknown) {
  const response = await fetch(`${origin}/run`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  return await response.json();
}

journey(
  "serve --flows runs agents against a model, keeps the story over kill -9, and ends on TERM",
  () =>
    withSources(async (folder) => {
      await using model = startModelServer({
        reply: ({ number }) => ({ text: `Answer ${number}.` }),
      });
      const env = { OPENAI_API_KEY: "k", OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: "test" };
      const first = await serveFlows(folder, env);
      const answer = await run(first.origin, { story_id: "s", input: "x" });
      assert.equal(answer.status, "success", JSON.stringify(answer.error));
      first.child.kill("SIGKILL");
      await first.child.status;
      await first.log;
      const second = await serveFlows(folder, env);
      assert.deepEqual(await run(second.origin, { story_id: "s" }), answer);
      assert.equal(model.requests.length, 2);
      second.child.kill("SIGTERM");
      assert.equal((await second.child.status).code, 0);
      for (const line of (await second.log).trim().split("\n")) {
        assert.equal(typeof JSON.parse(line).message, "string");
      }
      assert.match(await Deno.readTextFile(join(folder, "docs", "s__writer.md")), /Answer 1\./);
    }),
);

journey("two executables on one Redis have the same stories", () =>
  withSources(async (folder) => {
    await using redis = await startRedis();
    const env = { TESTING: "1", MEMORY_BACKEND: "redis", REDIS_URL: redis.url };
    const replicas = [await serveFlows(folder, env), await serveFlows(folder, env)] as const;
    const answer = await run(replicas[0].origin, { story_id: "s", input: "x" });
    assert.equal(answer.status, "success", JSON.stringify(answer.error));
    assert.deepEqual(await run(replicas[1].origin, { story_id: "s" }), answer);
    for (const { child, log } of replicas) {
      child.kill("SIGTERM");
      assert.equal((await child.status).code, 0);
      await log;
    }
  }));
