// The package "ledger": made to use every tool and every kind of node. Its steps are played by
// `ledger_script.ts`; a subworkflow of it is called "audit".
import { dirname, join } from "node:path";
import type { NodeType } from "../../schemas/package.ts";

interface Node {
  readonly id: string;
  readonly type: NodeType;
  readonly next: readonly Edge[];
  readonly outputs?: readonly string[];
}

interface Edge {
  readonly to: string;
  readonly label: string;
  readonly isDefault?: boolean;
}

const VERSION = "1.2";

const LEDGER: readonly Node[] = [
  {
    id: "open",
    type: "step",
    next: [{ to: "entry", label: "opened" }],
    outputs: ["artifacts/ledger.md", "artifacts/report.md"],
  },
  { id: "entry", type: "step", next: [{ to: "more", label: "entered" }] },
  {
    id: "more",
    type: "decision",
    next: [
      { to: "entry", label: "another" },
      { to: "weigh", label: "enough", isDefault: true },
    ],
  },
  {
    id: "weigh",
    type: "decision",
    next: [{ to: "short", label: "short" }, { to: "long", label: "long", isDefault: true }],
  },
  { id: "short", type: "step", next: [{ to: "join", label: "short written" }] },
  { id: "long", type: "step", next: [{ to: "join", label: "long written" }] },
  { id: "join", type: "merge", next: [{ to: "audit", label: "written" }] },
  { id: "audit", type: "subworkflow", next: [{ to: "close", label: "audited" }] },
  { id: "close", type: "step", next: [{ to: "done", label: "closed" }] },
  { id: "done", type: "end", next: [] },
];

const AUDIT: readonly Node[] = [
  { id: "check", type: "step", next: [{ to: "mend", label: "checked" }] },
  {
    id: "mend",
    type: "step",
    next: [{ to: "audited", label: "mended" }],
    outputs: ["artifacts/report.md"],
  },
  { id: "audited", type: "end", next: [] },
];

const WORKFLOWS = { ledger: LEDGER, audit: AUDIT };

const AGENTS = {
  schemaVersion: VERSION,
  agents: [{
    id: "clerk",
    metadata: { name: "Cleo", title: "Clerk", icon: "📒" },
    persona: {
      role: "Clerk who keeps a ledger.",
      identity: "Has never lost a line nor written one twice.",
      communication_style: "Brief.",
      principles: ["Every line once."],
    },
    menu: [{ trigger: "ledger", description: "[LE] Keep a ledger", workflow: "ledger" }],
  }],
};

/** Writes the package into a folder. */
export async function writeLedgerPackage(dir: string): Promise<void> {
  const ids = Object.keys(WORKFLOWS);
  const manifest = {
    schemaVersion: VERSION,
    name: "ledger",
    version: "1.0.0",
    description: "Keeps a ledger, to be killed while it does.",
    author: "CrewAgent",
    entry: { ...filesOf("ledger"), agents: "agents.json" },
    workflows: ids.map((id) => ({
      id,
      ...filesOf(id),
      displayName: id,
      description: `The ${id}.`,
    })),
  };
  const files: Record<string, string> = {
    "bmad.json": JSON.stringify(manifest, null, 2),
    "agents.json": JSON.stringify(AGENTS, null, 2),
  };
  for (const [id, nodes] of Object.entries(WORKFLOWS)) {
    files[filesOf(id).workflow] = workflowDocument(id, nodes);
    files[filesOf(id).graph] = JSON.stringify(graphOf(id, nodes), null, 2);
    for (const node of nodes) files[stepFile(id, node)] = stepDocument(node);
  }
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(dir, path)), { recursive: true });
    await Deno.writeTextFile(join(dir, path), text);
  }
}

/** The project that the ledger begins with. */
export const LEDGER_PROJECT: Readonly<Record<string, string>> = {
  "notes.md": "# Notes\n\nThe total is open.\nNobody has looked yet.\n\nThe end.\n",
  "counter.txt": "count = 0\n",
  "journal.txt": "",
  "second.txt": "",
};

function filesOf(id: string): { workflow: string; graph: string } {
  return { workflow: `workflows/${id}/workflow.md`, graph: `workflows/${id}/workflow.graph.json` };
}

function stepFile(workflowId: string, { id }: Node): string {
  return `workflows/${workflowId}/steps/${id}.md`;
}

function graphOf(workflowId: string, nodes: readonly Node[]) {
  return {
    schemaVersion: VERSION,
    entryNodeId: nodes[0]?.id,
    nodes: nodes.map((node) => ({
      id: node.id,
      type: node.type,
      file: stepFile(workflowId, node),
      title: node.id,
      description: `The node ${node.id}.`,
      agentId: "clerk",
      ...(node.outputs && { outputs: node.outputs }),
      ...(node.type === "subworkflow" && { subworkflowRef: node.id, passContext: true }),
    })),
    edges: nodes.flatMap(({ id, next }) => next.map((edge) => ({ from: id, ...edge }))),
  };
}

function workflowDocument(id: string, nodes: readonly Node[]): string {
  const steps = nodes.map((node, index) => `${index + 1}. [${node.id}](steps/${node.id}.md)`);
  return `---
schemaVersion: "${VERSION}"
workflowType: ${id}
currentNodeId: ""
stepsCompleted: []
variables: {}
decisionLog: []
artifacts: []
---

# ${id}

## Steps

${steps.join("\n")}
`;
}

/** JSON is YAML, so lists are written as JSON. */
function stepDocument({ id, type, next, outputs = [] }: Node): string {
  return `---
schemaVersion: "${VERSION}"
nodeId: ${id}
type: ${type}
title: ${id}
agentId: clerk
inputs: []
outputs: ${JSON.stringify(outputs)}
setsVariables: []
transitions: ${JSON.stringify(next)}
---

# ${id}

## Goal

The node ${id} is done.

## Instructions

1. Do what is to be done.

## Completion

It is done.
`;
}
