import assert from "node:assert/strict";
import { join } from "node:path";
import { AppError } from "../../../schemas/error.ts";
import type { FlowPorts } from "../../../runtime/flow/flow_ports.ts";
import type { FlowResult } from "../../../runtime/flow/flow_result.ts";
import { readStory } from "../../../runtime/flow/story_state.ts";
import type { Reply } from "../../model_server/script.ts";
import { agentOf, type AgentReplies, agents, openFlowWorld, userTextOf } from "./flow_world.ts";
import { PATIENCE_MS } from "../../patience.ts";

const P = "parallel: true";

function statuses({ results }: FlowResult): Record<string, string> {
  return Object.fromEntries(Object.entries(results).map(([id, { status }]) => [id, status]));
}

/** 500s for these agents, their name for all others. */
function failing(...broken: string[]): AgentReplies {
  return (agent): Reply =>
    broken.includes(agent) ? { mood: "status", status: 400 } : { text: `Done by ${agent}` };
}

Deno.test("runFlow() hands each agent the input and the results it waits for, else all before it", async () => {
  await using world = await openFlowWorld(
    agents({ a: "", b: "", c: "wait_for: {agents: [a]}" }),
  );
  const result = await world.run("Build a shop");
  assert.deepEqual([result.status, result.error, result.pending_docs], ["success", null, []]);
  assert.equal(result.results.c?.content, "Done by c");
  assert.deepEqual(world.model.requests.map(userTextOf), [
    "<input>\nBuild a shop\n</input>",
    '<input>\nBuild a shop\n</input>\n\n<result name="a">\nDone by a\n</result>',
    '<input>\nBuild a shop\n</input>\n\n<result name="a">\nDone by a\n</result>',
  ]);
});

Deno.test("runFlow() writes each result as a document of the story", async () => {
  await using world = await openFlowWorld(agents({ a: "creates: [prd]" }));
  await world.run("x");
  assert.equal((await world.ports.documents.read("s1__a"))?.content, "Done by a");
  assert.equal((await world.ports.documents.read("s1__prd"))?.content, "Done by a");
});

Deno.test("runFlow() tells what happens, in order, with the pieces of the answers", async () => {
  await using world = await openFlowWorld(agents({ a: "" }));
  const result = await world.run("x");
  const [first, second, ...rest] = world.events;
  assert.deepEqual(first, { type: "flow_started", flow: "default", story_id: "s1", agents: ["a"] });
  assert.deepEqual(second, { type: "agent_started", agent: "a" });
  const deltas = rest.flatMap((event) => event.type === "agent_delta" ? [event.text] : []);
  assert.equal(deltas.join(""), "Done by a");
  assert.ok(deltas.length > 1);
  assert.deepEqual(rest.slice(deltas.length).map(({ type }) => type), [
    "agent_completed",
    "flow_completed",
  ]);
  assert.deepEqual(world.events.at(-1), { type: "flow_completed", ...result });
});

Deno.test("runFlow() runs a group side by side: no answer is needed for the next request", async () => {
  const allAsked = Promise.withResolvers<void>();
  const three = agents({ a: P, b: P, c: P, d: "wait_for: {agents: [a, b, c]}" });
  await using world = await openFlowWorld(three, (agent) => {
    if (world.asked.length === 3) allAsked.resolve();
    return { text: agent, mood: "slow_headers", delayMs: 1000 };
  });
  const { model } = world.ports;
  const patient: FlowPorts["model"] = {
    ...model,
    async complete(request) {
      const reply = await model.complete(request);
      // One after the other, the first would wait here for ever.
      await allAsked.promise;
      return reply;
    },
  };
  const tooLate = setTimeout(
    () => allAsked.reject(new Error("They were asked in turn")),
    PATIENCE_MS,
  );
  const result = await world.run("x", { ports: { model: patient } });
  clearTimeout(tooLate);
  assert.deepEqual(statuses(result), {
    a: "completed",
    b: "completed",
    c: "completed",
    d: "completed",
  });
  assert.deepEqual(world.asked.slice(0, 3).sort(), ["a", "b", "c"]);
});

Deno.test("runFlow() runs no more agents at a time than limits.workers", async () => {
  let most = 0;
  let running = 0;
  const files = {
    ...agents({ a: P, b: P, c: P, d: P }),
    "config/runtime.yaml": "limits: {workers: 2}\n",
  };
  await using world = await openFlowWorld(files);
  const { model } = world.ports;
  const counted: FlowPorts["model"] = {
    ...model,
    async complete(request) {
      running += 1;
      most = Math.max(most, running);
      const reply = await model.complete(request);
      running -= 1;
      return reply;
    },
  };
  await world.run("x", { ports: { model: counted } });
  assert.equal(most, 2);
});

