import assert from "node:assert/strict";
import type { Agent } from "../../../schemas/package.ts";
import { type MenuContext, type MenuRoute, routeMenuInput } from "../../../runtime/run/menu.ts";
import { visibleMenu } from "../../../runtime/run/menu_match.ts";

const agent: Agent = {
  id: "pm",
  metadata: { name: "John", title: "Product Manager", icon: "📋" },
  persona: { role: "r", identity: "i", communication_style: "c", principles: "p" },
  prompts: [{ id: "retro", content: "Look back" }],
  menu: [
    { trigger: "create-story", description: "[CS] Create a user story", workflow: "create-story" },
    {
      trigger: "*review",
      description: "[RV] Review the draft",
      workflow: "review-loop",
      data: "a.csv",
    },
    {
      description: "Hidden in a browser",
      trigger: "ide-thing",
      workflow: "create-story",
      "ide-only": true,
    },
    { trigger: "retro", description: "Hold a retrospective", action: "#retro" },
    { trigger: "lost", description: "Lost prompt", action: "#nothing" },
    { trigger: "tip", description: "Give a tip", action: "Give one tip on planning" },
    { trigger: "menu", description: "Show this list", action: "menu.show" },
    { trigger: "exit", description: "Dismiss the agent", action: "agent.dismiss" },
    { trigger: "classic", description: "Old flow", workflow: "{project-root}/bmad/workflow.yaml" },
    { trigger: "old", description: "Older flow", workflow: "flows/old.xml" },
    { trigger: "file", description: "By file", workflow: "workflows/x/workflow.md" },
    {
      trigger: "gone",
      description: "By a file that is gone",
      workflow: "workflows/gone/workflow.md",
    },
    { trigger: "unknown", description: "Not there", workflow: "nowhere" },
    { trigger: "run-file", description: "Run a workflow file", exec: "workflows/x/workflow.md" },
    {
      trigger: "script",
      description: "Run a script",
      exec: "assets/script.md",
      data: "assets/d.json",
    },
    {
      trigger: "checked",
      description: "Needs files",
      workflow: "create-story",
      "validate-workflow": "a.md, b.md",
    },
    {
      trigger: "party",
      cmd: "celebrate",
      description: "Party mode",
      action: "Party",
      triggers: [
        { type: "alias", match: "fiesta" },
        {
          type: "handler",
          match: "quiet party",
          description: "A quiet one",
          action: "Party quietly",
        },
      ],
    },
    { trigger: "note-one", description: "Take a note", action: "Note 1" },
    { trigger: "note-two", description: "Take another note", action: "Note 2" },
    { trigger: "empty", description: "Does nothing yet" },
  ],
};

const context: MenuContext = {
  activeRun: false,
  workflowIds: ["create-story", "review-loop"],
  fileExists: (path) => ["workflows/x/workflow.md", "a.md"].includes(path),
};

const story: MenuRoute = { kind: "workflow", workflow: { id: "create-story" } };
const review: MenuRoute = { kind: "workflow", workflow: { id: "review-loop" }, data: "a.csv" };
const party: MenuRoute = { kind: "instruction", text: "Party" };

