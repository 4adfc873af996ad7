import assert from "node:assert/strict";
import { join } from "node:path";
import { journey, runBinary } from "./binary.ts";

interface Place {
  readonly home: string;
  readonly project: string;
  crewagent(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  read(path: string): Promise<string | null>;
}

/** A project in which a simulated review-loop has run. */
async function afterRun(work: (place: Place) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-changes-" });
  const home = join(dir, "home");
  const project = join(dir, "project");
  await Deno.mkdir(project);
  await Deno.writeTextFile(join(project, "mine.md"), "mine\n");
  const crewagent = (...args: string[]) => runBinary(args, { home });
  try {
    const example = "examples/review-loop";
    const run = await crewagent("run", example, "--project", project, "--simulate", "--yes");
    assert.equal(run.exitCode, 0, run.stderr);
    await work({
      home,
      project,
      crewagent,
      read: (path) => Deno.readTextFile(join(project, path)).catch(() => null),
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

journey(
  "crewagent revert --to takes the number of a turn, and says which is the last",
  () =>
    afterRun(async ({ crewagent, read }) => {
      const replay = await crewagent("replay", "last", "--json");
      const turns: { turn: number; calls: { tool: string; arguments: { path?: string } }[] }[] =
        JSON
          .parse(replay.stdout);
      const review = turns.find(({ calls }) =>
        calls.some((call) => call.tool === "fs.write" && call.arguments.path?.endsWith("review.md"))
      );
      const reverted = await crewagent("revert", "last", "--to", String(review?.turn), "--yes");
      assert.equal(reverted.exitCode, 0, reverted.stderr);
      assert.equal(await read("artifacts/review.md"), null);
      assert.ok(await read("artifacts/draft.md"), "it was written in an earlier turn");
      const none = await crewagent("revert", "last", "--to", "turn:99", "--yes");
      assert.equal(none.exitCode, 2);
      assert.match(none.stderr, /no turn 99; its last is \d+/);
    }),
);

journey(
  "crewagent changes shows what a run made, and revert takes it away and brings it back",
  () =>
    afterRun(async ({ crewagent, read }) => {
      const draft = await read("artifacts/draft.md");
      assert.ok(draft);
      const shown = await crewagent("changes", "last");
      assert.match(
        shown.stdout,
        /@project\/artifacts\/draft\.md\n--- \(new file\)[^]*\+\[simulation\]/,
      );

      const refused = await crewagent("revert", "last");
      assert.equal(refused.exitCode, 2);
      assert.match(refused.stderr, /no terminal to ask at; say --yes/);
      const reverted = await crewagent("revert", "last", "--yes");
      assert.equal(reverted.exitCode, 0, reverted.stderr);
      assert.equal(await read("artifacts/draft.md"), null);
      assert.equal(await read("mine.md"), "mine\n");
      assert.match((await crewagent("changes", "last")).stdout, /changed no file/);
      assert.match((await crewagent("revert", "last", "--yes")).stdout, /nothing to put back/);

      assert.equal((await crewagent("revert", "last", "--undo", "--yes")).exitCode, 0);
      assert.equal(await read("artifacts/draft.md"), draft);
    }),
);

journey(
  "crewagent revert puts back only what was changed since a node",
  () =>
    afterRun(async ({ crewagent, read }) => {
      const reverted = await crewagent("revert", "last", "--to", "review", "--yes");
      assert.equal(reverted.exitCode, 0, reverted.stderr);
      assert.ok(await read("artifacts/draft.md"));
      assert.equal(await read("artifacts/review.md"), null);
      assert.equal(await read("artifacts/final.md"), null);
      const unknown = await crewagent("revert", "last", "--to", "nowhere", "--yes");
      assert.equal(unknown.exitCode, 2);
      assert.match(unknown.stderr, /never came to a node "nowhere"\. It was at: brief, draft/);
    }),
);

journey(
  "crewagent revert refuses a file that somebody else changed since, touches nothing, and obeys --force",
  () =>
    afterRun(async ({ crewagent, read, project }) => {
      await Deno.writeTextFile(join(project, "artifacts", "draft.md"), "edited by hand\n");
      assert.match(
        (await crewagent("changes", "last")).stdout,
        /draft\.md {2}changed since by somebody else/,
      );
      const refused = await crewagent("revert", "last", "--yes");
      assert.equal(refused.exitCode, 1);
      assert.match(
        refused.stderr,
        /somebody else: @project\/artifacts\/draft\.md\. Nothing was put back/,
      );
      assert.ok(await read("artifacts/final.md"), "nothing was touched");

      assert.equal((await crewagent("revert", "last", "--force", "--yes")).exitCode, 0);
      assert.equal(await read("artifacts/draft.md"), null);
      assert.equal((await crewagent("revert", "last", "--undo", "--yes")).exitCode, 0);
      assert.equal(await read("artifacts/draft.md"), "edited by hand\n");
    }),
);

journey(
  "crewagent revert does not follow a link that took the place of a folder",
  () =>
    afterRun(async ({ crewagent, project }) => {
      const outside = join(project, "..", "outside");
      await Deno.rename(join(project, "artifacts"), outside);
      await Deno.symlink(outside, join(project, "artifacts"));
      const before = [...Deno.readDirSync(outside)].length;
      const reverted = await crewagent("revert", "last", "--force", "--yes");
      assert.equal(reverted.exitCode, 1);
      assert.match(reverted.stderr, /FILE_WRITE_FAILED/);
      assert.equal([...Deno.readDirSync(outside)].length, before);
    }),
);
