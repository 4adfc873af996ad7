import { deepEqual, equal } from "node:assert/strict";
import type { Agent, AgentTools } from "../../../schemas/package.ts";
import { limitsOf, mergePolicy, SYSTEM_POLICY } from "../../../runtime/tools/policy.ts";
import type { ToolPolicy } from "../../../runtime/tools/tool_host.ts";

/** What an agent that says nothing of them has of the tools beyond files. */
const OFF = { csvEnabled: false, jsEnabled: false, terminalEnabled: false, terminalAllow: [] };

const OPEN: ToolPolicy = { ...SYSTEM_POLICY, mcpEnabled: true };
const WITH_TERMINAL: ToolPolicy = { ...OPEN, terminalEnabled: true };

const withTerminal = (allow: string[]): ToolPolicy => ({ ...WITH_TERMINAL, terminalAllow: allow });

Deno.test("SYSTEM_POLICY reads 512 KiB, writes 2 MiB and waits 5 minutes", () => {
  const { maxReadBytes, maxWriteBytes, timeoutMs } = SYSTEM_POLICY;
  deepEqual([maxReadBytes, maxWriteBytes, timeoutMs], [524_288, 2_097_152, 300_000]);
});

const MERGES:
  readonly (readonly [string, ToolPolicy, AgentTools | undefined, Partial<ToolPolicy>])[] = [
    ["no agent", OPEN, undefined, {}],
    ["an empty agent", OPEN, {}, {}],
    ["empty groups", OPEN, { fs: {}, mcp: {} }, {}],
    ["fs off", OPEN, { fs: { enabled: false } }, { fsEnabled: false }],
    ["fs on over system off", { ...OPEN, fsEnabled: false }, { fs: { enabled: true } }, {}],
    ["a smaller read", OPEN, { fs: { maxReadBytes: 100 } }, { maxReadBytes: 100 }],
    ["a larger read", OPEN, { fs: { maxReadBytes: 1e9 } }, {}],
    ["a smaller write", OPEN, { fs: { maxWriteBytes: 7 } }, { maxWriteBytes: 7 }],
    ["a larger write", OPEN, { fs: { maxWriteBytes: 1e9 } }, {}],
    ["nonsense limits", OPEN, { fs: { maxReadBytes: -1, maxWriteBytes: NaN } }, {}],
    ["mcp off", OPEN, { mcp: { enabled: false } }, { mcpEnabled: false }],
    ["mcp on over system off", SYSTEM_POLICY, { mcp: { enabled: true } }, {}],
    ["servers over all", OPEN, { mcp: { allowedServers: ["a"] } }, { mcpServers: ["a"] }],
    ["no servers over all", OPEN, { mcp: { allowedServers: [] } }, { mcpServers: [] }],
    [
      "servers over servers",
      { ...OPEN, mcpServers: ["a", "b"] },
      { mcp: { allowedServers: ["b", "c"] } },
      { mcpServers: ["b"] },
    ],
    ["all over servers", { ...OPEN, mcpServers: ["a"] }, { mcp: { enabled: true } }, {}],
    ["csv on", OPEN, { csv: { enabled: true } }, { csvEnabled: true }],
    ["csv without a word", OPEN, { csv: {} }, {}],
    ["csv on over system off", { ...OPEN, csvEnabled: false }, { csv: { enabled: true } }, {}],
    ["js on", OPEN, { js: { enabled: true } }, { jsEnabled: true }],
    ["js on over system off", { ...OPEN, jsEnabled: false }, { js: { enabled: true } }, {}],
    [
      "the terminal on over system off",
      OPEN,
      { terminal: { enabled: true, allow: ["git"] } },
      { terminalAllow: ["git"] },
    ],
    [
      "the terminal on",
      WITH_TERMINAL,
      { terminal: { enabled: true, allow: ["git"] } },
      { terminalEnabled: true, terminalAllow: ["git"] },
    ],
    ["the terminal without programs", WITH_TERMINAL, { terminal: { enabled: true } }, {
      terminalEnabled: true,
    }],
    ["programs without the terminal", WITH_TERMINAL, { terminal: { allow: ["git"] } }, {
      terminalAllow: ["git"],
    }],
    [
      "programs over programs",
      withTerminal(["git status", "make", "ls"]),
      { terminal: { enabled: true, allow: ["git", "make test", "rm", "gi", "ls"] } },
      { terminalEnabled: true, terminalAllow: ["make test", "ls", "git status"] },
    ],
  ];

for (const [title, system, agent, change] of MERGES) {
  Deno.test(`mergePolicy() only tightens: ${title}`, () => {
    deepEqual(mergePolicy(system, agent), { ...system, ...OFF, ...change });
  });
}

Deno.test("mergePolicy() lets an explicit undefined change nothing", () => {
  const agent = { fs: { enabled: undefined, maxReadBytes: undefined } } as unknown as AgentTools;
  deepEqual(mergePolicy(OPEN, agent), { ...OPEN, ...OFF });
  equal(mergePolicy(OPEN, { mcp: { allowedServers: undefined } } as never).mcpServers, null);
});

const AGENT: Agent = {
  id: "a",
  metadata: { name: "A", title: "A", icon: "A" },
  persona: { role: "r", identity: "i", communication_style: "c", principles: "p" },
};

Deno.test("limitsOf() switches the files off by the skills' capability, and never on", () => {
  const filesystem = (enabled: boolean) => ({ capabilities: { filesystem: { enabled } } });
  const tools = { fs: { maxReadBytes: 7 }, csv: { enabled: true } };
  equal(limitsOf(undefined), undefined);
  equal(limitsOf({ ...AGENT, tools }), tools);
  deepEqual(limitsOf({ ...AGENT, tools, skills: filesystem(false) }), {
    fs: { maxReadBytes: 7, enabled: false },
    csv: { enabled: true },
  });
  deepEqual(limitsOf({ ...AGENT, skills: filesystem(false) }), { fs: { enabled: false } });
  const off = { fs: { enabled: false } };
  equal(limitsOf({ ...AGENT, tools: off, skills: filesystem(true) }), off);
});
