// A package made to be attacked: loops, a self-loop, two edges to one target, closed conditions, outputs
// whose path is a variable.
import { dirname, join } from "node:path";

const NODES = [
  { id: "start", type: "step", outputs: ["artifacts/start.md"] },
  { id: "fork", type: "decision" },
  { id: "left", type: "step", outputs: ["artifacts/{{name}}/left.md", "artifacts/left.md"] },
  { id: "right", type: "step", outputs: ["{{report}}"] },
  { id: "meet", type: "merge" },
  { id: "last", type: "step", outputs: ["artifacts/last.md"] },
  { id: "end", type: "end", outputs: ["artifacts/end.md"] },
];

const when = (name: string, value: unknown) => ({
  conditionText: `${name} is ${value}`,
  conditionExpr: { "==": [{ var: name }, value] },
});

const EDGES = [
  { from: "start", to: "fork", label: "begun" },
  { from: "fork", to: "right", label: "right", isDefault: true },
  { from: "fork", to: "left", label: "left" },
  { from: "fork", to: "left", label: "left by the back door" },
  { from: "fork", to: "fork", label: "think again" },
  { from: "fork", to: "end", label: "give up", ...when("gave_up", "yes") },
  { from: "left", to: "start", label: "again" },
  { from: "left", to: "meet", label: "on", isDefault: true },
  { from: "right", to: "right", label: "once more" },
  { from: "right", to: "meet", label: "on", isDefault: true },
  { from: "meet", to: "last", label: "met" },
  { from: "last", to: "end", label: "done", isDefault: true },
  { from: "last", to: "end", label: "done with doubts" },
];

/** Writes the package `maze` into a folder and returns the folder. */
export async function writeMaze(
  folder: string,
  { isBackDoorClosed }: { readonly isBackDoorClosed: boolean },
): Promise<string> {
  const edges = EDGES.map((edge) =>
    isBackDoorClosed && edge.label.endsWith("back door")
      ? { ...edge, ...when("key", "found") }
      : edge
  );
  for (const [path, content] of Object.entries(files(edges))) {
    const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
    await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
    await Deno.writeTextFile(join(folder, path), text);
  }
  return folder;
}

function files(edges: readonly unknown[]): Record<string, unknown> {
  const steps = NODES.map(({ id, ...node }) => [`steps/${id}.md`, stepFile(id, node)]);
  const nodes = NODES.map((node) => ({ ...node, file: `steps/${node.id}.md`, title: node.id }));
  return {
    "bmad.json": {
      schemaVersion: "1.1",
      name: "maze",
      version: "1.0.0",
      entry: { workflow: "workflow.md", graph: "workflow.graph.json", agents: "agents.json" },
    },
    "agents.json": {
      schemaVersion: "1.1",
      agents: [{
        id: "guide",
        metadata: { name: "Ada", title: "Guide", icon: "*" },
        persona: { role: "r", identity: "i", communication_style: "c", principles: "p" },
      }],
    },
    "workflow.graph.json": { schemaVersion: "1.1", entryNodeId: "start", nodes, edges },
    "workflow.md": WORKFLOW,
    ...Object.fromEntries(steps),
  };
}

function stepFile(
  id: string,
  { type, outputs = [] }: { type: string; outputs?: string[] },
): string {
  const front = { schemaVersion: "1.1", nodeId: id, type, title: id, outputs };
  const lines = Object.entries(front).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const sets = id === "start" ? "setsVariables: [name, report]\n" : "";
  return `---\n${
    lines.join("\n")
  }\n${sets}---\n## Goal\n\nGo on.\n\n## Instructions\n\n1. Go on.\n\n## Completion\n\nAlways.\n`;
}

const WORKFLOW = `---
schemaVersion: "1.1"
workflowType: maze
currentNodeId: ""
stepsCompleted: []
variables:
  name: ""
  report: ""
  key: ""
  gave_up: ""
decisionLog: []
artifacts: []
---
# Maze

Find the end.
`;
