import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readPackage } from "../../../runtime/package/load.ts";
import { startFromMenu } from "../../../runtime/run/menu_start.ts";

async function exampleAgent(name: string) {
  const dir = fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
  const { package: loaded } = await readPackage(dir);
  const agent = loaded?.agents[0];
  assert.ok(loaded && agent);
  return { loaded, agent };
}

Deno.test("startFromMenu() starts the workflow of a menu item and keeps no input for it", async () => {
  const { loaded, agent } = await exampleAgent("create-story");
  const { workflow, input } = startFromMenu(loaded, agent, "1");
  assert.equal(workflow.id, "create-story");
  assert.equal(input, undefined);
});

Deno.test("startFromMenu() tells words that are no menu item to the default workflow", async () => {
  const { loaded, agent } = await exampleAgent("create-story");
  const { workflow, input } = startFromMenu(loaded, agent, "Renewals for library members");
  assert.equal(workflow.id, "create-story");
  assert.equal(input, "Renewals for library members");
});

Deno.test("startFromMenu() says why an item starts nothing", async () => {
  const { loaded, agent } = await exampleAgent("create-story");
  const rows: [menu: Record<string, unknown>, message: RegExp][] = [
    [{ action: "Tell a joke" }, /"item" starts no workflow \(it leads to: instruction\)/],
    [{ workflow: "old.yaml" }, /crewagent import/],
    [{ workflow: "create-story", "validate-workflow": "none.md" }, /none\.md/],
  ];
  for (const [menu, message] of rows) {
    const item = { trigger: "item", description: "Item", ...menu };
    assert.throws(() => startFromMenu(loaded, { ...agent, menu: [item] }, "item"), {
      code: "ENGINE_PRECONDITION",
      message,
    });
  }
  assert.throws(() => startFromMenu(loaded, agent, "99"), { message: /Choose a number from 1 to/ });
});
