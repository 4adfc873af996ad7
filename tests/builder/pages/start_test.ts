import assert from "node:assert/strict";
import { join } from "node:path";
import { stateDocumentPath } from "../../../runtime/run/active_workflow.ts";
import { readBreakpoints } from "../../../runtime/run/breakpoints.ts";
import { readRecord, runFolder, type RunRecord } from "../../../runtime/run/run_folder.ts";
import { readState } from "../../../runtime/state/read_state.ts";
import { packageWithVariables, talkPackage } from "../../talk_package.ts";
import { type Browser, type Fields, withApp } from "../http/app_under_test.ts";
import { until } from "../live_scene.ts";

interface StartScene {
  readonly browser: Browser;
  readonly packageId: string;
  readonly projectDir: string;
  readonly dataDir: string;
  page(query?: string): Promise<string>;
  /** Sends the form with a simulation in the project; what is given goes before. */
  post(fields: Fields): Promise<{ status: number; page: string; location: string | null }>;
  /** The record of a run that a start has led to. */
  record(location: string | null): RunRecord;
}

async function withStart(
  files: ReadonlyMap<string, Uint8Array>,
  test: (scene: StartScene) => Promise<void>,
): Promise<void> {
  await withApp(async ({ signedIn, store, services, dataDir }) => {
    const browser = await signedIn("mina");
    const { userId = "" } = await store.users.findByName("mina") ?? {};
    const { packageId } = await store.packages.create(userId, files);
    const projectDir = join(dataDir, "..", "project");
    await Deno.mkdir(projectDir);
    const usual = { package: packageId, project: projectDir, profile: "@simulation" };
    const read = async (answer: Response) => ({
      status: answer.status,
      page: await answer.text(),
      location: answer.headers.get("location"),
    });
    await test({
      browser,
      packageId,
      projectDir,
      dataDir,
      page: async (query = "") =>
        await (await browser.get(`/runs/new?package=${packageId}${query}`)).text(),
      post: async (fields) => await read(await browser.post("/runs", { ...usual, ...fields })),
      record: (location) => readRecord(runFolder(dataDir, location?.split("/").at(-1) ?? "")),
    });
    const { user } = { user: await store.users.findByName("mina") };
    if (!user) return;
    const isDriven = async () =>
      (await services.liveRuns.list(user)).some(({ isDrivenHere }) => isDrivenHere);
    await until(async () => !await isDriven());
  });
}

const agent = "host";

Deno.test("a start with an agent takes a menu button or words, and asks where it is not clear", async () => {
  await withStart(await talkPackage(), async ({ page, post, record }) => {
    const shown = await page();
    assert.match(shown, /Milo/);
    assert.match(shown, /name="pick" value="host 2"[^>]*>\[HK\] Write a haiku/);
    const rows: [fields: Fields, workflowId: string][] = [
      [{ pick: "host 2" }, "@script"],
      [{ agent, say: "tour" }, "main"],
      [{ agent, say: "What is a moon?" }, "@chat"],
    ];
    for (const [fields, workflowId] of rows) {
      const { status, location } = await post({ way: "agent", ...fields });
      assert.deepEqual([status, record(location).workflowId], [303, workflowId]);
    }
    const unclear = await post({ way: "agent", agent, say: "write", maxTurns: "7" });
    assert.equal(unclear.status, 422);
    assert.match(unclear.page, /Which of these do you mean\?/);
    assert.match(unclear.page, /name="pick" value="host 9"[^>]*>Write the plan/);
    assert.match(unclear.page, /name="maxTurns"[^>]*value="7"/);
    assert.match(unclear.page, />write<\/textarea>/);
  });
});

Deno.test("what the program itself does for a menu item starts nothing", async () => {
  await withStart(await talkPackage(), async ({ post, record }) => {
    const dismissed = await post({ way: "agent", agent, say: "bye" });
    assert.match(dismissed.page, /The agent is dismissed/);
    const nothing = await post({ way: "agent", agent, say: "again" });
    assert.match(nothing.page, /no stopped run of this package/);
    const chat = await post({ way: "chat", agent });
    assert.deepEqual(record(chat.location).talk, { runType: "chat" });
    await until(() => record(chat.location).phase === "waiting");
    const again = await post({ way: "agent", agent, say: "again" });
    assert.equal(again.location, chat.location);
  });
});

