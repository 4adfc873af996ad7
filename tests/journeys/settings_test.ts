// The owner's settings as people use them: the built executable, a real browser, a model server that
// speaks the protocol, an MCP server from npm. What was typed as a secret is looked for everywhere.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { startModelServer } from "../model_server/model_server.ts";
import { goodModel } from "../runtime/llm/probe/played_model.ts";
import { signUp, visit } from "./builder_browser.ts";

const KEY = "sk-very-secret-0123456789";
const TOKEN = "token-of-the-server-0123456789";

const NOTES_PACKAGE = "@modelcontextprotocol/server-memory@2026.8.31";

/** Fills npm's cache; `false` says that this machine cannot have the server. */
async function install(): Promise<boolean> {
  const args = ["-y", `--package=${NOTES_PACKAGE}`, "-c", "true"];
  const npx = new Deno.Command("npx", { args, stdin: "null", stdout: "null", stderr: "null" });
  return await npx.output().then(({ success }) => success, () => false);
}

/** Under `.ci/run` a server that cannot be had is a failure, not a skip. */
const hasServer = Deno.env.get("CREWAGENT_CI") === "1" || await install();

const visitWithServer: typeof visit = hasServer ? visit : (name) => {
  Deno.test.ignore(`${name} (no npx, or no network for it)`, () => {});
};

/** Servers and models are slow on a slow machine; nothing here is timed. */
const PATIENCE_MS = 240_000;

async function trialEnds(page: Page, state: string): Promise<void> {
  await page.locator(`#trial[data-state=${state}]`).waitFor({ timeout: PATIENCE_MS });
}

visit("a profile is added, listed, tested and removed, and its key is nowhere to be seen", async (
  scene,
) => {
  const { page } = scene;
  await using model = startModelServer({ apiKey: KEY, reply: goodModel });
  await signUp(scene);
  const { origin, home } = scene.server();
  await page.goto(`${origin}/settings/profiles`);
  await page.getByText("No model is connected yet").waitFor();
  await page.getByRole("link", { name: "Add a profile" }).click();
  await page.getByRole("link", { name: "Any OpenAI-compatible server" }).click();
  await page.getByLabel("Name", { exact: true }).fill("mine");
  await page.getByLabel("Address").fill(model.baseUrl);
  await page.getByLabel("Model", { exact: true }).fill("test-model");
  await page.getByLabel("Stored in the data folder").check();
  await page.getByLabel("The key").fill(KEY);
  await page.getByRole("button", { name: "Add a profile" }).click();
  await page.getByText("A key is kept").waitFor();
  await page.getByRole("button", { name: "List models" }).click();
  await page.getByText("The server has 1 model: test-model").waitFor();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await trialEnds(page, "done");
  await page.getByText("100 of 100").waitFor();
  assert.equal(await page.locator(".exercises li").count(), 8);
  assert.ok(!(await page.content()).includes(KEY));
  await page.reload();
  await page.getByText("100 of 100").waitFor();
  // Another server must not be sent the key that was given for this one.
  await page.getByLabel("Address").fill("http://localhost:9/v1");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("give the key anew").waitFor();
  assert.ok(!(await page.content()).includes(KEY));
  const profiles = join(home, "profiles.json");
  assert.match(await Deno.readTextFile(profiles), new RegExp(KEY));
  await page.getByRole("button", { name: "Remove mine" }).click();
  await page.getByText("“mine” is removed, with its key.").waitFor();
  assert.doesNotMatch(await Deno.readTextFile(profiles), new RegExp(KEY));
});

visitWithServer(
  "an MCP server from npm is pasted, tested, switched off and removed",
  async (scene) => {
    const { page } = scene;
    await signUp(scene);
    const { origin, home } = scene.server();
    const paste = async (value: unknown) => {
      await page.goto(`${origin}/settings/mcp`);
      await page.getByLabel("mcpServers JSON").fill(JSON.stringify(value));
      await page.getByRole("button", { name: "Add these servers" }).click();
    };
    const notes = {
      command: "npx",
      args: ["-y", NOTES_PACKAGE],
      env: { NOTES_TOKEN: TOKEN },
    };
    await paste({ mcpServers: { notes, "far away": { url: "https://example.org/mcp" } } });
    await page.getByText("Nothing was saved:").waitFor();
    await page.getByText("No MCP servers").waitFor();
    await paste({ mcpServers: { notes } });
    await page.getByText("Added: notes.").waitFor();
    await page.getByRole("link", { name: "notes" }).click();
    assert.ok(!(await page.content()).includes(TOKEN));
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await trialEnds(page, "done");
    await page.getByText("It started and listed").waitFor();
    await page.getByRole("cell", { name: "create_entities", exact: true }).waitFor();
    assert.ok(!(await page.content()).includes(TOKEN));
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved.").waitFor();
    const saved = () => Deno.readTextFile(join(home, "mcp.json")).then(JSON.parse);
    assert.deepEqual((await saved()).mcpServers, { notes });
    await page.goto(`${origin}/settings/mcp`);
    await page.getByRole("button", { name: "Switch off notes" }).click();
    await page.getByRole("button", { name: "Switch on notes" }).waitFor();
    assert.equal((await saved()).mcpServers.notes.disabled, true);
    await page.getByRole("link", { name: "notes" }).click();
    await page.getByRole("button", { name: "Remove notes" }).click();
    await page.getByText("“notes” is removed").waitFor();
    assert.deepEqual((await saved()).mcpServers, {});
  },
);
