import { equal } from "node:assert/strict";
import { openConsent } from "../../../runtime/run/consent.ts";
import type { ToolRule } from "../../../schemas/tool_policy.ts";

const CALL = { tool: "terminal.run", arguments: { command: ["git", "status"] }, path: undefined };
const ALLOWED: ToolRule = { action: "allow", tool: "terminal.*" };
const DENIED: ToolRule = { action: "deny", tool: "terminal.run" };

const CONSENTS: readonly (readonly [string, boolean, readonly ToolRule[], string])[] = [
  ["asks where nobody said anything", false, [], "ask"],
  ["asks where a rule allows it", false, [ALLOWED], "ask"],
  ["lets pass with --yes", true, [], "allow"],
  ["refuses what a rule denies", false, [DENIED], "deny"],
  ["refuses what a rule denies, also with --yes", true, [DENIED], "deny"],
];

for (const [title, allowAll, rules, consent] of CONSENTS) {
  Deno.test(`terminal.run ${title}`, async () => {
    const dataDir = await Deno.makeTempDir();
    const policy = openConsent(dataDir, "a".repeat(64), { allowAll, rules });
    equal(policy.judge(CALL, "dev").consent, consent);
    await Deno.remove(dataDir, { recursive: true });
  });
}

Deno.test("terminal.run asks again after a consent for good", async () => {
  const dataDir = await Deno.makeTempDir();
  const policy = openConsent(dataDir, "a".repeat(64), { allowAll: false });
  policy.remember({ tool: CALL.tool, path: undefined, agentId: "dev" });
  equal(policy.judge(CALL, "dev").consent, "ask");
  await Deno.remove(dataDir, { recursive: true });
});