Deno.test("runFlow() goes on with the others when a member fails, and skips what depends on it", async () => {
  const files = agents({
    a: P,
    b: P,
    c: "wait_for: {agents: [a]}",
    d: "wait_for: {agents: [c]}",
    e: "wait_for: {agents: [b]}",
  });
  await using world = await openFlowWorld(files, failing("a"));
  const result = await world.run("x");
  assert.deepEqual(statuses(result), {
    a: "failed",
    b: "completed",
    c: "skipped",
    d: "skipped",
    e: "completed",
  });
  assert.deepEqual([result.status, result.error?.code], ["error", "LLM_HTTP"]);
  assert.match(result.results.c?.summary ?? "", /waits for "a", which failed/);
  assert.match(result.results.d?.summary ?? "", /waits for "c", which was skipped/);
});

Deno.test("runFlow() runs failed and skipped agents again, and no others", async () => {
  const broken = new Set(["b"]);
  const files = agents({ a: "", b: "", c: "wait_for: {agents: [b]}" });
  await using world = await openFlowWorld(files, (agent) => failing(...broken)(agent, {} as never));
  assert.equal((await world.run("x")).status, "error");
  broken.clear();
  world.events.length = 0;
  assert.equal((await world.run("x")).status, "success");
  assert.deepEqual(world.asked, ["a", "b", "b", "c"]);
  const [again] = world.events.filter((event) => event.type === "agent_completed");
  assert.deepEqual([again?.agent, again?.resumed], ["a", true]);
});

Deno.test("runFlow() answers a finished story from memory, whatever the order of the input's keys", async () => {
  await using world = await openFlowWorld(agents({ a: "" }));
  const first = await world.run({ x: 1, y: [2] });
  const second = await world.run({ y: [2], x: 1 });
  const third = await world.run();
  assert.deepEqual([second, third], [first, first]);
  assert.deepEqual(world.asked, ["a"]);
});

Deno.test("runFlow() begins anew when the input changed, and keeps stories apart", async () => {
  await using world = await openFlowWorld(agents({ a: "" }));
  await world.run("x");
  await world.run("y");
  await world.run("y", { story: "s2" });
  await world.run("y");
  assert.deepEqual(world.model.requests.map(userTextOf), [
    "<input>\nx\n</input>",
    "<input>\ny\n</input>",
    "<input>\ny\n</input>",
  ]);
});

const WAITING = agents({ a: "", b: "wait_for: {docs: [brief]}", c: "" });

Deno.test("runFlow() stops for a missing document with `wait`, and goes on where it stopped", async () => {
  const files = { ...WAITING, "config/runtime.yaml": "on_missing_doc: wait\n" };
  await using world = await openFlowWorld(files);
  const first = await world.run("x");
  assert.deepEqual([first.status, first.pending_docs], ["pending", ["brief"]]);
  assert.deepEqual(statuses(first), { a: "completed" });
  await world.ports.documents.write("brief", "# The brief");
  const second = await world.run("x");
  assert.deepEqual([second.status, second.pending_docs], ["success", []]);
  assert.deepEqual(world.asked, ["a", "b", "c"]);
  assert.match(
    userTextOf(world.model.requests[1] as never),
    /<document name="brief">\n# The brief\n<\/document>/,
  );
});

Deno.test("runFlow() takes the story's own document before the shared one", async () => {
  await using world = await openFlowWorld(WAITING);
  await world.ports.documents.write("brief", "shared");
  await world.ports.documents.write("s1__brief", "own");
  await world.run("x");
  assert.match(userTextOf(world.model.requests[1] as never), /<document name="brief">\nown\n/);
});

Deno.test("runFlow() runs with an empty document with `skip`, and fails the agent with `error`", async () => {
  await using skipping = await openFlowWorld(WAITING);
  assert.equal((await skipping.run("x")).status, "success");
  assert.match(
    userTextOf(skipping.model.requests[1] as never),
    /<document name="brief">\n\n<\/document>/,
  );
  await using strict = await openFlowWorld({
    ...WAITING,
    "config/runtime.yaml": "on_missing_doc: error\n",
  });
  const result = await strict.run("x");
  assert.deepEqual([result.status, result.error?.code], ["error", "FLOW_DEPENDENCY_MISSING"]);
  assert.deepEqual(result.results.b?.missing_inputs, ["brief"]);
  assert.deepEqual(strict.asked, ["a", "c"]);
});

Deno.test("runFlow() is pending when an agent needs input, and asks it again", async () => {
  const replies: Reply[] = [
    { text: "**NEEDS_INPUT**\n- The budget\n2. The date\n" },
    { text: "All there" },
  ];
  await using world = await openFlowWorld(
    agents({ a: "", b: "wait_for: {agents: [a]}" }),
    (agent) => agent === "a" ? replies.shift() as Reply : { text: "b" },
  );
  const first = await world.run("x");
  assert.deepEqual([first.status, first.results.a?.missing_inputs], [
    "pending",
    ["The budget", "The date"],
  ]);
  assert.deepEqual(statuses(first), { a: "needs_input", b: "skipped" });
  assert.equal((await world.run("x")).status, "success");
});