Deno.test("a start takes breakpoints from its options, and says which node is none", async () => {
  await withStart(await talkPackage(), async ({ page, post, dataDir }) => {
    assert.match(await page("&way=workflow"), /<datalist id="option-nodes"><option value="/);
    assert.doesNotMatch(await page("&way=chat"), /name="beforeNodes"/);
    const fields = { way: "workflow", workflow: "main", onTools: "fs.write, mcp__*" };
    const refused = await post({ ...fields, beforeNodes: "nowhere" });
    assert.equal(refused.status, 422);
    assert.match(refused.page, /class="notice error"[^]*nowhere/);
    assert.match(refused.page, /name="onTools"[^>]*value="fs.write, mcp__\*"/);
    const { location } = await post(fields);
    const folder = runFolder(dataDir, location?.split("/").at(-1) ?? "");
    assert.deepEqual(
      readBreakpoints(folder).map(({ breakpointId: _id, ...breakpoint }) => breakpoint),
      [{ at: "tool", tool: "fs.write" }, { at: "tool", tool: "mcp__*" }],
    );
  });
});

const VARIABLES = '  audience: ""\n  pages: 2\n  formal: true\n';

Deno.test("a start with a workflow checks its inputs and takes them into the run", async () => {
  await withStart(
    await packageWithVariables(VARIABLES),
    async ({ page, post, record, dataDir }) => {
      const shown = await page("&way=workflow");
      assert.match(shown, /audience<span class="small muted"> \(required\)/);
      const fields = { way: "workflow", workflow: "main", input: "Be brief" };
      const typed = { "in main audience": " ", "in main pages": "many", "in main formal": "no" };
      const refused = await post({ ...fields, ...typed });
      assert.equal(refused.status, 422);
      assert.match(refused.page, /class="fault"[^>]*>&quot;audience&quot; is needed to begin/);
      assert.match(refused.page, /takes a number, not &quot;many&quot;/);
      assert.match(refused.page, />Be brief<\/textarea>/);
      assert.match(refused.page, /value="many"/);
      const good = { "in main audience": "friends", "in main pages": "", "in main formal": "no" };
      const started = await post({ ...fields, ...good });
      assert.equal(started.status, 303);
      const { runId, input } = record(started.location);
      const state = readState(
        await Deno.readTextFile(stateDocumentPath(runFolder(dataDir, runId), "main")),
      );
      assert.deepEqual([state.ok && state.state.variables, input], [
        { audience: "friends", pages: 2, formal: false },
        "Be brief",
      ]);
    },
  );
});

Deno.test("a start from a node runs to it and pauses there, and one from an agent has it chosen", async () => {
  await withStart(await talkPackage(), async ({ page, post, record, browser, packageId }) => {
    const workflow = `/packages/${packageId}/workflows/main`;
    const node = await (await browser.get(`${workflow}/nodes/choose`)).text();
    const [, query = ""] = /href="\/runs\/new\?package=[a-z0-9]+(&amp;[^"]+)"/.exec(node) ?? [];
    const shown = await page(query.replaceAll("&amp;", "&"));
    assert.match(shown, /name="until" value="choose" checked/);
    const fields = { way: "workflow", workflow: "main", until: "choose" };
    const { location } = await post(fields);
    await until(() => record(location).phase === "paused");
    assert.equal(record(location).code, "BREAKPOINT");
    assert.equal((await post({ ...fields, until: "nowhere" })).status, 422);
    const agents = await (await browser.get(`/packages/${packageId}/agents/host`)).text();
    assert.match(agents, /runs\/new\?package=[a-z0-9]+&amp;agent=host"/);
  });
});

Deno.test("a start that cannot be made shows the form again, with what was typed and why", async () => {
  await withStart(await talkPackage(), async ({ post, browser, packageId }) => {
    const rows: [fields: Fields, status: number, message: RegExp][] = [
      [{ project: "/no/such/folder" }, 404, /cannot be opened/],
      [{ project: " " }, 404, /Name the project folder/],
      [{ profile: "none" }, 404, /none/],
      [{ maxTurns: "-1" }, 400, /takes a number above 0/],
      [{ way: "workflow", workflow: "" }, 400, /Choose a workflow/],
      [{ way: "agent", agent: "" }, 400, /Choose an agent/],
      [{ way: "agent", agent: "nobody" }, 422, /no agent &quot;nobody&quot;/],
      [{ way: "agent", pick: "host 6" }, 422, /needed\.md/],
    ];
    for (const [fields, status, message] of rows) {
      const answer = await post({ way: "chat", agent, input: "Two words", ...fields });
      assert.equal(answer.status, status, JSON.stringify(fields));
      assert.match(answer.page, message);
      assert.match(answer.page, /Pick what you want|Two words/);
    }
    const foreign = await browser.get("/runs/new?package=none");
    assert.equal(foreign.status, 404);
    await foreign.body?.cancel();
    const choose = await (await browser.get("/runs/new?project=/some/where&way=chat")).text();
    assert.match(
      choose,
      new RegExp(`project=%2Fsome%2Fwhere&amp;way=chat&amp;package=${packageId}`),
    );
  });
});

Deno.test("hostile names of a package stand on the start page as text", async () => {
  const hostile = '<img src=x onerror="x">';
  const files = new Map(await packageWithVariables(`  '${hostile}': ""\n`));
  const agents = JSON.parse(new TextDecoder().decode(files.get("agents.json")));
  Object.assign(agents.agents[0].metadata, { name: hostile, title: hostile, icon: hostile });
  agents.agents[0].menu[0].description = hostile;
  files.set("agents.json", new TextEncoder().encode(JSON.stringify(agents)));
  await withStart(files, async ({ page }) => {
    for (const way of ["agent", "workflow", "chat"]) {
      const shown = await page(`&way=${way}`);
      assert.ok(!shown.includes("<img src=x"), way);
      assert.match(shown, /&lt;img src=x/);
    }
  });
});
