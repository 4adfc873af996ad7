// The form of an agent: lists, tools, unknown keys, and what the model is told.
import assert from "node:assert/strict";
import { fileHash } from "../../../builder/edit/file_edits.ts";
import type { Draft } from "../../../builder/edit/draft.ts";
import { change, formOf, HTMX, type Scene, withPackage } from "./filled_form.ts";

const agentIn = (draft: Draft) => {
  const text = new TextDecoder().decode(draft.files.get("agents.json"));
  return JSON.parse(text).agents[0];
};

/** Puts keys that no form knows into the agent. */
async function withUnknownKeys({ browser, base, draft }: Scene): Promise<void> {
  const bytes = (await draft()).files.get("agents.json") ?? new Uint8Array();
  const document = JSON.parse(new TextDecoder().decode(bytes));
  document.schemaVersion = "1.2";
  document.agents[0].menu = [
    { description: "First", "x-first": { deep: [1, 2] }, trigger: "f" },
    { description: "Second", "x-second": true },
  ];
  document.agents[0].skills = { "x-skills": 1, capabilities: { "x-cap": { enabled: true } } };
  const fields = { text: JSON.stringify(document, null, 2), baseSha256: fileHash(bytes) };
  assert.equal((await browser.post(`${base}/files/agents.json`, fields)).status, 303);
}

Deno.test("postAgent() changes metadata, persona and tools, and the rest stays as it was", async () => {
  await withPackage(async ({ browser, base, agentId, draft }) => {
    const path = `${base}/agents/${agentId}`;
    const before = agentIn(await draft());
    const response = await change(browser, path, {
      "metadata.title": "Editor",
      "persona.role": "Edits what others wrote.",
      "tools.fs.maxReadBytes": "2000",
      "tools.terminal.enabled": "on",
      "tools.terminal.allow": "git status\nls",
      discussion: "on",
    });
    assert.equal(response.status, 200);
    const page = await response.text();
    assert.match(page, /id="agent-preview"[^>]*hx-swap-oob="true"/);
    assert.match(page, /Role: Edits what others wrote\./);
    assert.match(page, /One read returns at most 2000 bytes/);
    const after = agentIn(await draft());
    assert.equal(after.metadata.title, "Editor");
    assert.equal(after.metadata.name, before.metadata.name);
    assert.deepEqual(after.persona, { ...before.persona, role: "Edits what others wrote." });
    assert.equal(after.discussion, true);
    assert.equal(after.tools.fs.maxReadBytes, 2000);
    assert.deepEqual(after.tools.terminal, { enabled: true, allow: ["git status", "ls"] });
  });
});

Deno.test("postAgent() adds, moves and removes items of its lists by buttons", async () => {
  await withPackage(async ({ browser, base, agentId, draft }) => {
    const path = `${base}/agents/${agentId}`;
    await change(browser, path, { op: "prompts add" });
    await change(browser, path, { op: "prompts add" });
    await change(browser, path, { "prompts.1.content": "Ask again." });
    await change(browser, path, { op: "prompts up 1" });
    await change(browser, path, { op: "prompts remove 1" });
    const [only, ...others] = agentIn(await draft()).prompts;
    assert.deepEqual(only, { id: "prompt-2", content: "Ask again." });
    assert.equal(others.length, 0);
    await change(browser, path, { op: "critical_actions add" });
    await change(browser, path, { "critical_actions.0.text": "Read first.\nThen write." });
    assert.deepEqual(agentIn(await draft()).critical_actions, ["Read first.\nThen write."]);
    await change(browser, path, { op: "conversational_knowledge add" });
    await change(browser, path, { "conversational_knowledge.0.more": '{"topic": "cats"}' });
    assert.deepEqual(agentIn(await draft()).conversational_knowledge, [{ topic: "cats" }]);
  });
});

Deno.test("postAgent() keeps keys that no form knows, also where items change places", async () => {
  await withPackage(async (scene) => {
    await withUnknownKeys(scene);
    const { browser, base, agentId, draft } = scene;
    const path = `${base}/agents/${agentId}`;
    assert.equal(
      JSON.parse((await formOf(browser, path))["menu.0.more"] ?? "")["x-first"].deep[1],
      2,
    );
    await change(browser, path, { op: "menu down 0" });
    await change(browser, path, { "menu.1.description": "First, moved" });
    await change(browser, path, { "skills.capabilities.filesystem.enabled": "on", webskip: "on" });
    const agent = agentIn(await draft());
    assert.deepEqual(agent.menu, [
      { description: "Second", "x-second": true },
      { description: "First, moved", "x-first": { deep: [1, 2] }, trigger: "f" },
    ]);
    assert.deepEqual(agent.skills, {
      "x-skills": 1,
      capabilities: { "x-cap": { enabled: true } },
    });
  });
});

Deno.test("postAgent() keeps a refused text in the field with the rule beside it", async () => {
  await withPackage(async ({ browser, base, agentId, draft }) => {
    const path = `${base}/agents/${agentId}`;
    await change(browser, path, { op: "menu add" });
    const refused = await change(browser, path, { "menu.0.action": "#nowhere" });
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /note-menu"[\s\S]*?#nowhere/);
    assert.equal(agentIn(await draft()).menu[0].action, undefined);
    const faulty = await change(browser, path, { "menu.0.triggers": "[1]" });
    assert.match(await faulty.text(), /note-menu-0-triggers"[\s\S]*?list of objects/);
    const empty = await change(browser, path, { "metadata.name": "" });
    assert.equal(empty.status, 422);
    assert.notEqual(agentIn(await draft()).metadata.name, undefined);
  });
});

Deno.test("postStep() takes back the last change of an agent, and says which", async () => {
  await withPackage(async ({ browser, base, agentId, draft }) => {
    const path = `${base}/agents/${agentId}`;
    const before = agentIn(await draft()).metadata.name;
    await change(browser, path, { "metadata.name": "Someone else" });
    const fields = { direction: "undo", scope: `agent:${agentId}`, then: path };
    const response = await browser.post(`${base}/step`, fields);
    assert.equal(response.status, 303);
    assert.match(response.headers.get("location") ?? "", /\?done=Undo/);
    assert.equal(agentIn(await draft()).metadata.name, before);
    assert.equal((await browser.post(`${base}/step`, { ...fields, scope: "x" }, HTMX)).status, 400);
  });
});
