import assert from "node:assert/strict";
import type { Agent } from "../../../schemas/package.ts";
import { composePrompt, nudge, type PromptParts } from "../../../runtime/run/prompt.ts";
import { describePersona } from "../../../runtime/package/describe_persona.ts";

const agent: Agent = {
  id: "writer",
  metadata: { name: "Nora", title: "Story Writer", icon: "✎" },
  persona: {
    role: "Writes user stories",
    identity: "Ten years in product teams",
    communication_style: "Short and warm",
    principles: ["One story, one outcome", "Facts before form"],
  },
  critical_actions: ["Read the template first"],
  userPromptTemplate: "You write for {{audience}}. Unknown: {{nothing}}",
};

const parts: PromptParts = {
  policy: {
    fsEnabled: true,
    maxReadBytes: 524_288,
    maxWriteBytes: 2_097_152,
    mcpEnabled: false,
    mcpServers: null,
    timeoutMs: 300_000,
  },
  agent,
  directive: {
    runType: "workflow",
    intent: "start",
    workflow: { id: "create-story", file: "@pkg/workflows/create-story/workflow.md" },
    state: "@state/workflow.md",
    graph: "@pkg/workflows/create-story/workflow.graph.json",
    artifactsRoot: "@project/artifacts",
    currentNodeId: "choose",
    effectiveAgentId: "writer",
    autopilot: false,
  },
  brief: {
    node: { id: "choose", type: "decision", title: "Choose a form" },
    stepFile: "@pkg/workflows/create-story/steps/choose.md",
    inputs: ["@project/artifacts/idea.md"],
    outputs: [],
    allowedNext: [
      { to: "short", label: "Short", isDefault: true },
      {
        to: "long",
        label: "Long",
        isDefault: false,
        conditionText: "over 5 points",
        conditionNow: true,
      },
    ],
  },
  summary: { variables: { audience: "nurses" }, stepsCompleted: ["idea"], artifacts: [] },
  userInput: { forNodeId: "choose", text: "Please {{audience}}\n  as is" },
};

/** Golden files: UPDATE_GOLDEN=1 rewrites them; a person reads the difference before committing. */
function assertGolden(name: string, actual: string): void {
  const path = new URL(`../../fixtures/prompts/${name}`, import.meta.url);
  if (Deno.env.get("UPDATE_GOLDEN")) Deno.writeTextFileSync(path, actual);
  assert.equal(actual, Deno.readTextFileSync(path));
}

function asText(value: PromptParts): string {
  return composePrompt(value).map(({ role, content }) => `===== ${role}\n${content}\n`).join("\n");
}

Deno.test("composePrompt() for a decision is what a model should read, word for word", () => {
  assertGolden("decision.txt", asText(parts));
});

Deno.test("composePrompt() for a step without agent, files and input is what a model should read", () => {
  const { agent: _agent, userInput: _input, ...rest } = parts;
  assertGolden(
    "step.txt",
    asText({
      ...rest,
      policy: { ...parts.policy, fsEnabled: false },
      brief: {
        ...parts.brief,
        node: { id: "idea", type: "step" },
        outputs: ["@project/artifacts/idea.md"],
        setsVariables: ["audience"],
        allowedNext: [{ to: "choose", label: "Next", isDefault: true }],
      },
    }),
  );
});

Deno.test("composePrompt() says which tools beyond files are switched on", () => {
  const { userInput: _input, ...rest } = parts;
  const policy = {
    ...parts.policy,
    csvEnabled: true,
    jsEnabled: true,
    terminalEnabled: true,
    terminalAllow: ["git status", "deno"],
    mcpEnabled: true,
  };
  const all = asText({ ...rest, policy });
  const alone = asText({ ...rest, policy: { ...policy, fsEnabled: false } });
  const [, policyOf = ""] = /(Tools:[^=]+)/.exec(all) ?? [];
  const [, withoutFiles = ""] = /(Tools:[^=]+)/.exec(alone) ?? [];
  assertGolden("tools.txt", `${policyOf}=====\n${withoutFiles}`);
});

Deno.test("composePrompt() names no tool that is switched off, and no program without a list", () => {
  assert.doesNotMatch(asText(parts), /csv_read|js_run|terminal_run|mcp__/);
  const terminal = { ...parts.policy, terminalEnabled: true };
  assert.match(asText({ ...parts, policy: terminal }), /runs no program/);
  const any = { ...terminal, terminalAllow: null };
  assert.match(asText({ ...parts, policy: any }), /runs any program/);
});

Deno.test("composePrompt() for an agent with skills lists them, and says which are active", () => {
  const skills = [
    { name: "read-tables", description: "Reads tables. Use it for CSV files." },
    { name: "weigh-words", description: "Two\nlines\u2028and\ttabs" },
  ];
  const none = asText({ ...parts, skills: { skills, active: { names: [], allowed: "x" } } });
  const allowed = "Until this node ends you may call: fs_read.";
  const one = asText({ ...parts, skills: { skills, active: { names: ["read-tables"], allowed } } });
  const [, listed = ""] = /(===== system\nSkills\n[^=]+)/.exec(none) ?? [];
  const [, active = ""] = /(===== system\nSkills\n[^=]+)/.exec(one) ?? [];
  assertGolden("skills.txt", `${listed}${active}`);
});

Deno.test("composePrompt() for an end node tells how to complete the workflow", () => {
  const text = asText({
    ...parts,
    brief: { ...parts.brief, node: { id: "end", type: "end" }, allowedNext: [] },
  });
  assert.match(
    text,
    /state_complete_node with \{\\"nodeId\\":\\"end\\"\}\. That completes the workflow/,
  );
});

Deno.test("composePrompt() fills the agent's template from variables and leaves unknown names", () => {
  assert.match(
    asText(parts),
    /You write for nurses\. Unknown: \{\{nothing\}\}\n\n===== user\nNODE_BRIEF/,
  );
});

Deno.test("composePrompt() passes the user's words on untouched", () => {
  assert.match(
    asText(parts),
    /USER_INPUT\nforNodeId: choose\n\nPlease \{\{audience\}\}\n {2}as is/,
  );
});

Deno.test("describePersona() prefers the agent's own system prompt", () => {
  assert.equal(describePersona({ ...agent, systemPrompt: "Be brief." }), "Be brief.");
});

Deno.test("nudge() names the node and the call that would finish it", () => {
  assert.match(nudge(parts.brief), /Node "choose" is not finished.*state_complete_node/);
});
