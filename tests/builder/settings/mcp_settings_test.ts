import assert from "node:assert/strict";
import { join } from "node:path";
import { inputOfServerFields } from "../../../builder/settings/mcp_fields.ts";
import { checkMcpServer, type McpInput } from "../../../builder/settings/mcp_input.ts";
import {
  pasteServers,
  saveServer,
  shownServerOf,
  shownServers,
} from "../../../builder/settings/mcp_settings.ts";
import { openTrials } from "../../../builder/settings/trials.ts";
import { maskedText } from "../../../runtime/run/masked_text.ts";
import { type McpEntry, readMcpFile } from "../../../runtime/run/mcp_file.ts";
import { inTemporaryFolder } from "../../runtime/commands/output.ts";

const KNOWN: McpEntry = {
  command: "npx",
  env: { TOKEN: "kept-secret", PORT: 7 },
  timeout: 90_000,
  disabled: true,
  autoApprove: ["read"],
};

const INPUT: McpInput = {
  command: "npx",
  args: [],
  env: { TOKEN: null, PORT: null },
  cwd: null,
  timeoutSeconds: 90,
  sandbox: "auto",
  hasNetwork: true,
  isEnabled: false,
};

Deno.test("checkMcpServer() keeps stored values, and keys of other programs, as they are", () => {
  assert.deepEqual(checkMcpServer(INPUT, KNOWN), { value: KNOWN });
  const changed = {
    ...INPUT,
    env: { TOKEN: "new" },
    timeoutSeconds: 30,
    sandbox: "on" as const,
    hasNetwork: false,
    isEnabled: true,
  };
  assert.deepEqual(checkMcpServer(changed, KNOWN), {
    value: {
      command: "npx",
      env: { TOKEN: "new" },
      timeout: 30,
      sandbox: "on",
      network: false,
      autoApprove: ["read"],
    },
  });
});

const WRONG: readonly [string, string, Partial<McpInput>][] = [
  ["no program", "command", { command: " " }],
  ["a NUL in an argument", "command", { args: ["a\0b"] }],
  ["a name with a space", "env", { env: { "A B": "c" } }],
  ["a kept value that never was", "env", { env: { NEW: null } }],
  ["a kept value of the prototype", "env", { env: { constructor: null } }],
  ["a NUL in a value", "env", { env: { A: "\0" } }],
  ["a folder that is not there", "cwd", { cwd: "/no/such/folder" }],
  ["a folder from somewhere", "cwd", { cwd: "somewhere" }],
  ["no time", "timeoutSeconds", { timeoutSeconds: 0 }],
  ["no network without a sandbox", "hasNetwork", { sandbox: "off", hasNetwork: false }],
];

for (const [what, field, part] of WRONG) {
  Deno.test(`checkMcpServer() refuses ${what}, at its field and without a value`, () => {
    const { faults } = checkMcpServer({ ...INPUT, ...part }, KNOWN);
    assert.ok(faults?.[field], JSON.stringify(faults));
    assert.doesNotMatch(JSON.stringify(faults), /kept-secret/);
  });
}

Deno.test("inputOfServerFields() reads lines, or a JSON list, and repeats no value", () => {
  const { input, faults } = inputOfServerFields({
    command: "npx",
    args: "-y\n\n  two words\n",
    env: "A=b=c\nsecret-without-a-name",
    "keep.TOKEN": "yes",
    timeoutSeconds: "soon",
    sandbox: "elsewhere",
  });
  assert.deepEqual(input.args, ["-y", "  two words"]);
  assert.equal(input.env.A, "b=c");
  assert.equal(input.env.TOKEN, null);
  assert.equal(input.sandbox, "auto");
  assert.deepEqual(Object.keys(faults).sort(), ["env", "timeoutSeconds"]);
  assert.doesNotMatch(JSON.stringify(faults), /secret/);
  assert.deepEqual(inputOfServerFields({ args: '["a\\nb", ""]' }).input.args, ["a\nb", ""]);
  assert.ok(inputOfServerFields({ args: '["a", 1]' }).faults.args);
});

Deno.test("pasteServers() saves all or nothing, quotes no value, and replaces only when told", async () => {
  await inTemporaryFolder(async (dataDir) => {
    const place = { dataDir, trials: openTrials() };
    const paste = (value: unknown, replaces: "known" | "nothing" = "nothing") =>
      pasteServers(place, { text: JSON.stringify(value), replaces });
    const good = { command: "npx", env: { TOKEN: "value-of-token" } };
    const refused = await paste({
      mcpServers: { good, "bad id": good, far: { url: "https://x" } },
    });
    assert.equal("faults" in refused && refused.faults.length, 2);
    assert.doesNotMatch(JSON.stringify(refused), /value-of-token/);
    assert.deepEqual(readMcpFile(dataDir).mcpServers, {});
    const broken = await pasteServers(place, { text: '{"a": value-of-token', replaces: "nothing" });
    assert.match(JSON.stringify(broken), /not JSON/);
    assert.doesNotMatch(JSON.stringify(broken), /value-of-token/);
    assert.deepEqual(await paste({ good, other: { command: "${HOME}/x" } }), {
      added: ["good", "other"],
      warnings: ['${HOME} in "other" stays as it is: CrewAgent fills in nothing'],
    });
    assert.match(JSON.stringify(await paste({ good: { command: "uvx" } })), /already/);
    assert.equal(readMcpFile(dataDir).mcpServers.good?.command, "npx");
    await paste({ good: { command: "uvx" } }, "known");
    assert.deepEqual(shownServers(dataDir).map(({ serverId, command }) => [serverId, command]), [
      ["good", "uvx"],
      ["other", "${HOME}/x"],
    ]);
  });
});

Deno.test("what is shown of a server has the names of its environment, never a value", async () => {
  await inTemporaryFolder(async (dataDir) => {
    const place = { dataDir, trials: openTrials() };
    await saveServer(place, "one", { as: "new", entry: KNOWN });
    await assert.rejects(saveServer(place, "one", { as: "new", entry: KNOWN }), {
      code: "MCP_SERVER_EXISTS",
    });
    await assert.rejects(saveServer(place, "../one", { as: "new", entry: KNOWN }), {
      code: "MCP_CONFIG_INVALID",
    });
    const shown = shownServerOf(dataDir, "one");
    assert.deepEqual([shown.env, shown.timeoutSeconds], [["TOKEN", "PORT"], 90]);
    assert.doesNotMatch(JSON.stringify(shown), /kept-secret/);
    assert.match(await Deno.readTextFile(join(dataDir, "mcp.json")), /kept-secret/);
    assert.throws(() => shownServerOf(dataDir, "toString"), { code: "MCP_SERVER_NOT_FOUND" });
  });
});

Deno.test("maskedText() hides every secret wherever it stands, the longest first, and no short word", () => {
  const secrets = ["abcdef", "abcdefgh", "true", ""];
  assert.equal(
    maskedText("x=abcdefgh y=abcdef true", secrets),
    "x=•••••• y=•••••• true",
  );
});
