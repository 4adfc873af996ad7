import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readPackage } from "../../../runtime/package/load.ts";
import { menuPlaces } from "../../../runtime/run/menu_path.ts";
import { startFromMenu } from "../../../runtime/run/menu_start.ts";

async function exampleAgent(name: string) {
  const dir = fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
  const { package: loaded } = await readPackage(dir);
  const agent = loaded?.agents[0];
  assert.ok(loaded && agent);
  const start = (input: string, menu = agent.menu ?? [], files: readonly string[] = []) =>
    startFromMenu(loaded, { ...agent, menu }, {
      input,
      fileExists: (path) => files.includes(path) || loaded.files.has(path.replace(/^@pkg\//, "")),
    });
  return { agent, start };
}

Deno.test("startFromMenu() starts the workflow of a menu item", async () => {
  const { start } = await exampleAgent("create-story");
  const begun = start("1");
  assert.equal(begun.kind === "workflow" && begun.workflow.id, "create-story");
});

Deno.test("startFromMenu() begins a chat with words that are no menu item", async () => {
  const { start } = await exampleAgent("create-story");
  assert.deepEqual(start("Renewals for library members"), {
    kind: "chat",
    talk: { runType: "chat" },
    input: "Renewals for library members",
  });
});

Deno.test("startFromMenu() takes an action as it is and names it by its first words", async () => {
  const { start } = await exampleAgent("create-story");
  const action = `Tell ${"a long ".repeat(20)}joke\nabout moons`;
  const begun = start("item", [{ trigger: "item", description: "Item", action }]);
  assert.equal(begun.kind === "prompt" && begun.text, action);
  assert.equal(begun.kind === "prompt" && begun.title.length, 60);
});

Deno.test("startFromMenu() says why an item starts nothing", async () => {
  const { start } = await exampleAgent("create-story");
  const rows: [menu: Record<string, unknown>, code: string, message: RegExp][] = [
    [{ workflow: "old.yaml" }, "ENGINE_PRECONDITION", /crewagent import/],
    [{ exec: "none.md" }, "ENGINE_PRECONDITION", /script "none\.md"/],
    [{ exec: "x/workflow.md" }, "ENGINE_PRECONDITION", /workflow "x\/workflow\.md"/],
    [{ action: "Go", data: "none.csv" }, "ENGINE_PRECONDITION", /data file "none\.csv"/],
    [{ action: "#none" }, "MENU_UNCLEAR", /#none/],
    [{ action: "menu.show" }, "MENU_BUILTIN", /The menu; 1\. Item/],
    [
      { workflow: "create-story", "validate-workflow": "none.md" },
      "ENGINE_PRECONDITION",
      /none\.md/,
    ],
  ];
  for (const [item, code, message] of rows) {
    const menu = [{ trigger: "item", description: "Item", ...item }];
    assert.throws(() => start("item", menu), { code, message }, JSON.stringify(item));
  }
  assert.throws(() => start("99"), { message: /Choose a number from 1 to/ });
});

Deno.test("startFromMenu() offers words that pick each choice, also of two handlers of one item", async () => {
  const { start } = await exampleAgent("create-story");
  const handlers = ["draft plan", "final plan"].map((match) => ({
    type: "handler",
    match,
    description: `Make the ${match}`,
    action: match,
  }));
  const menu = [{ description: "Planning", triggers: handlers }];
  let choices: { says: string }[] = [];
  assert.throws(() => start("plan", menu), (thrown: { details: { choices: typeof choices } }) => {
    choices = thrown.details.choices;
    return true;
  });
  const picked = choices.map(({ says }) => start(says, menu));
  assert.deepEqual(picked.map((begun) => begun.kind === "prompt" && begun.text), [
    "draft plan",
    "final plan",
  ]);
});

Deno.test("menuPlaces() fills templates and tries the package before the project", () => {
  const rows: [path: string, places: string[]][] = [
    ["{project-root}/docs/a.md", ["@project/docs/a.md"]],
    ["{artifacts-root}/a.md", ["@project/artifacts/a.md"]],
    ["{package-root}/a.md", ["@pkg/a.md"]],
    ["@pkg/a.md", ["@pkg/a.md"]],
    ["artifacts/a.md", ["@project/artifacts/a.md"]],
    ["./assets/a.md", ["@pkg/assets/a.md", "@project/assets/a.md"]],
    [" {other}/a.md ", ["@pkg/{other}/a.md", "@project/{other}/a.md"]],
  ];
  for (const [path, places] of rows) assert.deepEqual(menuPlaces(path), places, path);
});
