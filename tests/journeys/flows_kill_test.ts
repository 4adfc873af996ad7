// The executable is killed in the middle of flows, again and again; the stories go on where they stopped.
import assert from "node:assert/strict";
import { join } from "node:path";
import { type ModelServer, startModelServer } from "../model_server/model_server.ts";
import type { ModelRequest } from "../model_server/script.ts";
import { journey } from "./binary.ts";
import { type Served, serveFlows, withFlowSources } from "./served_flows.ts";

const AGENTS = ["one", "two", "three", "four"];
const STORIES = ["s-1", "s-2", "s-3"];
/** After so many agents in all have ended, the process is killed. */
const DEATHS = [1, 3, 5];
/** Long enough that half of it would be seen. */
const BODY = "A line of the document.\n".repeat(2_000);

const SOURCES = Object.fromEntries(AGENTS.map((id, index) => {
  const before = AGENTS[index - 1];
  const head = before === undefined ? "" : `---\nwait_for: {agents: [${before}]}\n---\n`;
  return [`${id}.md`, `${head}I am <${id}>.\n`];
}));

const keyOf = (storyId: string, agent: string) => `${storyId}__${agent}`;
const textOf = (key: string) => `Begin of ${key}\n${BODY}End of ${key}`;

/** Which agent of which story is asked. */
function askedOf({ body }: ModelRequest): string {
  const [system = "", user = ""] = (body.messages ?? []).map(({ content }) => content ?? "");
  const [, agent = ""] = /I am <(\w+)>/.exec(system) ?? [];
  const [, storyId = ""] = /work on <([\w-]+)>/.exec(user) ?? [];
  return keyOf(storyId, agent);
}

function countsOf(model: ModelServer): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of model.requests.map(askedOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

interface Story {
  readonly storyId: string;
  readonly onCompleted: (agent: string) => void;
}

/** Runs a story to its end, or until the service dies; waits while the dead one's lock stands. */
async function follow(origin: string, { storyId, onCompleted }: Story): Promise<string> {
  const request = () =>
    fetch(`${origin}/run`, {
      method: "POST",
      body: JSON.stringify({ story_id: storyId, input: `work on <${storyId}>` }),
      headers: { "content-type": "application/json", accept: "text/event-stream" },
    });
  let response = await request();
  while (response.status === 409) {
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 50));
    response = await request();
  }
  let text = "";
  const pieces = response.body?.pipeThrough(new TextDecoderStream()) ?? [];
  for await (const piece of pieces) {
    const events = (text + piece).split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const [, name, data = ""] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
      if (name === "flow_completed") return JSON.parse(data).status;
      if (name === "agent_completed") onCompleted(JSON.parse(data).agent);
    }
  }
  return "cut";
}

/** Every document there is has its own text, all of it. */
async function checkDocuments(folder: string): Promise<readonly string[]> {
  const names = Array.from(Deno.readDirSync(join(folder, "docs")), ({ name }) => name);
  const documents = names.filter((name) => name.endsWith(".md")).sort();
  for (const name of documents) {
    const text = await Deno.readTextFile(join(folder, "docs", name));
    const [, content] = /^---\ncreated_at: \S+\nupdated_at: \S+\n---\n\n(.*)$/s.exec(text) ?? [];
    assert.equal(content, textOf(name.slice(0, -".md".length)), name);
  }
  return documents;
}

interface Life {
  readonly model: ModelServer;
  readonly finished: Map<string, number>;
  readonly deathAfter: number;
}

/** Lets a service work until `deathAfter` agents have ended under it, and kills it. */
async function liveAndDie(
  { origin, child, log }: Served,
  { model, finished, deathAfter }: Life,
): Promise<void> {
  const { promise: isTime, resolve: kill } = Promise.withResolvers<void>();
  const stories = STORIES.map((storyId) =>
    follow(origin, {
      storyId,
      onCompleted: (agent) => {
        const key = keyOf(storyId, agent);
        finished.set(key, finished.get(key) ?? countsOf(model).get(key) ?? 0);
        if (finished.size >= deathAfter) kill();
      },
    }).catch(() => "cut")
  );
  await isTime;
  child.kill("SIGKILL");
  await child.status;
  await Promise.all(stories);
  await log;
}

journey(
  "serve --flows, killed in the middle of stories, asks no finished agent again",
  () =>
    withFlowSources(SOURCES, async (folder) => {
      await using model = startModelServer({
        reply: (request) => ({
          text: textOf(askedOf(request)),
          mood: "slow_headers",
          delayMs: 60,
          oneChunk: true,
        }),
      });
      const env = { OPENAI_API_KEY: "k", OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: "test" };
      /** How often the model had been asked for an agent when its end was told. */
      const finished = new Map<string, number>();
      for (const deathAfter of DEATHS) {
        await liveAndDie(await serveFlows(folder, env), { model, finished, deathAfter });
        const documents = await checkDocuments(folder);
        for (const key of finished.keys()) {
          assert.ok(documents.includes(`${key}.md`), `${key} was told, its document is not there`);
        }
      }
      const last = await serveFlows(folder, env);
      const ends = await Promise.all(
        STORIES.map((storyId) => follow(last.origin, { storyId, onCompleted: () => {} })),
      );
      assert.deepEqual(ends, STORIES.map(() => "success"));
      const counts = countsOf(model);
      for (const [key, count] of finished) assert.equal(counts.get(key), count, key);
      assert.equal((await checkDocuments(folder)).length, STORIES.length * AGENTS.length);
      last.child.kill("SIGTERM");
      assert.equal((await last.child.status).code, 0);
      await last.log;
    }),
);
