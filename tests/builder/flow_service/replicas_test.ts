import assert from "node:assert/strict";
import type { OpenFlowService } from "../../../builder/flow_service/open_flow_service.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import { hasRedis, startRedis } from "../../redis_server.ts";
import { jsonRequest, ORIGIN, withService } from "./service_place.ts";
import { PATIENCE_MS } from "../../patience.ts";

const ON_REDIS = "memory:\n  backend: redis\n  redis: {pool_size: 4}\n";

function post(service: OpenFlowService | undefined, body: unknown): Promise<Response> {
  const request = new Request(`${ORIGIN}/run`, jsonRequest("POST", body));
  return service?.fetch(request) ?? Promise.reject(new Error("There is no such replica"));
}

const redisTest = (name: string, fn: () => Promise<void>) =>
  // The client library leaves a timer of 2 s when it is closed between two tries to connect.
  Deno.test({ name, ignore: !hasRedis, sanitizeResources: false, sanitizeOps: false, fn });

/** Runs 100 stories over all replicas at once and compares each answer with its own input. */
async function run100(services: readonly OpenFlowService[]): Promise<void> {
  const answers = await Promise.all(Array.from({ length: 100 }, async (_, index) => {
    const service = services[index % services.length];
    const body = { story_id: `story-${index}`, input: `input <${index}>` };
    return await (await post(service, body)).json();
  }));
  for (const [index, answer] of answers.entries()) {
    assert.equal(answer.status, "success", JSON.stringify(answer.error));
    for (const agent of ["analyst", "writer"]) {
      const found = answer.results[agent].content.match(/input <\d+>/g);
      assert.deepEqual([...new Set(found)], [`input <${index}>`]);
    }
  }
  // What another replica has of each story is the same.
  for (const [index, answer] of answers.entries()) {
    const other = services[(index + 1) % services.length];
    const again = await post(other, { story_id: `story-${index}` });
    assert.deepEqual(await again.json(), answer);
  }
}

Deno.test("100 stories at once over two services on the same files lose and mix nothing", () =>
  withService({ replicas: 2 }, ({ services }) => run100(services)));

Deno.test("GET /agent/{name}/ready tells of a story's last execution, whichever replica ran it", () =>
  withService({ replicas: 2 }, async ({ services }) => {
    await post(services[0], { story_id: "s", input: "x" });
    const ready = async (query: string) => {
      const request = new Request(`${ORIGIN}/agent/analyst/ready${query}`);
      return (await (await services[1]?.fetch(request))?.json()).last_execution;
    };
    assert.equal((await ready("?story_id=s")).status, "completed");
    assert.equal(await ready("?story_id=other"), null);
    assert.equal(await ready(""), null);
  }));

redisTest("100 stories at once over two replicas on one Redis lose and mix nothing", async () => {
  await using redis = await startRedis();
  const env = { REDIS_URL: redis.url };
  await withService({ runtime: ON_REDIS, env, replicas: 2 }, ({ services }) => run100(services));
});

redisTest("two replicas on one Redis run a story once, however often it is asked for", async () => {
  await using redis = await startRedis();
  // The story goes on when the nine others have their answers.
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const tooLate = setTimeout(open, PATIENCE_MS);
  await using model = startModelServer({ reply: () => ({ text: "An answer." }), gate });
  const llm = `llm:\n  provider: openai\n  model: test\n  base_url: ${model.baseUrl}\n`;
  const env = { REDIS_URL: redis.url, TESTING: "", OPENAI_API_KEY: "k" };
  await withService({ runtime: ON_REDIS + llm, env, replicas: 2 }, async ({ services }) => {
    const body = { story_id: "s", input: "x" };
    let answered = 0;
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const answer = await post(services[index % 2], body);
        answered += 1;
        if (answered === 9) open();
        return answer;
      }),
    );
    clearTimeout(tooLate);
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, ...Array.from({ length: 9 }, () => 409)]);
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    const busy = bodies.filter(({ error }) => error?.code === "FLOW_STORY_BUSY");
    assert.equal(busy.length, 9);
    assert.equal(model.requests.length, 2);
  });
});

redisTest("a story goes on where it stopped when Redis was killed in the middle", async () => {
  await using redis = await startRedis();
  await using model = startModelServer({
    reply: ({ number }) => ({ text: `Answer ${number}.`, mood: "slow_headers", delayMs: 300 }),
  });
  const llm = `llm:\n  provider: openai\n  model: test\n  base_url: ${model.baseUrl}\n`;
  const env = { REDIS_URL: redis.url, TESTING: "", OPENAI_API_KEY: "k" };
  const place = { runtime: ON_REDIS + llm, env, lockExpiryMs: 3_000 };
  await withService(place, async ({ services, ask, log }) => {
    const running = post(services[0], { story_id: "s", input: "x" });
    while (model.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await redis.kill();
    const broken = await running;
    const { error } = await broken.json();
    assert.ok([409, 503].includes(broken.status), String(broken.status));
    assert.match(error.code, /^FLOW_(MEMORY_UNAVAILABLE|STORY_BUSY)$/);
    assert.equal((await ask("/health")).status, 503);
    assert.equal((await ask("/health/ready")).status, 503);
    assert.equal((await ask("/health/live")).status, 200);
    assert.equal((await ask("/memory/shared:team/k")).status, 503);
    await redis.start();
    let answer = { status: "", results: { analyst: { content: "" }, writer: { content: "" } } };
    const deadline = Date.now() + PATIENCE_MS;
    // The dead lock stands until it expires.
    while (answer.status !== "success" && Date.now() < deadline) {
      answer = await (await post(services[0], { story_id: "s" })).json();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(answer.results.analyst.content, "Answer 0.");
    assert.equal(answer.results.writer.content, "Answer 2.");
    assert.equal(model.requests.length, 3);
    assert.ok(log.some(({ component, level }) => component === "flow" && level === "warn"));
  });
});
