// Controlling a run as people do: from the command line and in the browser, through the executable, and
// past the death of the process that drives it.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { readRunLog } from "../../runtime/run/run_log.ts";
import { runFolder } from "../../runtime/run/run_folder.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import { journey, runBinary, startBinary } from "./binary.ts";
import { visit } from "./builder_browser.ts";
import { signUpClient } from "./builder_client.ts";
import { withHome } from "./builder_process.ts";
import { pausedRun, signInContext } from "./screens.ts";

/** The node of the map in this state. */
const onMap = (page: Page, nodeId: string, state: string) =>
  page.locator(`.run-map [data-node="${nodeId}"][data-state="${state}"]`);

const phase = (page: Page, name: string) => page.locator(`#run-head [data-phase=${name}]`);

visit(
  "a run pauses at a breakpoint, is edited, goes on, runs to a node, and does it again",
  async (scene) => {
    const { page, server } = scene;
    const project = join(server().home, "..", "project");
    await Deno.mkdir(project);
    const client = await signUpClient(server());
    await signInContext(scene.context, client);
    const runId = await pausedRun(server().home, project);
    await page.goto(`${server().origin}/runs/${runId}`);
    await phase(page, "paused").waitFor();
    await page.locator("#run-head").getByText("Stopped at a breakpoint").waitFor();
    await onMap(page, "ask-wish", "done").waitFor();
    await onMap(page, "choose", "paused").waitFor();
    assert.equal(await page.locator(".run-map [data-taken]").count(), 1);

    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.getByRole("button", { name: "Fit" }).click();

    // Another tab has the state open, and comes too late.
    const other = await scene.context.newPage();
    await other.goto(`${server().origin}/runs/${runId}/state`);
    await page.getByRole("link", { name: "Edit state" }).click();
    await page.getByLabel("Current node").selectOption("write-poem");
    await page.getByLabel("Value of topic").fill("the sea");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The state is saved.").waitFor();
    await other.getByLabel("Value of topic").fill("the moon");
    await other.getByRole("button", { name: "Save" }).click();
    await other.getByRole("alert").getByText("somebody changed it since").waitFor();
    assert.equal(await other.getByLabel("Value of topic").inputValue(), "the moon");
    await other.close();

    await page.getByRole("link", { name: "Back to the run" }).first().click();
    await onMap(page, "write-poem", "paused").waitFor();
    // A map that is too wide shows the node where the run stands. A click opens what can be done at one.
    await page.getByRole("button", { name: "Fit" }).click();
    await onMap(page, "goodbye", "open").click();
    await page.getByRole("button", { name: "Run to here: Say goodbye" }).click();
    await page.locator("#run-head").getByText('before "goodbye"').waitFor();
    await phase(page, "paused").waitFor();
    await onMap(page, "write-poem", "done").waitFor();
    const poem = join(project, "artifacts", "poem.md");
    assert.ok((await Deno.stat(poem)).isFile);

    await scene.killAndRestart();
    await page.reload();
    await phase(page, "paused").waitFor();
    await page.locator("#run-head").getByRole("button", { name: "Resume" }).click();
    await page.locator("#run-head").getByText('after "goodbye"').waitFor();
    await page.locator("#talk").getByText("You changed the state: currentNodeId").waitFor();
    await page.locator("#run-head").getByRole("button", { name: "Resume" }).click();
    await phase(page, "completed").waitFor();
    await onMap(page, "goodbye", "done").waitFor();
    assert.equal(await page.locator("#run-head").getByRole("button").count(), 0);
  },
);

visit(
  "a node is begun afresh with its files put back, and a breakpoint is taken away by a click",
  async (scene) => {
    const { page, server } = scene;
    const project = join(server().home, "..", "project");
    await Deno.mkdir(project);
    const client = await signUpClient(server());
    await signInContext(scene.context, client);
    const runId = await pausedRun(server().home, project);
    await page.goto(`${server().origin}/runs/${runId}`);
    await onMap(page, "choose", "paused").click();
    await page.getByRole("button", { name: "No break before: Poem or fact?" }).click();
    await page.getByRole("button", { name: "No break before: Poem or fact?" })
      .waitFor({ state: "detached" });
    await page.getByLabel("On a tool").fill("fs.write");
    await page.locator(".break-form").filter({ hasText: "On a tool" })
      .getByRole("button", { name: "Add" }).click();
    await page.getByText("before fs.write").waitFor();
    await page.locator("#run-head").getByRole("button", { name: "Resume" }).click();
    await page.locator("#run-head").getByText("fs.write is about to run").waitFor();
    await onMap(page, "write-fact", "paused").click();
    await page.getByLabel("Put its files and the state back first").check();
    await page.locator(".retry-form").getByRole("button", { name: "Retry node" }).click();
    await page.locator("#talk").getByText("You had “write-fact” begun afresh").waitFor();
    await page.locator("#run-head").getByText("fs.write is about to run").waitFor();
    assert.equal(
      await page.locator("#talk .talk-head").filter({ hasText: "Write a fact" }).count(),
      2,
    );
  },
);

const ARGUMENTS = ["examples/hello-branch", "--simulate", "--yes", "--json"];

journey(
  "a run that is killed while it stops at breakpoints stops at each place once",
  () =>
    withHome(async (home) => {
      const project = join(home, "..", "project");
      await Deno.mkdir(project);
      const breaks = ["choose", "write-fact", "goodbye"].flatMap((id) => ["--break-before", id]);
      const all = ["run", ...ARGUMENTS, "--project", project, ...breaks, "--break-on", "fs.write"];
      const kills = ["phase_changed", "run_resumed", "tool_call", "node_entered", "node_completed"];
      await killedAt(all, home, "phase_changed");
      const { stdout } = await runBinary(["runs", "--json"], { home });
      const [, runId = ""] = /"runId": ?"([^"]+)"/.exec(stdout) ?? [];
      const { logPath } = runFolder(home, runId);
      for (let life = 0; life < 20 && !isCompleted(logPath); life++) {
        const kill = kills[life % kills.length] ?? "";
        await killedAt(["resume", runId, "--json"], home, kill);
      }
      await resumeToEnd(runId, home, logPath);
      const events = readRunLog(logPath);
      assert.deepEqual(stopsOf(events), ["choose", "write-fact", "fs.write", "goodbye"]);
      assert.ok((await Deno.stat(join(project, "artifacts", "fact.md"))).isFile);
    }),
);

/** Runs the executable and kills it as soon as it has told of an event of this type. */
async function killedAt(args: readonly string[], home: string, type: string): Promise<void> {
  const { process } = await startBinary(args, { home });
  let told = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    told += text;
    const isTold = type === "phase_changed"
      ? told.includes('"paused"')
      : told.includes(`"${type}"`);
    if (isTold) kill(process);
  }
  await Promise.all([process.status, process.stdin.close().catch(() => {})]);
  await process.stderr.cancel();
}

/** It may have ended by itself. */
function kill(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
  }
}

async function resumeToEnd(runId: string, home: string, logPath: string): Promise<void> {
  for (let life = 0; life < 8 && !isCompleted(logPath); life++) {
    await runBinary(["resume", runId, "--json"], { home });
  }
}

function isCompleted(logPath: string): boolean {
  return readRunLog(logPath).some((event) =>
    event.type === "phase_changed" && event.phase === "completed"
  );
}

/** What each stop stood before, in order. */
function stopsOf(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type !== "phase_changed" || event.code !== "BREAKPOINT") return [];
    const [, nodeId] = /stands at "([^"]+)"/.exec(event.reason ?? "") ?? [];
    return [nodeId ?? "fs.write"];
  });
}
