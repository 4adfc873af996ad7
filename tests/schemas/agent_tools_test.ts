import { deepEqual } from "node:assert/strict";
import { validate } from "../../schemas/validate.ts";

/** An agents.json with one agent who has these tools. */
function agentsWith(schemaVersion: string, tools: unknown): unknown {
  const agent = {
    id: "a",
    metadata: { name: "A", title: "A", icon: "A" },
    persona: { role: "r", identity: "i", communication_style: "c" },
    tools,
  };
  return { schemaVersion, agents: [agent] };
}

const ENABLED = { enabled: true };

const DOCUMENTS: readonly (readonly [string, string, unknown, readonly string[]])[] = [
  ["all tools in 1.2", "1.2", {
    csv: ENABLED,
    js: ENABLED,
    terminal: { ...ENABLED, allow: ["git status"] },
  }, []],
  ["csv in 1.1", "1.1", { csv: ENABLED }, ["newer-key"]],
  ["js in 1.1", "1.1", { js: ENABLED }, ["newer-key"]],
  ["the terminal in 1.1", "1.1", { terminal: ENABLED }, ["newer-key"]],
  ["fs and mcp in 1.1", "1.1", { fs: ENABLED, mcp: ENABLED }, []],
  ["an unknown switch", "1.2", { csv: { on: true } }, ["unknown-key"]],
  ["a program that is empty", "1.2", { terminal: { allow: [""] } }, ["empty"]],
];

for (const [title, version, tools, rules] of DOCUMENTS) {
  Deno.test(`validate() judges an agent's tools: ${title}`, () => {
    deepEqual(validate("agents", agentsWith(version, tools)).map(({ rule }) => rule), rules);
  });
}