Deno.test("runFlow() keeps what was completed when it is stopped, and goes on later", async () => {
  const stop = new AbortController();
  await using world = await openFlowWorld(agents({ a: "", b: "" }), (agent) => {
    if (agent === "b" && !stop.signal.aborted) {
      stop.abort();
      return { mood: "stall", text: "Half" };
    }
    return { text: agent };
  });
  await assert.rejects(() => world.run("x", { signal: stop.signal }), { code: "ENGINE_ABORTED" });
  const story = await readStory({ flow: "default", story_id: "s1" }, world.ports.memory);
  assert.deepEqual([story?.status, Object.keys(story?.results ?? {})], ["running", ["a"]]);
  assert.equal((await world.run("x")).status, "success");
  assert.deepEqual(world.asked, ["a", "b", "b"]);
});

Deno.test("runFlow() stores a result before the next agent is asked", async () => {
  const seen: (string | undefined)[] = [];
  await using world = await openFlowWorld(agents({ a: "", b: "" }));
  const { model } = world.ports;
  const looking: FlowPorts["model"] = {
    ...model,
    async complete(request) {
      const story = await readStory({ flow: "default", story_id: "s1" }, world.ports.memory);
      seen.push(Object.keys(story?.results ?? {}).join());
      return await model.complete(request);
    },
  };
  await world.run("x", { ports: { model: looking } });
  assert.deepEqual(seen, ["", "a"]);
});

Deno.test("runFlow() throws when memory is gone, after all members of the group have ended", async () => {
  await using world = await openFlowWorld(agents({ a: P, b: P }));
  const { memory } = world.ports;
  const lost: FlowPorts["memory"] = {
    ...memory,
    set: (scope, key, value) =>
      key === "agent:a"
        ? Promise.reject(new AppError("FLOW_MEMORY_UNAVAILABLE", "Memory is gone"))
        : memory.set(scope, key, value),
  };
  await assert.rejects(() => world.run("x", { ports: { memory: lost } }), {
    code: "FLOW_MEMORY_UNAVAILABLE",
  });
  assert.equal((await world.run("x")).status, "success");
  assert.deepEqual([...world.asked].sort(), ["a", "a", "b"]);
});

Deno.test("runFlow() lets a story run once at a time", async () => {
  const busy = Promise.withResolvers<void>();
  await using world = await openFlowWorld(agents({ a: "" }), () => {
    busy.resolve();
    return { text: "a", mood: "slow_headers", delayMs: 500 };
  });
  const first = world.run("x");
  await busy.promise;
  await assert.rejects(() => world.run("x"), { code: "FLOW_STORY_BUSY" });
  assert.equal((await first).status, "success");
});

const REFUSED: readonly (readonly [string, string, string])[] = [
  ["a story id that leads elsewhere", "default", "../x"],
  ["an empty story id", "default", ""],
  ["a flow that breaks the rule", "a/b", "s"],
  ["a story id of 101 characters", "default", "x".repeat(101)],
];

for (const [title, flow, story] of REFUSED) {
  Deno.test(`runFlow() refuses ${title} with the rule`, async () => {
    await using world = await openFlowWorld(agents({ a: "" }));
    await assert.rejects(() => world.run("x", { flow, story }), {
      code: "REQUEST_INVALID",
      message: /up to 100 letters/,
    });
    assert.equal(world.asked.length, 0);
  });
}

Deno.test("runFlow() refuses a story whose documents could be another story's", async () => {
  for (const sources of [{ b__c: "" }, { x: "creates: [b__c]" }, { x: "reads: [b__c]" }]) {
    await using world = await openFlowWorld(agents(sources));
    await assert.rejects(() => world.run("x", { story: "a__b" }), { code: "REQUEST_INVALID" });
    assert.equal((await world.run("x", { story: "a" })).status, "success");
  }
});

Deno.test("runFlow() runs no sources with errors", async () => {
  await using world = await openFlowWorld(agents({ a: "tools: [hammer]" }));
  await assert.rejects(() => world.run("x"), { code: "FLOW_INVALID", message: /hammer/ });
});

Deno.test("runFlow() keeps 20 stories at once apart", async () => {
  await using world = await openFlowWorld(
    agents({ a: P, b: P, c: "wait_for: {agents: [a, b]}" }),
    (_agent, request) => ({
      text: `${agentOf(request)} ${/story \d+/.exec(userTextOf(request))?.[0]}`,
    }),
  );
  const stories = Array.from({ length: 20 }, (_, index) => `story ${index}`);
  const results = await Promise.all(
    stories.map((input, index) => world.run(input, { story: `s${index}` })),
  );
  for (const [index, { results: all }] of results.entries()) {
    assert.deepEqual(Object.values(all).map(({ content }) => content), [
      `a story ${index}`,
      `b story ${index}`,
      `c story ${index}`,
    ]);
  }
  const files = [...Deno.readDirSync(join(world.dir, "docs"))];
  assert.equal(files.length, 60);
});
