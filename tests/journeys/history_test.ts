// What can be done with a run that is over: replay, export, fork, record, and the rules that stay.
import assert from "node:assert/strict";
import { join } from "node:path";
import { journey, runBinary } from "./binary.ts";

interface Place {
  readonly dir: string;
  readonly project: string;
  crewagent(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
}

async function inPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-history-" });
  const project = join(dir, "project");
  await Deno.mkdir(project);
  try {
    await work({
      dir,
      project,
      crewagent: (...args) => runBinary(args, { home: join(dir, "home") }),
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const simulated = (example: string, project: string) => [
  "run",
  `examples/${example}`,
  "--project",
  project,
  "--simulate",
  "--yes",
];

journey(
  "crewagent replay shows every turn again, here and from an exported file elsewhere",
  () =>
    inPlace(async ({ dir, project, crewagent }) => {
      await crewagent(...simulated("review-loop", project));
      const replay = await crewagent("replay", "last");
      assert.equal(replay.exitCode, 0, replay.stderr);
      assert.match(replay.stdout, /Turn 1 · brief · \d\d:\d\d:\d\d\n/);
      assert.match(replay.stdout, /✓ review → decide/);
      assert.match(replay.stdout, /15 requests, each composed from the log as it was sent/);
      const prompts = await crewagent("replay", "last", "--turn", "5", "--prompts");
      assert.match(prompts.stdout, /\[user\] RUN_DIRECTIVE/);
      assert.equal((await crewagent("replay", "last", "--turn", "99")).exitCode, 2);

      const file = join(dir, "story.crewrun");
      const exported = await crewagent("export", "last", "-o", file);
      assert.equal(exported.exitCode, 0, exported.stderr);
      assert.equal(
        (await crewagent("export", "last", "-o", file)).exitCode,
        1,
        "it is there already",
      );
      const elsewhere = (...args: string[]) => runBinary(args, { home: join(dir, "other") });
      assert.equal((await elsewhere("replay", file)).stdout, replay.stdout);
      const shown = await elsewhere("show", file);
      assert.match(shown.stdout, /completed after .* · project project/);
      const changes = await elsewhere("changes", file);
      assert.match(
        changes.stdout,
        /@project\/artifacts\/draft\.md\n--- \(new file\)[^]*\+\[simulation\]/,
      );
      assert.ok(!`${shown.stdout}${changes.stdout}`.includes(dir));
    }),
);

journey(
  "crewagent replay tells when a log does not compose what was sent",
  () =>
    inPlace(async ({ dir, project, crewagent }) => {
      await crewagent(...simulated("hello-branch", project));
      const runs = join(dir, "home", "runs");
      const [run] = [...Deno.readDirSync(runs)];
      const log = join(runs, run!.name, "log.jsonl");
      const text = await Deno.readTextFile(log);
      await Deno.writeTextFile(log, text.replaceAll("Ask for a wish", "Ask for a wisp"));
      const replay = await crewagent("replay", "last");
      assert.equal(replay.exitCode, 1);
      assert.match(replay.stdout, /the log composes another request than was sent/);
    }),
);

journey(
  "crewagent fork goes another way from a node, and leaves the first run as it was",
  () =>
    inPlace(async ({ dir, project, crewagent }) => {
      await crewagent(...simulated("review-loop", project));
      const before = await crewagent("show", "last", "--json");
      const first = JSON.parse(before.stdout.split("\n")[0] ?? "").runId;
      const answers = join(dir, "answers.json");
      await Deno.writeTextFile(answers, '{"decisions": {"decide": "revise"}}');

      const fork = await crewagent("fork", first, "--from", "decide", "--answers", answers);

      assert.equal(fork.exitCode, 0, fork.stderr);
      assert.match(fork.stdout, new RegExp(`forked from ${first} at "decide"`));
      assert.match(fork.stdout, /→ draft \(revise\)/);
      assert.match(fork.stderr, /The project keeps 1 later change of the forked run/);
      assert.equal((await crewagent("show", first, "--json")).stdout, before.stdout);
      const unknown = await crewagent("fork", first, "--from", "nowhere");
      assert.equal(unknown.exitCode, 2);
      assert.match(unknown.stderr, /It was at: brief, draft, review, decide, finish/);
    }),
);

journey(
  "crewagent test plays a recorded run again and shows where a changed step diverges",
  () =>
    inPlace(async ({ dir, project, crewagent }) => {
      const source = join(dir, "flow");
      await crewagent("new", source, "--template", "review-loop");
      const trace = join(source, "tests", "plain.trace.jsonl");
      const run = ["run", source, "--project", project, "--simulate", "--yes", "--record", trace];
      assert.equal((await crewagent(...run)).exitCode, 0);
      assert.match((await crewagent("test", source)).stdout, /^same +tests\/plain\.trace\.jsonl/);

      const steps = join(source, "workflows", "review-loop", "steps");
      const step = join(steps, "draft.md");
      await Deno.writeTextFile(step, `${await Deno.readTextFile(step)}\nBe brief.\n`);
      const changed = await crewagent("test", source);
      assert.equal(changed.exitCode, 0);
      assert.match(
        changed.stdout,
        /changed [^]*node "draft": the result of fs\.read[^]*\+Be brief\./,
      );
      assert.equal((await crewagent("test", source, "--strict")).exitCode, 1);
      await crewagent("test", source, "--update");
      assert.match((await crewagent("test", source)).stdout, /1 same, 0 changed, 0 broken/);

      const graph = join(source, "workflows", "review-loop", "workflow.graph.json");
      const text = await Deno.readTextFile(graph);
      await Deno.writeTextFile(graph, text.replace('"label": "accept"', '"label": "take it"'));
      const decide = join(steps, "decide.md");
      const decided = await Deno.readTextFile(decide);
      await Deno.writeTextFile(decide, decided.replace("label: accept", "label: take it"));
      const broken = await crewagent("test", source);
      assert.equal(broken.exitCode, 1, broken.stdout + broken.stderr);
      assert.match(broken.stdout, /broken [^]*node "decide"/);
      const none = await crewagent("test", "examples/create-story");
      assert.equal(none.exitCode, 3);
      assert.match(none.stderr, /no recorded run.*--record FILE/);
    }),
);

journey(
  "crewagent policy denies what a run asks for, and --yes does not help",
  () =>
    inPlace(async ({ project, crewagent }) => {
      const denied = await crewagent("policy", "deny", "fs.write", "path=@project/artifacts/**");
      assert.match(denied.stdout, /1 {2}deny fs\.write path=@project\/artifacts\/\*\*/);
      const run = await crewagent(...simulated("hello-branch", project));
      assert.equal(run.exitCode, 6, run.stdout);
      assert.match(run.stdout, /E_TOOL_DENIED A rule of the user refuses this call/);
      assert.equal((await crewagent("policy", "remove", "1")).exitCode, 0);
      assert.equal((await crewagent("resume", "last")).exitCode, 0);
      assert.equal((await crewagent("policy", "remove", "1")).exitCode, 2);
    }),
);
