// The package "desk": every step calls a real MCP server, whose calls leave lines in files. And what the
// model does at each of its nodes.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PlannedCall, Round, Scene } from "./careful_model.ts";

const VERSION = "1.1";

/** The files the server appends to. */
export const DESK_PROJECT: Readonly<Record<string, string>> = { "in.txt": "", "out.txt": "" };

/** The configuration of the server; what it downloads or compiles is no matter of the run. */
export const DESK_SERVERS = {
  mcpServers: {
    desk: {
      command: Deno.execPath(),
      args: [
        ...["run", "--quiet", "--no-prompt", "--no-config", "--no-lock"],
        ...["--allow-read", "--allow-write"],
        fileURLToPath(new URL("../mcp_servers/appends.ts", import.meta.url)),
      ],
      env: { DENO_DIR: "/tmp/crewagent-desk-deno", NO_COLOR: "1" },
    },
  },
};

const NODES: readonly { readonly id: string; readonly type: string; readonly rounds: Round[] }[] = [
  {
    id: "letters",
    type: "step",
    rounds: [
      [append("in.txt", "letter one"), append("out.txt", "answer one")],
      [append("in.txt", "letter two")],
      [complete("letters", "stamps")],
    ],
  },
  {
    id: "stamps",
    type: "step",
    rounds: [
      [append("out.txt", "answer two")],
      [append("in.txt", "stamped"), complete("stamps", "gone")],
    ],
  },
  { id: "gone", type: "end", rounds: [[append("out.txt", "gone")], [complete("gone")]] },
];

/** The rounds of a node of the desk; none for nodes of others. */
export function deskRounds({ nodeId }: Scene): readonly Round[] {
  return NODES.find(({ id }) => id === nodeId)?.rounds ?? [];
}

/** Writes the package into a folder. */
export async function writeDeskPackage(dir: string): Promise<void> {
  const files: Record<string, string> = {
    "bmad.json": JSON.stringify({
      schemaVersion: VERSION,
      name: "desk",
      version: "1.0.0",
      entry: { workflow: "workflow.md", graph: "workflow.graph.json", agents: "agents.json" },
    }),
    "agents.json": JSON.stringify({
      schemaVersion: VERSION,
      agents: [{
        id: "clerk",
        metadata: { name: "Dora", title: "Clerk", icon: "📮" },
        persona: { role: "r", identity: "i", communication_style: "c", principles: "p" },
      }],
    }),
    "workflow.graph.json": JSON.stringify({
      schemaVersion: VERSION,
      entryNodeId: NODES[0]?.id,
      nodes: NODES.map(({ id, type }) => ({ id, type, file: `steps/${id}.md` })),
      edges: NODES.slice(1).map(({ id }, index) => ({
        from: NODES[index]?.id,
        to: id,
        label: "on",
      })),
    }),
    "workflow.md":
      `---\nschemaVersion: "${VERSION}"\nworkflowType: desk\nstepsCompleted: []\ncurrentNodeId: ''\n---\n# Desk\n`,
  };
  for (const { id, type } of NODES) {
    files[`steps/${id}.md`] =
      `---\nschemaVersion: "${VERSION}"\nnodeId: ${id}\ntype: ${type}\n---\n## Goal\n\nWork.\n\n## Instructions\n\n1. Work.\n`;
  }
  await Deno.mkdir(join(dir, "steps"), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(dir, path), text);
  }
}

function append(file: string, text: string): PlannedCall {
  const args = { path: `@project/${file}`, text };
  return { tool: "mcp__desk__append", args, evidence: text };
}

function complete(nodeId: string, next?: string): PlannedCall {
  return { tool: "state_complete_node", args: { nodeId, ...(next !== undefined && { next }) } };
}
