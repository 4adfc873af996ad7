import assert from "node:assert/strict";
import { join } from "node:path";
import type { Consent, ToolRule } from "../../../schemas/tool_policy.ts";
import { type ConsentOptions, openConsent } from "../../../runtime/run/consent.ts";
import { changeToolPolicy, readToolPolicy } from "../../../runtime/run/tool_policy_file.ts";

const HASH = "a".repeat(64);

async function withData(test: (dataDir: string) => void): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-consent-" });
  try {
    test(join(dir, "data"));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function consentOf(
  dataDir: string,
  [tool, path]: [tool: string, path?: string],
  options: Partial<ConsentOptions> = {},
  agentId = "writer",
): Consent {
  const policy = openConsent(dataDir, HASH, { allowAll: false, ...options });
  return policy.judge({ tool, path, arguments: {} }, agentId).consent;
}

const rule = (action: Consent, tool: string, path?: string): ToolRule => ({
  action,
  tool,
  ...(path && { arguments: { path } }),
});

Deno.test("without rules, writes to the project outside artifacts/ and MCP tools ask, nothing else", () =>
  withData((dataDir) => {
    const rows: [tool: string, path: string | undefined, consent: Consent][] = [
      ["fs.write", "@project/src/a.ts", "ask"],
      ["fs.edit", "@project/README.md", "ask"],
      ["fs.apply_patch", "@project/artifacts", "ask"],
      ["fs.write", "@project/artifacts2/a.md", "ask"],
      ["fs.write", undefined, "ask"],
      ["fs.write", "@project/artifacts/a.md", "allow"],
      ["fs.apply_patch", "@state/workflow.md", "allow"],
      ["fs.read", "@project/src/a.ts", "allow"],
      ["state.complete_node", undefined, "allow"],
      ["mcp__web__search", undefined, "ask"],
    ];
    for (const [tool, path, consent] of rows) {
      assert.equal(consentOf(dataDir, [tool, path!]), consent, `${tool} ${path}`);
    }
  }));

Deno.test("--yes turns ask into allow and never overrides deny", () =>
  withData((dataDir) => {
    const options = { allowAll: true, rules: [rule("deny", "fs.edit"), rule("ask", "fs.read")] };
    assert.equal(consentOf(dataDir, ["fs.write", "@project/a"], options), "allow");
    assert.equal(consentOf(dataDir, ["fs.read", "@project/a"], options), "allow");
    assert.equal(consentOf(dataDir, ["fs.edit", "@project/a"], options), "deny");
  }));

Deno.test("a run's rules cannot undo what the settings deny, but can be stricter", () =>
  withData((dataDir) => {
    changeToolPolicy(dataDir, (policy) => ({
      ...policy,
      rules: [rule("deny", "fs.write", "@project/secrets/**"), rule("allow", "fs.*")],
    }));
    const rules = [rule("allow", "fs.write"), rule("ask", "fs.edit")];
    assert.equal(consentOf(dataDir, ["fs.write", "@project/secrets/a"], { rules }), "deny");
    assert.equal(consentOf(dataDir, ["fs.write", "@project/src/a"], { rules }), "allow");
    assert.equal(consentOf(dataDir, ["fs.edit", "@project/src/a"], { rules }), "ask");
    assert.equal(consentOf(dataDir, ["fs.edit", "@project/src/a"]), "allow");
  }));

Deno.test("a standing consent holds for its package, agent, tool and path only, and is kept once", () =>
  withData((dataDir) => {
    const given = { tool: "fs.write", path: "@project/a", agentId: "writer" };
    const policy = openConsent(dataDir, HASH, { allowAll: false });
    policy.remember(given);
    policy.remember(given);
    assert.equal(readToolPolicy(dataDir).always.length, 1);
    assert.equal(consentOf(dataDir, ["fs.write", "@project/a"]), "allow");
    assert.equal(consentOf(dataDir, ["fs.write", "@project/b"]), "ask");
    assert.equal(consentOf(dataDir, ["fs.edit", "@project/a"]), "ask");
    assert.equal(consentOf(dataDir, ["fs.write", "@project/a"], {}, "other"), "ask");
    const elsewhere = openConsent(dataDir, "b".repeat(64), { allowAll: false });
    const call = { tool: "fs.write", path: "@project/a", arguments: {} };
    assert.equal(elsewhere.judge(call, "writer").consent, "ask");
    const rules = [rule("deny", "fs.write")];
    assert.equal(consentOf(dataDir, ["fs.write", "@project/a"], { rules }), "deny");
  }));

Deno.test("a policy that cannot be read is never taken for none", () =>
  withData((dataDir) => {
    Deno.mkdirSync(dataDir);
    const rows: [text: string, message: RegExp][] = [
      ["{", /not JSON/],
      ["[]", /policy\.json.*cannot be used/],
      [
        '{"formatVersion":1,"rules":[{"action":"forbid","tool":"x"}],"always":[]}',
        /rules\/0\/action/,
      ],
      ['{"formatVersion":2,"rules":[],"always":[]}', /formatVersion/],
    ];
    for (const [text, message] of rows) {
      Deno.writeTextFileSync(join(dataDir, "policy.json"), text);
      assert.throws(() => consentOf(dataDir, ["fs.read"]), { code: "POLICY_INVALID", message });
    }
  }));
