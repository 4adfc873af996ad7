import { deepEqual, equal } from "node:assert/strict";
import type { AgentTools } from "../../../schemas/package.ts";
import { mergePolicy, SYSTEM_POLICY } from "../../../runtime/tools/policy.ts";
import type { ToolPolicy } from "../../../runtime/tools/tool_host.ts";

const OPEN: ToolPolicy = { ...SYSTEM_POLICY, mcpEnabled: true };

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
  ];

for (const [title, system, agent, change] of MERGES) {
  Deno.test(`mergePolicy() only tightens: ${title}`, () => {
    deepEqual(mergePolicy(system, agent), { ...system, ...change });
  });
}

Deno.test("mergePolicy() lets an explicit undefined change nothing", () => {
  const agent = { fs: { enabled: undefined, maxReadBytes: undefined } } as unknown as AgentTools;
  deepEqual(mergePolicy(OPEN, agent), OPEN);
  equal(mergePolicy(OPEN, { mcp: { allowedServers: undefined } } as never).mcpServers, null);
});
