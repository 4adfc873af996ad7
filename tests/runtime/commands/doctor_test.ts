import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import {
  type Check,
  checkMcpServers,
  checkOpenFiles,
} from "../../../runtime/commands/doctor_checks.ts";
import { command } from "../../../runtime/commands/doctor.ts";
import { checkDataFolder } from "../../../runtime/commands/doctor_data.ts";
import { machineTools, type SandboxTools } from "../../../runtime/sandbox/sandbox_tools.ts";
import { inTemporaryFolder, outputOf } from "./output.ts";

/** This machine, but `df` and `sh` write this. */
function machineThatPrints(output: string | undefined): SandboxTools {
  return { ...machineTools, output: () => output };
}

function named(checks: readonly Check[], name: string): Check | undefined {
  return checks.find((check) => check.name === name);
}

Deno.test("doctor says a line for each thing it looked at, and leaves nothing behind", async () => {
  await inTemporaryFolder(async (dir) => {
    const { exitCode, out } = await outputOf(command, ["--data", join(dir, "data")]);

    strictEqual(exitCode, 0, out);
    for (const name of ["CrewAgent", "Data folder", "Sandbox", "Tool policy", "MCP servers"]) {
      match(out, new RegExp(`^[✓!] ${name} `, "m"));
    }
    deepStrictEqual([...Deno.readDirSync(dir)], []);
  });
});

Deno.test("doctor --json gives the same as data, and exit code 1 where something is broken", async () => {
  await inTemporaryFolder(async (dir) => {
    await Deno.writeTextFile(join(dir, "policy.json"), "{");
    const { exitCode, out } = await outputOf(command, ["--json", "--data", dir]);
    const report = JSON.parse(out);

    strictEqual(exitCode, 1);
    strictEqual(report.ok, false);
    strictEqual(named(report.checks, "Tool policy")?.state, "broken");
    strictEqual(named(report.checks, "Data folder")?.state, "good");
  });
});

Deno.test("doctor takes no arguments", async () => {
  const refused = await outputOf(command, ["x"]).catch((thrown) => thrown);

  strictEqual(refused.code, "USAGE");
});

Deno.test("checkDataFolder() finds a data folder that is a file", async () => {
  await inTemporaryFolder(async (dir) => {
    await Deno.writeTextFile(join(dir, "data"), "");
    const [check, ...more] = checkDataFolder(join(dir, "data"), machineTools);

    strictEqual(check?.state, "broken");
    match(check?.advice ?? "", /CREWAGENT_HOME/);
    deepStrictEqual(more, []);
  });
});

Deno.test({
  name: "checkDataFolder() warns of keys that others can read",
  ignore: Deno.build.os === "windows",
  async fn() {
    await inTemporaryFolder(async (dir) => {
      await Deno.writeTextFile(join(dir, "mcp.json"), "{}");
      await Deno.chmod(join(dir, "mcp.json"), 0o644);
      const check = named(checkDataFolder(dir, machineTools), "Secrets");
      await Deno.chmod(join(dir, "mcp.json"), 0o600);

      strictEqual(check?.state, "warning");
      match(check?.advice ?? "", /^chmod 600 /);
      strictEqual(named(checkDataFolder(dir, machineTools), "Secrets"), undefined);
    });
  },
});

/** [last line of `df -PkT`, state, words] */
const DISKS: readonly (readonly [string, string, RegExp])[] = [
  ["/dev/sda1 ext4 900000000 1 80000000 1% /", "good", /^81\.9 GB free on ext4$/],
  ["/dev/sda1 ext4 900000000 1 500000 99% /home/a b", "warning", /^0\.5 GB/],
  ["/dev/sda1 ext4 900000000 1 9000 100% /", "broken", /^0\.0 GB/],
  ["server:/home nfs4 900000000 1 80000000 1% /home", "warning", /nfs4, which may lose locks/],
  ["//nas/my share cifs 900000000 1 80000000 1% /mnt", "warning", /cifs/],
  ["tmpfs tmpfs 9000000 0 9000000 0% /tmp", "warning", /gone when the machine stops/],
];

for (const [line, state, says] of DISKS) {
  Deno.test({
    name: `checkDataFolder() calls "${line}" ${state}`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await inTemporaryFolder((dir) => {
        const output = `Filesystem Type 1024-blocks Used Available Capacity Mounted on\n${line}\n`;
        const check = named(checkDataFolder(dir, machineThatPrints(output)), "Disk");

        strictEqual(check?.state, state);
        match(check?.text ?? "", says);
        return Promise.resolve();
      });
    },
  });
}

Deno.test("checkDataFolder() says nothing about a disk it is told nothing of", async () => {
  await inTemporaryFolder((dir) => {
    for (const output of [undefined, "", "df: what?\n", "a b c"]) {
      strictEqual(named(checkDataFolder(dir, machineThatPrints(output)), "Disk"), undefined);
    }
    return Promise.resolve();
  });
});

Deno.test("checkMcpServers() counts servers and finds those that cannot start", async () => {
  await inTemporaryFolder(async (dir) => {
    const mcpServers = {
      good: { command: Deno.execPath() },
      gone: { command: "no-such-program" },
      lost: { command: Deno.execPath(), cwd: join(dir, "no-such-folder") },
      off: { command: "no-such-program", disabled: true },
      beside: { command: "./server.sh" },
    };
    await Deno.writeTextFile(join(dir, "mcp.json"), JSON.stringify({ mcpServers }));
    const checks = checkMcpServers(dir, machineTools);

    strictEqual(checks[0]?.text, "4 enabled: good, gone, lost, beside; 1 disabled");
    deepStrictEqual(checks.slice(1).map(({ name, state }) => [name, state]), [
      ["MCP gone", "broken"],
      ["MCP lost", "broken"],
    ]);
    match(checks[1]?.advice ?? "", /crewagent mcp disable gone/);
  });
});

Deno.test("checkMcpServers() says where a configuration is that cannot be read", async () => {
  await inTemporaryFolder(async (dir) => {
    await Deno.writeTextFile(join(dir, "mcp.json"), "{");
    const [check] = checkMcpServers(dir, machineTools);

    strictEqual(check?.state, "broken");
    ok(check?.advice?.includes(dir));
  });
});

for (const [limit, state] of [["20000\n", "good"], ["unlimited\n", "good"], ["64\n", "warning"]]) {
  Deno.test({
    name: `checkOpenFiles() calls a limit of ${limit?.trim()} ${state}`,
    ignore: Deno.build.os === "windows",
    fn: () => strictEqual(checkOpenFiles(machineThatPrints(limit))[0]?.state, state),
  });
}
