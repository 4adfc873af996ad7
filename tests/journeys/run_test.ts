import assert from "node:assert/strict";
import { join } from "node:path";
import type { RunEvent } from "../../schemas/run_event.ts";
import { validate } from "../../schemas/validate.ts";
import { type ModelServer, startModelServer } from "../model_server/model_server.ts";
import type { Reply } from "../model_server/script.ts";
import { type BinaryResult, journey, runBinary, startBinary } from "./binary.ts";
import {
  playConversation,
  readConversation,
  type ScriptedConversation,
  type SentMessage,
} from "./scripted_conversation.ts";

interface Place {
  readonly dir: string;
  readonly home: string;
  readonly project: string;
}

async function inPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-journey-" });
  const place = { dir, home: join(dir, "home"), project: join(dir, "project") };
  await Deno.mkdir(place.project);
  try {
    await work(place);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function readEvents(stdout: string): RunEvent[] {
  return stdout.trim().split("\n").map((line) => JSON.parse(line));
}

async function logOf({ home }: Place): Promise<{ text: string; events: RunEvent[] }> {
  const [run] = [...Deno.readDirSync(join(home, "runs"))];
  const text = await Deno.readTextFile(join(home, "runs", run?.name ?? "", "log.jsonl"));
  return { text, events: readEvents(text) };
}

function assertEventsValid(events: readonly RunEvent[]): void {
  for (const event of events) {
    assert.deepEqual(validate("run_event", event), [], JSON.stringify(event));
  }
  assert.deepEqual(events.map(({ seq }) => seq), events.map((_, index) => index + 1));
}

function errorCodes(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === "tool_result" && !event.result.ok ? [event.result.error.code] : []
  );
}

function asReply(turn: { text?: string; toolCalls?: unknown }): Reply {
  return turn as Reply;
}

function serveConversation(conversation: ScriptedConversation) {
  const player = playConversation(conversation);
  const server = startModelServer({
    reply: ({ body }) => asReply(player.next(body.messages as unknown as SentMessage[])),
  });
  return { player, server };
}

