// The ways to start a run as people see them: an item of a menu, words that the menu does not know at once, a
// chat, and a workflow that wants to know something. The built executable, a real browser, a model server.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { type ModelServer, startModelServer } from "../model_server/model_server.ts";
import type { Reply } from "../model_server/script.ts";
import { buildZip } from "../runtime/package/zip_builder.ts";
import { packageWithVariables } from "../talk_package.ts";
import { runBinary } from "./binary.ts";
import { signUp, type Visit, visit } from "./builder_browser.ts";

interface Started {
  readonly page: Page;
  readonly project: string;
  readonly model: ModelServer;
  /** Opens the form of a start for the package. */
  open(way: string): Promise<void>;
}

/** Signs up, keeps a model, imports the package and makes a project. */
function startJourney(
  name: string,
  replies: readonly Reply[],
  test: (started: Started, visit: Visit) => Promise<void>,
): void {
  visit(name, async (visited) => {
    const { page, server } = visited;
    await using model = startModelServer({ replies });
    const { home, origin } = server();
    const profile = ["--preset", "custom", "--model", "test-model", "--base-url", model.baseUrl];
    const added = await runBinary(["profile", "add", "local", ...profile], { home });
    assert.equal(added.exitCode, 0, added.stderr);
    const project = join(home, "..", "project");
    await Deno.mkdir(project);
    await signUp(visited);
    const files = await packageWithVariables('  audience: ""\n  pages: 2\n');
    const buffer = buildZip([...files].map(([name, content]) => ({ name, content })));
    await page.locator('input[type="file"]').first().setInputFiles({
      name: "ways.bmad",
      mimeType: "application/zip",
      buffer: Buffer.from(buffer),
    });
    await page.waitForURL(/\/packages\/[a-z0-9]+/);
    const packageId = new URL(page.url()).pathname.split("/")[2];
    const open = async (way: string) => {
      await page.goto(`${origin}/runs/new?package=${packageId}&way=${way}`);
      await page.locator("#project").fill(project);
    };
    await test({ page, project, model, open }, visited);
  });
}

async function phase(page: Page, name: string): Promise<void> {
  await page.locator(`#run-head [data-phase=${name}]`).waitFor();
}

const call = (name: string, args: Record<string, unknown>): Reply => ({
  toolCalls: [{ name, arguments: args }],
});
const DONE = call("state_complete_node", { nodeId: "script" });
const haiku = { path: "@project/artifacts/haiku.md", content: "a moon\n" };

startJourney(
  "An agent's menu starts by a button, by words that one of its choices makes clear, and again from a run",
  [call("fs_write", haiku), DONE, { text: "Here is the plan." }, DONE, DONE],
  async ({ page, project, open }) => {
    await open("agent");
    await page.getByRole("button", { name: "[HK] Write a haiku" }).click();
    await phase(page, "completed");
    assert.equal(await Deno.readTextFile(join(project, "artifacts/haiku.md")), "a moon\n");
    await open("agent");
    await page.getByLabel("Or write what you want").fill("write");
    await page.getByRole("button", { name: "Go", exact: true }).click();
    await page.getByText("Which of these do you mean?").waitFor();
    assert.equal(await page.locator("#project").inputValue(), project);
    await page.locator(".clarify").getByRole("button", { name: "Write the plan" }).click();
    await page.getByText("Here is the plan.").waitFor();
    await phase(page, "completed");
    const before = page.url();
    await page.locator("#agent-menu summary").click();
    await page.locator("#agent-menu").getByRole("button", { name: "Write the report" }).click();
    await page.waitForURL((url) => url.href !== before);
    await phase(page, "completed");
  },
);

startJourney(
  "A chat goes on over a reload and a killed server, keeps what is being written, and ends by a command",
  [
    { text: "Hello, I am Milo." },
    { text: "This answer never ends ".repeat(3), mood: "stall" },
    { text: "Io is a moon." },
    { text: "You are welcome." },
  ],
  async ({ page, open, model }, { killAndRestart }) => {
    await open("chat");
    await page.getByLabel("Your first words").fill("Who are you?");
    await page.getByRole("button", { name: "Start the chat" }).click();
    await page.getByText("Hello, I am Milo.").waitFor();
    await phase(page, "waiting");
    const composer = page.locator("#composer-text");
    await composer.fill("What is Io?");
    await page.reload();
    assert.equal(await composer.inputValue(), "What is Io?");
    await composer.press("Enter");
    await page.locator("#streaming", { hasText: "This answer never ends" }).waitFor();
    assert.equal(await composer.inputValue(), "");
    await killAndRestart();
    await page.reload();
    await phase(page, "interrupted");
    await page.locator("#run-head").getByRole("button", { name: "Resume" }).click();
    await page.getByText("Io is a moon.").waitFor();
    await phase(page, "waiting");
    await composer.fill("Thank you");
    await composer.press("Enter");
    await page.getByText("You are welcome.").waitFor();
    const words = model.requests.at(-1)?.body.messages?.filter(({ role }) => role === "user");
    assert.deepEqual(words?.map(({ content }) => content), [
      "Who are you?",
      "What is Io?",
      "Thank you",
    ]);
    await phase(page, "waiting");
    await composer.fill("/perhaps");
    await composer.press("Enter");
    await page.getByText('"/perhaps" is no command').waitFor();
    await composer.fill("/dismiss");
    await composer.press("Enter");
    await phase(page, "completed");
    await page.getByText("This chat is over.").waitFor();
    assert.equal(await page.locator("#composer-text").count(), 0);
  },
);

startJourney(
  "A workflow asks for what it wants to know, says what is wrong at its field, and begins with it",
  [{ text: "Hm." }, { text: "Hm!" }],
  async ({ page, open, model }) => {
    await open("workflow");
    await page.getByLabel("pages").fill("many");
    await page.getByLabel("Anything else").fill("Be brief");
    await page.getByRole("button", { name: "Start", exact: true }).last().click();
    await page.getByText('"audience" is needed to begin').waitFor();
    await page.getByText('"pages" takes a number, not "many"').waitFor();
    assert.equal(await page.getByLabel("Anything else").inputValue(), "Be brief");
    await page.getByLabel("audience").fill("children");
    await page.getByLabel("pages").fill("3");
    await page.getByRole("button", { name: "Start", exact: true }).last().click();
    await phase(page, "waiting");
    const asked = JSON.stringify(model.requests[0]?.body.messages);
    assert.match(asked, /\\"audience\\": \\"children\\"/);
    assert.match(asked, /\\"pages\\": 3/);
    assert.match(asked, /USER_INPUT[^]*Be brief/);
  },
);
