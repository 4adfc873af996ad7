import assert from "node:assert/strict";
import { join } from "node:path";
import { command } from "../../../runtime/commands/limits.ts";
import { boundedOptions, systemPolicy } from "../../../runtime/run/engine_limits.ts";
import { changeEngineLimits, readEngineLimits } from "../../../runtime/run/limits_file.ts";
import { DEFAULT_RUN_OPTIONS } from "../../../runtime/run/run_folder.ts";
import { mergePolicy, SYSTEM_POLICY } from "../../../runtime/tools/policy.ts";
import { LIMIT_NAMES, LIMIT_RANGES } from "../../../schemas/engine_limits.ts";
import { documentSchema } from "../../../schemas/document_schema.ts";
import { inTemporaryFolder, outputOf } from "../commands/output.ts";

Deno.test("boundedOptions() takes the smaller of what is asked and what is allowed", () => {
  const asked = { ...DEFAULT_RUN_OPTIONS, maxTurns: 50, maxTokens: 10 };
  const limits = { maxTurns: 40, maxTurnsPerNode: 1000, maxTokens: 20, maxCostUsd: 3 };
  const { maxTurns, maxTurnsPerNode, maxTokens, maxCostUsd, maxMinutes } = boundedOptions(
    asked,
    limits,
  );
  assert.deepEqual(
    { maxTurns, maxTurnsPerNode, maxTokens, maxCostUsd, maxMinutes },
    { maxTurns: 40, maxTurnsPerNode: 20, maxTokens: 10, maxCostUsd: 3, maxMinutes: undefined },
  );
  assert.deepEqual(boundedOptions(asked, {}), asked);
});

Deno.test("systemPolicy() is what is usual but for what was set, and an agent can only tighten it", () => {
  assert.deepEqual(systemPolicy({ maxTurns: 1 }), SYSTEM_POLICY);
  const system = systemPolicy({ maxReadBytes: 4096, maxWriteBytes: 2048, toolTimeoutMs: 5000 });
  const agent = { fs: { enabled: true, maxReadBytes: 1024, maxWriteBytes: 1 << 20 } };
  const { maxReadBytes, maxWriteBytes, timeoutMs } = mergePolicy(system, agent);
  assert.deepEqual([maxReadBytes, maxWriteBytes, timeoutMs], [1024, 2048, 5000]);
});

Deno.test("the schema of limits and the table of ranges say the same", () => {
  const ranges = Object.fromEntries(LIMIT_NAMES.map((name) => {
    const { least, most, isWhole } = LIMIT_RANGES[name];
    return [name, { type: isWhole ? "integer" : "number", minimum: least, maximum: most }];
  }));
  assert.deepEqual(documentSchema("engine_limits").properties?.limits?.properties, ranges);
});

Deno.test("changeEngineLimits() sets, keeps and takes away, and refuses what is out of range", async () => {
  await inTemporaryFolder((dataDir) => {
    assert.deepEqual(readEngineLimits(dataDir), {});
    changeEngineLimits(dataDir, { maxTurns: 9, maxCostUsd: 0.5 });
    changeEngineLimits(dataDir, { maxTurns: null, maxMinutes: 3 });
    assert.deepEqual(readEngineLimits(dataDir), { maxCostUsd: 0.5, maxMinutes: 3 });
    for (const wrong of [{ maxTurns: 0 }, { maxTurns: 1.5 }, { maxReadBytes: 1e9 }]) {
      assert.throws(() => changeEngineLimits(dataDir, wrong), { code: "LIMITS_INVALID" });
    }
    assert.deepEqual(readEngineLimits(dataDir), { maxCostUsd: 0.5, maxMinutes: 3 });
    return Promise.resolve();
  });
});

Deno.test("readEngineLimits() does not take a broken file for none", async () => {
  await inTemporaryFolder(async (dataDir) => {
    for (const text of ["{", "[]", '{"formatVersion":1,"limits":{"maxturns":1}}']) {
      await Deno.writeTextFile(join(dataDir, "limits.json"), text);
      assert.throws(() => readEngineLimits(dataDir), { code: "LIMITS_INVALID" });
    }
  });
});

Deno.test("crewagent limits sets, shows and resets, and names the nearest limit", async () => {
  await inTemporaryFolder(async (dataDir) => {
    const limits = (...args: string[]) => outputOf(command, [...args, "--data", dataDir]);
    assert.match((await limits()).out, /^maxTurns +200 \(as usual\)/);
    assert.match((await limits("set", "maxTurns", "40")).out, /^maxTurns +40 /);
    const { maxTurns, maxTokens } = JSON.parse((await limits("--json")).out);
    assert.deepEqual([maxTurns, maxTokens], [40, null]);
    assert.match((await limits("reset", "maxTurns")).out, /^maxTurns +200 \(as usual\)/);
    await assert.rejects(limits("set", "maxturn", "4"), { message: /Did you mean "maxTurns"\?/ });
    for (const wrong of ["0", "1.5", "-1", "1e3", "many", ""]) {
      await assert.rejects(limits("set", "maxTurns", wrong), { code: "USAGE" });
    }
    await assert.rejects(limits("set", "maxTurns"), { code: "USAGE" });
    await assert.rejects(limits("drop", "maxTurns"), { code: "USAGE" });
  });
});