async function runScripted(
  conversation: ScriptedConversation,
  place: Place,
  server: ModelServer,
): Promise<BinaryResult> {
  const answers = join(place.dir, "answers.json");
  await Deno.writeTextFile(answers, JSON.stringify({ answers: conversation.answers }));
  for (const [path, content] of Object.entries(conversation.project ?? {})) {
    await Deno.mkdir(join(place.project, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(place.project, path), content);
  }
  return await runBinary([
    ...["run", `examples/${conversation.package}`, "--project", place.project],
    ...["--model", "test-model", "--base-url", server.baseUrl, "--answers", answers, "--json"],
  ], { home: place.home });
}

/** Starts a run of hello-branch whose model stalls in its third answer, and waits until it does. */
async function startHanging(place: Place) {
  const conversation = readConversation("hello-branch");
  const player = playConversation(conversation);
  let hangs = true;
  const server = startModelServer({
    reply: ({ body, number }) =>
      hangs && number === 2
        ? { text: "slow ".repeat(20), mood: "stall" } as Reply
        : asReply(player.next(body.messages as unknown as SentMessage[])),
  });
  const answers = join(place.dir, "answers.json");
  await Deno.writeTextFile(answers, JSON.stringify({ answers: conversation.answers }));
  const started = await startBinary([
    ...["run", "examples/hello-branch", "--project", place.project, "--answers", answers],
    ...["--model", "test-model", "--base-url", server.baseUrl],
  ], { home: place.home });
  while (server.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  return { server, player, started, release: () => void (hangs = false) };
}

for (
  const name of ["hello-branch", "create-story", "review-loop", "two-workflows", "plain-letter"]
) {
  journey(
    `crewagent run ${name} --simulate --yes completes offline and leaves its artifacts`,
    () =>
      inPlace(async (place) => {
        const { exitCode, stdout, stderr } = await runBinary(
          ["run", `examples/${name}`, "--project", place.project, "--simulate", "--yes"],
          { home: place.home },
        );
        assert.equal(stderr, "");
        assert.equal(exitCode, 0, stdout);
        assert.match(stdout, /SIMULATION, no model/);
        assert.match(stdout, /Completed in .* turns/);
        const { events } = await logOf(place);
        assertEventsValid(events);
        const written = events.flatMap((event) =>
          event.type === "file_changed" ? [event.path] : []
        );
        assert.ok(written.length > 0, "a run writes at least one artifact");
        for (const path of written) {
          await Deno.stat(join(place.project, path.slice("@project/".length)));
        }
      }),
  );
}

for (const name of ["hello-branch", "review-loop", "two-workflows"]) {
  journey(
    `crewagent run ${name} follows a scripted model to the end`,
    () =>
      inPlace(async (place) => {
        const conversation = readConversation(name);
        const { player, server } = serveConversation(conversation);
        await using _server = server;
        const { exitCode, stdout, stderr } = await runScripted(conversation, place, server);
        assert.equal(exitCode, 0, stderr + stdout);
        assert.deepEqual(player.unserved(), {});
        assertEventsValid(readEvents(stdout));
        assert.deepEqual(errorCodes(readEvents(stdout)), []);
      }),
  );
}

journey(
  "crewagent run create-story refuses a jump, a broken state and a write through a link, and goes on",
  () =>
    inPlace(async (place) => {
      const conversation = readConversation("create-story");
      const outside = join(place.dir, "outside");
      await Deno.mkdir(outside);
      await Deno.mkdir(join(place.project, "artifacts"));
      await Deno.symlink(outside, join(place.project, "artifacts", "outside"));
      const { player, server } = serveConversation(conversation);
      await using _server = server;

      const { exitCode, stdout, stderr } = await runScripted(conversation, place, server);

      assert.equal(exitCode, 0, stderr + stdout);
      assert.deepEqual(player.unserved(), {});
      const { text, events } = await logOf(place);
      assertEventsValid(events);
      assert.deepEqual(errorCodes(events), [
        "E_SANDBOX_VIOLATION",
        "E_INVALID_TRANSITION",
        "E_INVALID_FRONTMATTER",
      ]);
      assert.deepEqual([...Deno.readDirSync(outside)], [], "nothing was written outside");
      assertStateNeverBroken(events);
      const sent = JSON.stringify(server.requests.map(({ body }) => body));
      for (const path of [place.dir, Deno.cwd(), await Deno.realPath(place.dir)]) {
        assert.ok(!text.includes(path), `the log holds no ${path}`);
        assert.ok(!sent.includes(path), `no request holds ${path}`);
      }
      assert.match(sent, /Next you may go to|allowedNext/);
    }),
);

/** Each accepted change begins where the last one ended: a refused one left the document as it was. */
function assertStateNeverBroken(events: readonly RunEvent[]): void {
  const changes = events.filter((event) => event.type === "state_changed");
  changes.slice(1).forEach((change, index) => {
    assert.equal(change.sha256Before, changes[index]?.sha256After);
  });
  assert.equal(events.filter((event) => event.type === "state_rejected").length, 2);
}

journey(
  "crewagent run waits with exit code 6 where nobody can answer, and resume takes the answer",
  () =>
    inPlace(async (place) => {
      const conversation = readConversation("create-story");
      const { server } = serveConversation(conversation);
      await using _server = server;
      const waiting = await runScripted({ ...conversation, answers: [] }, place, server);
      assert.equal(waiting.exitCode, 6);
      const asked = server.requests.length;

      const answers = join(place.dir, "later.json");
      await Deno.writeTextFile(answers, JSON.stringify({ answers: conversation.answers }));
      const resumed = await runBinary(["resume", "last", "--answers", answers, "--json"], {
        home: place.home,
      });

      assert.equal(resumed.exitCode, 0, resumed.stderr + resumed.stdout);
      const { events } = await logOf(place);
      assertEventsValid(events);
      assert.equal(events.filter(({ type }) => type === "question_asked").length, 1);
      assert.ok(server.requests.length > asked);
    }),
);

journey(
  "crewagent run stops cleanly at Ctrl-C, says how to resume, and resume repeats no finished call",
  () =>
    inPlace(async (place) => {
      const hanging = await startHanging(place);
      await using _server = hanging.server;
      const { player, started } = hanging;
      started.process.kill("SIGINT");
      const stopped = await started.finished();
      assert.equal(stopped.exitCode, 130, stopped.stderr);
      assert.match(stopped.stdout, /Interrupted.*\n.*\nGo on with: crewagent resume \d{8}-\d{6}-/s);

      hanging.release();
      const resumed = await runBinary(["resume", "last"], { home: place.home });
      assert.equal(resumed.exitCode, 0, resumed.stderr + resumed.stdout);
      const { events } = await logOf(place);
      assertEventsValid(events);
      const results = events.flatMap((event) => event.type === "tool_result" ? [event.callId] : []);
      assert.equal(new Set(results).size, results.length, "no call has two results");
      assert.deepEqual(player.unserved(), {});
    }),
);

journey(
  "crewagent run tells what is wrong and how to go on, by exit code",
  () =>
    inPlace(async (place) => {
      const server = startModelServer({ apiKey: "sk-right", replies: [] });
      await using _server = server;
      const run = ["run", "examples/hello-branch", "--project"];
      const model = ["--model", "m", "--base-url", server.baseUrl];
      const rows: [string[], number, RegExp][] = [
        [["run"], 2, /PACKAGE is missing/],
        [["run", "examples/hello-branch"], 2, /--project DIR/],
        [[...run, place.project, "--max-turns", "0"], 2, /whole number from 1, not "0"/],
        [[...run, place.project, "--unknown"], 2, /--unknown/],
        [[...run, join(place.dir, "none"), "--simulate"], 3, /project folder .*none/],
        [["run", "none.bmad", "--project", place.project, "--simulate"], 3, /none\.bmad/],
        [[...run, place.project, "--simulate", "--workflow", "x"], 3, /no workflow "x".*It has:/],
        [[...run, place.project, "--simulate", "--agent", "x"], 3, /no agent "x".*It has:/],
        [[...run, place.project], 4, /--model NAME/],
        [[...run, place.project, ...model], 4, /LLM_AUTH|key/i],
        [
          [...run, place.project, "--model", "m", "--base-url", "http://127.0.0.1:1/v1"],
          5,
          /127\.0\.0\.1:1/,
        ],
        [["resume", "nothing"], 3, /No run "nothing"/],
        [["show", "nothing"], 3, /No run "nothing"/],
      ];
      for (const [args, exitCode, message] of rows) {
        const result = await runBinary(args, { home: place.home });
        assert.equal(
          result.exitCode,
          exitCode,
          `${args.join(" ")}: ${result.stderr}${result.stdout}`,
        );
        assert.match(result.stderr + result.stdout, message);
      }
    }),
);

journey(
  "crewagent runs and show tell of a run that is over, and resume says that it is",
  () =>
    inPlace(async (place) => {
      await runBinary([
        "run",
        "examples/hello-branch",
        "--project",
        place.project,
        "--simulate",
        "--yes",
      ], {
        home: place.home,
      });
      const list = await runBinary(["runs"], { home: place.home });
      assert.match(list.stdout, /completed +hello-branch/);
      const shown = await runBinary(["show", "last"], { home: place.home });
      assert.match(shown.stdout, /completed after/);
      const events = await runBinary(["show", "last", "--json"], { home: place.home });
      assertEventsValid(readEvents(events.stdout));
      const resumed = await runBinary(["resume", "last"], { home: place.home });
      assert.equal(resumed.exitCode, 1);
      assert.match(resumed.stderr, /is completed/);
    }),
);

journey(
  "crewagent resume tells who drives a run, also while the driver sleeps, and goes on once it is dead",
  () =>
    inPlace(async (place) => {
      const hanging = await startHanging(place);
      await using _server = hanging.server;
      const { player, started: owner } = hanging;
      const resume = () => runBinary(["resume", "last"], { home: place.home });

      const refused = await resume();
      owner.process.kill("SIGSTOP");
      const refusedAsleep = await resume();
      owner.process.kill("SIGKILL");
      await owner.finished();
      hanging.release();
      const resumed = await resume();

      for (const { exitCode, stderr } of [refused, refusedAsleep]) {
        assert.equal(exitCode, 1);
        assert.match(stderr, new RegExp(`RUN_BUSY: .*pid ${owner.process.pid}`));
      }
      assert.equal(resumed.exitCode, 0, resumed.stderr + resumed.stdout);
      const { events } = await logOf(place);
      assertEventsValid(events);
      assert.deepEqual(player.unserved(), {});
    }),
);

journey(
  "crewagent answer shows the question of a waiting run, answers it from another process and drives it on",
  () =>
    inPlace(async (place) => {
      const conversation = readConversation("create-story");
      const { player, server } = serveConversation(conversation);
      await using _server = server;
      const waiting = await runScripted({ ...conversation, answers: [] }, place, server);
      assert.equal(waiting.exitCode, 6);

      const shown = await runBinary(["answer", "last"], { home: place.home });
      assert.equal(shown.exitCode, 6);
      assert.match(shown.stdout, /What should people be able to do/);
      const consent = await runBinary(["answer", "last", "--allow"], { home: place.home });
      assert.equal(consent.exitCode, 1);
      assert.match(consent.stderr, /RUN_PHASE: .*asks a question/);
      const noted = await runBinary(["answer", "last", "Renewals", "--stay"], { home: place.home });
      assert.equal(noted.exitCode, 0);
      const resumed = await runBinary(["resume", "last", "--json"], { home: place.home });

      assert.equal(resumed.exitCode, 0, resumed.stderr + resumed.stdout);
      const { events } = await logOf(place);
      assertEventsValid(events);
      const answers = events.flatMap((event) =>
        event.type === "question_answered" ? [[event.answer, event.by]] : []
      );
      assert.deepEqual(answers, [["Renewals", "person"]]);
      assert.deepEqual(player.unserved(), {});
    }),
);
