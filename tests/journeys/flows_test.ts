// The executable serves flows: alone, on files and on a real Redis.
import assert from "node:assert/strict";
import { join } from "node:path";
import { startModelServer } from "../model_server/model_server.ts";
import { startRedis } from "../redis_server.ts";
import { binaryPath, journey } from "./binary.ts";

interface Served {
  readonly origin: string;
  readonly child: Deno.ChildProcess;
  /** Standard output until its end. */
  readonly log: Promise<string>;
}

async function serve(folder: string, env: Record<string, string>): Promise<Served> {
  const child = new Deno.Command(binaryPath(), {
    args: ["serve", "--flows", folder, "--headless", "--port", "0"],
    env: { ...env, CREWAGENT_HOME: join(folder, "data") },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const log = new Response(child.stdout).text();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    text += piece.value;
    const [, origin] = /served at (\S+)\n/.exec(text) ?? [];
    if (origin === undefined) continue;
    await reader.cancel();
    return { origin, child, log };
  }
  throw new Error(`The service ended: ${text}`);
}

async function withSources(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "bmad", "agents"), { recursive: true });
  const agent = (name: string, text: string) =>
    Deno.writeTextFile(join(folder, "bmad", "agents", name), text);
  await agent("analyst.md", "---\ntools: [memory_set]\n---\nYou analyse.\n");
  await agent("writer.md", "---\nwait_for: {agents: [analyst]}\n---\nYou write.\n");
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

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
      const first = await serve(folder, env);
      const answer = await run(first.origin, { story_id: "s", input: "x" });
      assert.equal(answer.status, "success", JSON.stringify(answer.error));
      first.child.kill("SIGKILL");
      await first.child.status;
      await first.log;
      const second = await serve(folder, env);
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
    const replicas = [await serve(folder, env), await serve(folder, env)] as const;
    const answer = await run(replicas[0].origin, { story_id: "s", input: "x" });
    assert.equal(answer.status, "success", JSON.stringify(answer.error));
    assert.deepEqual(await run(replicas[1].origin, { story_id: "s" }), answer);
    for (const { child, log } of replicas) {
      child.kill("SIGTERM");
      assert.equal((await child.status).code, 0);
      await log;
    }
  }));
