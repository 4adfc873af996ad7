// A package with one workflow of any size, with branches and loops, laid out in rows: for pictures and
// measurements. Deterministic.
import type { PackageFiles } from "../../../runtime/package/archive.ts";

const NODES_IN_ROW = 8;
const encoder = new TextEncoder();

/** How large the workflow is. */
export interface LargeSize {
  readonly nodes: number;
  /** At least `nodes - 1`; those beyond are branches and loops. */
  readonly edges: number;
}

/** The files of a valid package with a workflow `big` of this size. */
export function largePackage({ nodes, edges }: LargeSize): PackageFiles {
  const ids = Array.from({ length: nodes }, (_, index) => `node-${index + 1}`);
  const graph = {
    schemaVersion: "1.2",
    entryNodeId: ids[0],
    nodes: ids.map((id, index) => ({
      id,
      type: typeAt(index, nodes),
      file: `workflows/big/steps/${id}.md`,
      title: titleAt(index),
      agentId: "host",
    })),
    edges: edgesAmong(ids, edges),
    metadata: { layout: Object.fromEntries(ids.map((id, index) => [id, placeAt(index)])) },
  };
  const files = new Map<string, Uint8Array>();
  const write = (path: string, text: string) => files.set(path, encoder.encode(text));
  write("bmad.json", json(manifest()));
  write("agents.json", json(agents()));
  write("workflows/big/workflow.graph.json", json(graph));
  write("workflows/big/workflow.md", workflowText(ids));
  for (const node of graph.nodes) write(node.file, stepText(node.id, node.type, node.title));
  return files;
}

function typeAt(index: number, nodes: number): string {
  if (index === nodes - 1) return "end";
  return index % 5 === 1 ? "decision" : index % 7 === 3 ? "merge" : "step";
}

function titleAt(index: number): string {
  const titles = [
    "Gather the context",
    "Is it complete?",
    "Write a draft of the chapter",
    "Review",
  ];
  return `${titles[index % titles.length]} ${index + 1}`;
}

function placeAt(index: number): { x: number; y: number } {
  return { x: 60 + (index % NODES_IN_ROW) * 260, y: 60 + Math.floor(index / NODES_IN_ROW) * 130 };
}

function edgesAmong(ids: readonly string[], count: number) {
  const edges = ids.slice(1).map((to, index) => ({
    id: `e${index + 1}`,
    from: ids[index] as string,
    to,
    label: "next",
    isDefault: true,
  }));
  for (let extra = 0; edges.length < count; extra++) {
    const from = (extra * 7 + 1) % (ids.length - 1);
    const step = extra % 3 === 0 ? -2 : extra % 3 === 1 ? 2 : NODES_IN_ROW;
    const to = Math.min(ids.length - 1, Math.max(0, from + step));
    const label = `way ${extra + 1}`;
    const ends = { from: ids[from] as string, to: ids[to] as string };
    edges.push({ id: `x${extra + 1}`, ...ends, label, isDefault: false });
  }
  return edges;
}

function manifest() {
  const paths = {
    workflow: "workflows/big/workflow.md",
    graph: "workflows/big/workflow.graph.json",
  };
  return {
    schemaVersion: "1.2",
    name: "big",
    version: "1.0.0",
    entry: { ...paths, agents: "agents.json" },
    workflows: [{ id: "big", ...paths, displayName: "A big workflow" }],
  };
}

function agents() {
  const persona = {
    role: "Host",
    identity: "A patient host",
    communication_style: "Plain",
    principles: "Short sentences",
  };
  const metadata = { name: "Host", title: "Host", icon: "🙂" };
  return { schemaVersion: "1.2", agents: [{ id: "host", metadata, persona }] };
}

function workflowText(ids: readonly string[]): string {
  const index = ids.map((id, at) => `${at + 1}. [${titleAt(at)}](steps/${id}.md)`).join("\n");
  return `---
schemaVersion: "1.2"
workflowType: big
currentNodeId: ""
stepsCompleted: []
---

## Goal

To be large.

## Steps

${index}
`;
}

function stepText(id: string, type: string, title: string): string {
  return `---
schemaVersion: "1.2"
nodeId: ${id}
type: ${type}
title: ${JSON.stringify(title)}
agentId: host
---

## Goal

Say which step this is.

## Instructions

Write one line.
`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
