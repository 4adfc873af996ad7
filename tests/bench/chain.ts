// A package that is one long chain of steps, and a model that works through it: in each node it writes
// and reads eight times, then goes on.
import { join } from "node:path";
import { startModelServer } from "../model_server/model_server.ts";
import type { Reply } from "../model_server/script.ts";

const WRITES_A_NODE = 8;

/** Writes the package into a new folder and returns the folder. */
export async function makeChain(dir: string, length: number): Promise<string> {
  const ids = Array.from({ length }, (_, index) => `step-${index}`);
  const nodes = [...ids.map((id) => ({ id, type: "step" })), { id: "end", type: "end" }];
  const edges = ids.map((from, index) => ({ from, to: nodes[index + 1]?.id, label: "on" }));
  const schemaVersion = "1.1";
  const persona = { role: "r", identity: "i", communication_style: "c", principles: "p" };
  const metadata = { name: "n", title: "t", icon: "i" };
  await Deno.mkdir(join(dir, "steps"), { recursive: true });
  const write = (path: string, value: unknown) =>
    Deno.writeTextFile(
      join(dir, path),
      typeof value === "string" ? value : JSON.stringify(value),
    );
  await write("bmad.json", {
    schemaVersion,
    name: "chain",
    version: "1.0.0",
    entry: { workflow: "workflow.md", graph: "workflow.graph.json", agents: "agents.json" },
  });
  await write("agents.json", { schemaVersion, agents: [{ id: "a", metadata, persona }] });
  await write("workflow.graph.json", {
    schemaVersion,
    entryNodeId: "step-0",
    nodes: nodes.map((node) => ({ ...node, file: `steps/${node.id}.md` })),
    edges,
  });
  const state = "workflowType: chain\nstepsCompleted: []\ncurrentNodeId: ''\n";
  await write("workflow.md", `---\nschemaVersion: "1.1"\n${state}---\n# Chain\n`);
  for (const { id, type } of nodes) {
    const head = `---\nschemaVersion: "1.1"\nnodeId: ${id}\ntype: ${type}\n---\n`;
    await write(`steps/${id}.md`, `${head}## Goal\n\nWork.\n\n## Instructions\n\n1. Work.\n`);
  }
  return dir;
}

/** Starts the model. It looks at nothing but how many calls the node has seen. */
export function startChainModel() {
  return startModelServer({
    reply({ body: { messages = [] } }): Reply {
      const said = messages.map(({ content }) => String(content)).join("\n");
      const briefs = [...said.matchAll(/(?:^|\n)NODE_BRIEF\n(\{.*?\n\})/gs)];
      const { node, allowedNext } = JSON.parse(briefs.at(-1)?.[1] ?? "{}");
      const calls = messages.filter(({ role }) => role === "tool").length;
      if (calls >= WRITES_A_NODE) {
        const next = allowedNext[0]?.to;
        return {
          toolCalls: [{ name: "state_complete_node", arguments: { nodeId: node.id, next } }],
        };
      }
      const path = `@project/artifacts/${node.id}.md`;
      const content = `line ${calls}\n`.repeat(10);
      return {
        toolCalls: [
          calls % 2 === 0
            ? { name: "fs_write", arguments: { path, content } }
            : { name: "fs_read", arguments: { path } },
        ],
      };
    },
  });
}
