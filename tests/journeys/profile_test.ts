// Profiles from the first to the last: add, test, run, resume, fork, with the executable and a server.
import assert from "node:assert/strict";
import { join } from "node:path";
import { startModelServer } from "../model_server/model_server.ts";
import type { Reply, ReplyFunction } from "../model_server/script.ts";
import { goodModel } from "../runtime/llm/probe/played_model.ts";
import { type BinaryResult, journey, runBinary } from "./binary.ts";
import { playConversation, readConversation, type SentMessage } from "./scripted_conversation.ts";

const KEY = "sk-very-secret-0123456789";
const STORY = readConversation("hello-branch");

interface Place {
  readonly project: string;
  /** What any file of the data folder but the profiles holds. */
  dataText(): Promise<string>;
  /** Runs the executable; `stdin` is what it reads. */
  crewagent(args: readonly string[], stdin?: string): Promise<BinaryResult>;
}

/** A server that wants the key: tests are answered well, runs by the story. */
function serveStory() {
  let player = playConversation(STORY);
  const isTest = ({ body }: Parameters<ReplyFunction>[0]) =>
    !JSON.stringify(body.messages).includes("RUN_DIRECTIVE");
  const server = startModelServer({
    apiKey: KEY,
    reply: (request) =>
      isTest(request)
        ? goodModel(request)
        : player.next(request.body.messages as unknown as SentMessage[]) as Reply,
  });
  return { server, rewind: () => player = playConversation(STORY) };
}

async function inPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-profile-" });
  const home = join(dir, "home");
  const project = join(dir, "project");
  await Deno.mkdir(project);
  await Deno.writeTextFile(
    join(dir, "answers.json"),
    JSON.stringify({ answers: STORY.answers }),
  );
  for (const [path, content] of Object.entries(STORY.project ?? {})) {
    await Deno.mkdir(join(project, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(project, path), content);
  }
  try {
    await work({
      project,
      dataText: () => textBelow(home),
      crewagent: (args, stdin) => runBinary(args, { home, ...(stdin !== undefined && { stdin }) }),
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function textBelow(folder: string): Promise<string> {
  const texts = await Array.fromAsync(Deno.readDir(folder), async ({ name, isDirectory }) => {
    if (name === "profiles.json") return "";
    const path = join(folder, name);
    return isDirectory ? await textBelow(path) : await Deno.readTextFile(path);
  });
  return texts.join("\n");
}

function runArgs(project: string, ...more: string[]): string[] {
  const answers = join(project, "..", "answers.json");
  return [
    ...["run", `examples/${STORY.package}`, "--project", project, "--answers", answers],
    ...more,
  ];
}

journey(
  "a profile is added with its key, tested, and runs a workflow without showing the key",
  () =>
    inPlace(async ({ project, crewagent, dataText }) => {
      const { server, rewind } = serveStory();
      await using _ = server;
      const printed: BinaryResult[] = [];
      const step = async (args: readonly string[], stdin?: string) => {
        const result = await crewagent(args, stdin);
        printed.push(result);
        return result;
      };
      const add = ["profile", "add", "work", "--preset", "custom", "--model", "test-model"];
      const added = await step(
        [...add, "--base-url", server.baseUrl, "--key-stdin", "--default"],
        `${KEY}\n`,
      );
      assert.equal(added.exitCode, 0, added.stderr);
      const untested = await step(runArgs(project));
      assert.equal(untested.exitCode, 0, untested.stderr);
      assert.equal(
        untested.stderr.trim(),
        "Profile work: test-model, not tested: crewagent profile test work",
      );

      const tested = await step(["profile", "test", "work"]);
      assert.equal(tested.exitCode, 0, tested.stdout + tested.stderr);
      assert.match(tested.stdout, /^✓ three nodes /m);
      rewind();
      const byName = await step(runArgs(project, "--profile", "Work"));
      assert.match(byName.stderr, /^Profile work: test-model, score 100 of 100 on \d{4}-/);
      rewind();
      const json = await step(runArgs(project, "--json"));
      assert.deepEqual([json.exitCode, json.stderr], [0, ""]);
      await step(["profile", "list"]);
      await step(["profile", "list", "--json"]);
      await step(["show", "last"]);

      const stored = await dataText();
      assert.match(stored, /"profile": "work"/);
      assert.ok(!stored.includes(KEY), "the key is in a file of the data folder");
      assert.ok(!JSON.stringify(printed).includes(KEY), "the key was printed");
      assert.ok(server.requests.length > 0);
    }),
);

journey(
  "a run goes on by its profile, says when that is gone, and forks to another",
  () =>
    inPlace(async ({ project, crewagent }) => {
      const { server, rewind } = serveStory();
      await using _ = server;
      const add = (name: string, key: string) =>
        crewagent([
          ...["profile", "add", name, "--preset", "custom", "--model", `model-of-${name}`],
          ...["--base-url", server.baseUrl, "--key-stdin"],
        ], key);
      await add("first", KEY);
      await add("wrong", "sk-another-key-0123456789");
      const denied = await crewagent(runArgs(project, "--profile", "wrong"));
      assert.equal(denied.exitCode, 4);
      assert.match(denied.stdout, /denies access/);
      const done = await crewagent(runArgs(project, "--profile", "first"));
      assert.equal(done.exitCode, 0, done.stderr);

      rewind();
      const answers = join(project, "..", "answers.json");
      const firstNode = Object.keys(STORY.nodes)[0]?.split("/").at(-1) ?? "";
      const stay = await crewagent(["fork", "last", "--from", firstNode, "--stay"]);
      assert.equal(stay.exitCode, 0, stay.stderr);
      const before = server.requests.length;
      const resumed = await crewagent(["resume", "last", "--answers", answers]);
      assert.equal(resumed.exitCode, 0, resumed.stderr);
      assert.equal(server.requests[before]?.body.model, "model-of-first");

      const completed = stay.stdout.trim();
      await crewagent(["fork", completed, "--from", firstNode, "--stay"]);
      await crewagent(["profile", "remove", "first"]);
      const gone = await crewagent(["resume", "last"]);
      assert.equal(gone.exitCode, 3);
      assert.match(gone.stderr, /PROFILE_NOT_FOUND.*"first", which was removed/);

      await add("second", KEY);
      rewind();
      const resume = ["resume", "last", "--answers", answers, "--profile", "second"];
      const goesOn = await crewagent(resume);
      assert.equal(goesOn.exitCode, 0, goesOn.stderr);
      assert.match(goesOn.stderr, /^Profile second: model-of-second, not tested/m);
      assert.equal(server.requests.at(-1)?.body.model, "model-of-second");
      const shown = await crewagent(["runs", "--json"]);
      assert.equal(JSON.parse(shown.stdout)[0].connection.profile, "second");

      rewind();
      const fork = ["fork", completed, "--from", firstNode, "--answers", answers];
      const switched = await crewagent([...fork, "--profile", "second"]);
      assert.equal(switched.exitCode, 0, switched.stderr);
      assert.match(switched.stderr, /^Profile second: model-of-second, not tested/m);
      assert.equal(server.requests.at(-1)?.body.model, "model-of-second");
    }),
);