Deno.test("routeMenuInput() routes every kind of input", () => {
  const rows: [input: string, route: Partial<MenuRoute> & { kind: MenuRoute["kind"] }][] = [
    ["", { kind: "show-menu" }],
    ["   ", { kind: "show-menu" }],
    ["*", { kind: "show-menu" }],
    ["1", story],
    ["01", story],
    [" 1 ", story],
    ["*1", story],
    ["2", review],
    ["3", { kind: "prompt", promptId: "retro" }],
    ["0", { kind: "clarify", message: "Choose a number from 1 to 19" }],
    ["20", { kind: "clarify", message: "Choose a number from 1 to 19" }],
    ["99999999999999999999", { kind: "clarify", message: "Choose a number from 1 to 19" }],
    ["-1", { kind: "chat", text: "-1" }],
    ["1.5", { kind: "chat", text: "1.5" }],
    ["create-story", story],
    ["*create-story", story],
    ["* create-story", story],
    ["**create-story", { kind: "chat", text: "**create-story" }],
    ["CREATE-STORY", story],
    ["  Create-Story  ", story],
    ["cs", story],
    ["CS", story],
    ["[CS]", { kind: "workflow" }],
    ["rv", review],
    ["review", review],
    ["*review", review],
    ["retro", { kind: "prompt", promptId: "retro" }],
    ["lost", {
      kind: "clarify",
      message: 'The menu names the prompt "#nothing", which this agent lacks',
    }],
    ["tip", { kind: "instruction", text: "Give one tip on planning" }],
    ["menu", { kind: "builtin", name: "menu.show" }],
    ["exit", { kind: "builtin", name: "agent.dismiss" }],
    ["classic", { kind: "not-supported", code: "NotSupportedClassicWorkflow" }],
    ["old", { kind: "not-supported", code: "NotSupportedClassicWorkflow" }],
    ["file", { kind: "workflow", workflow: { path: "workflows/x/workflow.md" } }],
    ["gone", { kind: "clarify" }],
    ["unknown", { kind: "clarify" }],
    ["run-file", { kind: "workflow", workflow: { path: "workflows/x/workflow.md" } }],
    ["script", { kind: "script", path: "assets/script.md", data: "assets/d.json" }],
    ["checked", { kind: "missing-files", paths: ["b.md"] }],
    ["party", party],
    ["celebrate", party],
    ["fiesta", party],
    ["FIESTA", party],
    ["quiet party", { kind: "instruction", text: "Party quietly" }],
    ["quiet", { kind: "instruction", text: "Party quietly" }],
    ["empty", { kind: "chat", text: "Does nothing yet" }],
    ["ide-thing", { kind: "chat", text: "ide-thing" }],
    ["user story", story],
    ["retrospective", { kind: "prompt", promptId: "retro" }],
    ["retrospect", { kind: "prompt", promptId: "retro" }],
    ["draft", review],
    ["story", story],
    ["cele", party],
    ["note", { kind: "clarify", message: "Which of these do you mean?" }],
    ["another note", { kind: "instruction", text: "Note 2" }],
    ["note-two", { kind: "instruction", text: "Note 2" }],
    ["a", { kind: "chat", text: "a" }],
    ["hello there", { kind: "chat", text: "hello there" }],
    ["please write me a story about rain", { kind: "chat" }],
    ["¿qué?", { kind: "chat", text: "¿qué?" }],
    ["你好", { kind: "chat", text: "你好" }],
    ["/menu", { kind: "chat", text: "/menu" }],
    ["__proto__", { kind: "chat", text: "__proto__" }],
    [".*", { kind: "chat", text: ".*" }],
    ["(", { kind: "chat", text: "(" }],
  ];
  for (const [input, expected] of rows) {
    const route = routeMenuInput(agent, input, context) as Record<string, unknown>;
    for (const [key, value] of Object.entries(expected)) {
      assert.deepEqual(route[key], value, `${JSON.stringify(input)}: ${JSON.stringify(route)}`);
    }
  }
});

Deno.test("routeMenuInput() offers the candidates where several fit", () => {
  const route = routeMenuInput(agent, "note", context);
  assert.ok(route.kind === "clarify");
  assert.deepEqual(route.choices.map(({ item }) => item.trigger), ["note-one", "note-two"]);
});

Deno.test("routeMenuInput() sends input to an active run and understands its commands", () => {
  const rows: [input: string, route: MenuRoute][] = [
    ["1", { kind: "run-input", text: "1" }],
    ["create-story", { kind: "run-input", text: "create-story" }],
    ["  keep my spaces ", { kind: "run-input", text: "  keep my spaces " }],
    ["/menu", { kind: "run-command", name: "menu" }],
    ["*menu", { kind: "run-command", name: "menu" }],
    [" /PAUSE ", { kind: "run-command", name: "pause" }],
    ["/stop", { kind: "run-command", name: "stop" }],
    ["*resume", { kind: "run-command", name: "resume" }],
    ["/dismiss", { kind: "run-command", name: "dismiss" }],
    ["/stop now", { kind: "run-input", text: "/stop now" }],
    ["/unknown", { kind: "run-input", text: "/unknown" }],
  ];
  for (const [input, route] of rows) {
    assert.deepEqual(routeMenuInput(agent, input, { ...context, activeRun: true }), route);
  }
});

Deno.test("routeMenuInput() says so where an agent has no menu", () => {
  const { menu: _menu, ...bare } = agent;
  assert.deepEqual(routeMenuInput(bare, "1", context), {
    kind: "clarify",
    message: "This agent has no menu; write what you want",
    choices: [],
  });
  assert.deepEqual(routeMenuInput(bare, "hi", context), { kind: "chat", text: "hi" });
});

Deno.test("visibleMenu() numbers what is shown and hides what belongs to an IDE", () => {
  const menu = visibleMenu(agent);
  assert.equal(menu.length, 19);
  assert.deepEqual(menu.map(({ number }) => number), menu.map((_, index) => index + 1));
  assert.ok(menu.every(({ item }) => item["ide-only"] !== true));
});
