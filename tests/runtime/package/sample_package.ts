// Packages for tests, as paths and texts: small valid ones to break, and one of any size to measure.

/** Package-relative path → text. */
export type Texts = Record<string, string>;

const AGENT = {
  id: "ann",
  metadata: { name: "Ann", title: "Analyst", icon: "A" },
  persona: { role: "r", identity: "i", communication_style: "c", principles: ["p"] },
  prompts: [{ id: "hello", content: "Say hello." }],
  menu: [
    { trigger: "go", description: "Go", workflow: "main" },
    { trigger: "hi", description: "Hi", action: "#hello" },
    { trigger: "do", description: "Do", exec: "assets/do.md" },
  ],
};

const ENTRY = {
  workflow: "workflows/main/workflow.md",
  graph: "workflows/main/workflow.graph.json",
};

/** A valid package of form B, version 1.2: step → decision → step or end; one called workflow. */
export function samplePackage(): Texts {
  const side = "workflows/side/";
  return {
    "bmad.json": json({
      schemaVersion: "1.2",
      name: "sample",
      version: "1.0.0",
      entry: { ...ENTRY, agents: "agents.json" },
      workflows: [
        { id: "main", ...ENTRY },
        { id: "side", workflow: `${side}workflow.md`, graph: `${side}workflow.graph.json` },
      ],
    }),
    "agents.json": json({ schemaVersion: "1.2", agents: [AGENT] }),
    "assets/do.md": "# Do\n",
    "workflows/main/workflow.md": workflowText("main", "1. [Plan](steps/plan.md)\n"),
    "workflows/main/workflow.graph.json": json({
      schemaVersion: "1.2",
      entryNodeId: "plan",
      nodes: [
        node("main", "plan", "step"),
        node("main", "choose", "decision"),
        { ...node("main", "call", "subworkflow"), subworkflowRef: "side" },
        node("main", "done", "end"),
      ],
      edges: [
        { from: "plan", to: "choose", label: "planned" },
        { from: "choose", to: "call", label: "more" },
        { from: "choose", to: "done", label: "enough", isDefault: true },
        { from: "call", to: "choose", label: "back" },
      ],
    }),
    "workflows/main/steps/plan.md": stepText("plan", "step"),
    "workflows/main/steps/choose.md": stepText("choose", "decision"),
    "workflows/main/steps/call.md": stepText("call", "subworkflow"),
    "workflows/main/steps/done.md": stepText("done", "end"),
    [`${side}workflow.md`]: workflowText("side", ""),
    [`${side}workflow.graph.json`]: json({
      schemaVersion: "1.2",
      entryNodeId: "only",
      nodes: [node("side", "only", "end")],
      edges: [],
    }),
    [`${side}steps/only.md`]: stepText("only", "end"),
  };
}

/** A valid package of form A, version 1.1: one step, one end, at the root. */
export function formAPackage(): Texts {
  const { menu: _, ...agent } = AGENT;
  return {
    "bmad.json": json({
      schemaVersion: "1.1",
      name: "small",
      version: "1.0.0",
      entry: { workflow: "workflow.md", graph: "workflow.graph.json", agents: "agents.json" },
    }),
    "agents.json": json({ schemaVersion: "1.1", agents: [agent] }),
    "workflow.md": workflowText("small", ""),
    "workflow.graph.json": json({
      schemaVersion: "1.1",
      entryNodeId: "one",
      nodes: [
        { id: "one", type: "step", file: "steps/one.md", agentId: "ann" },
        { id: "two", type: "end", file: "steps/two.md" },
      ],
      edges: [{ from: "one", to: "two", label: "done" }],
    }),
    "steps/one.md": stepText("one", "step"),
    "steps/two.md": stepText("two", "end"),
  };
}

/** A valid package of `nodeCount` nodes and about 1.5 edges a node: a chain with loops back. */
export function largePackage(nodeCount: number): Texts {
  const texts = formAPackage();
  const nodes: unknown[] = [];
  const edges: unknown[] = [];
  for (let index = 0; index < nodeCount; index++) {
    const type = index === nodeCount - 1 ? "end" : index % 2 === 1 ? "decision" : "step";
    const id = `node-${index}`;
    const file = `steps/${id}.md`;
    nodes.push({ id, type, file, title: `Node ${index}`, agentId: "ann" });
    const transitions: Transition[] = [];
    if (type !== "end") {
      transitions.push({ to: `node-${index + 1}`, label: "next", isDefault: true });
    }
    if (type === "decision") {
      transitions.push({ to: `node-${Math.max(0, index - 9)}`, label: "again" });
    }
    for (const transition of transitions) edges.push({ from: id, ...transition });
    texts[file] = largeStep(id, type, transitions);
  }
  texts["workflow.graph.json"] = json({
    schemaVersion: "1.1",
    entryNodeId: "node-0",
    nodes,
    edges,
  });
  delete texts["steps/one.md"];
  delete texts["steps/two.md"];
  return texts;
}

interface Transition {
  readonly to: string;
  readonly label: string;
  readonly isDefault?: boolean;
}

function largeStep(id: string, type: string, transitions: readonly Transition[]): string {
  const list = transitions.map(({ to, label, isDefault }) =>
    `  - to: ${to}\n    label: ${label}\n${isDefault ? "    isDefault: true\n" : ""}`
  );
  return `---
schemaVersion: "1.1"
nodeId: ${id}
type: ${type}
title: ${id.replace("node-", "Node ")}
agentId: ann
inputs:
  - artifacts/{{topic}}/in.md
outputs:
  - artifacts/{{topic}}/out.md
setsVariables: []
transitions:${list.length === 0 ? " []" : ""}
${list.join("")}---

# ${id}

## Goal

A result that the next node can work with.

## Instructions

1. Read \`artifacts/{{topic}}/in.md\` and think about what it leaves open.
2. Write \`artifacts/{{topic}}/out.md\` with \`fs.write\`.

## Completion

The file exists. Call \`state.complete_node\`.
`;
}

/** Writes texts as a folder; the caller removes it. */
export async function writeTexts(dir: string, texts: Texts): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    const file = `${dir}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
}

/** The texts as bytes, as readers and writers of packages take them. */
export function asFiles(texts: Texts): Map<string, Uint8Array> {
  const encoder = new TextEncoder();
  return new Map(Object.entries(texts).map(([path, text]) => [path, encoder.encode(text)]));
}

/** Front matter and body of a `workflow.md` with these lines below `## Steps`. */
export function workflowText(workflowType: string, steps: string): string {
  return `---
schemaVersion: "1.1"
workflowType: ${workflowType}
currentNodeId: ""
stepsCompleted: []
---

# ${workflowType}

## Steps

${steps}`;
}

/** A step file without anything optional. */
export function stepText(nodeId: string, type: string): string {
  return `---
schemaVersion: "1.1"
nodeId: ${nodeId}
type: ${type}
---

# ${nodeId}

## Goal

Something done.

## Instructions

1. Do it.
`;
}

function node(workflow: string, id: string, type: string) {
  return { id, type, file: `workflows/${workflow}/steps/${id}.md`, agentId: "ann" };
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** A SKILL.md with these further lines in its head. */
export function skillText(name: string, ...head: readonly string[]): string {
  const lines = ["---", `name: ${name}`, "description: Reads tables.", ...head, "---"];
  return `${lines.join("\n")}\n# ${name}\n\nDo it well.\n`;
}
