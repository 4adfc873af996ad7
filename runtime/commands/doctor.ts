// `crewagent doctor`: what this machine has and what is protected. The checks are in
// `doctor_checks.ts` and `doctor_data.ts`; here they are put in order and printed.
import { EXIT } from "../../schemas/error.ts";
import { dataFolder } from "../run/data_folder.ts";
import { machineTools } from "../sandbox/sandbox_tools.ts";
import { sandboxFor } from "../sandbox/sandbox.ts";
import type { Command } from "./command.ts";
import {
  type Check,
  checkMcpServers,
  checkOpenFiles,
  checkPolicy,
  checkProfiles,
  checkSandbox,
  checkTerminal,
  checkVersion,
} from "./doctor_checks.ts";
import { checkDataFolder } from "./doctor_data.ts";
import { noPositionals, readOptions } from "./options.ts";
import { palette, printable, wantsColour } from "./terminal.ts";

const HELP = `Usage: crewagent doctor [--json] [--data DIR]

Says what this machine has and what is protected, a line each: ✓ good, ! works, but could be better,
✗ broken. Behind the last two it says what to do. Nothing is changed, no server is started and nothing
is sent over the network.

Options
  --json        {"ok", "checks": [{"name", "state": "good" | "warning" | "broken", "text", "advice"}]}
  --data DIR    the data folder that is looked at (or CREWAGENT_HOME)

Example
  crewagent doctor

Exit codes: 0 nothing is broken, 1 something is, 2 usage.
`;

/** The command `doctor`. */
export const command: Command = {
  help: HELP,
  run(args) {
    const { values, positionals } = readOptions(args, {
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    noPositionals(positionals, "crewagent doctor [--json]");
    const checks = examine(dataFolder(values.data));
    const ok = checks.every(({ state }) => state !== "broken");
    console.log(values.json ? JSON.stringify({ ok, checks }, null, 2) : describe(checks));
    return Promise.resolve(ok ? EXIT.ok : EXIT.failed);
  },
};

function examine(dataDir: string): readonly Check[] {
  return [
    checkVersion(),
    ...checkDataFolder(dataDir, machineTools),
    checkSandbox(sandboxFor(Deno.build.os, machineTools)),
    checkPolicy(dataDir),
    checkProfiles(dataDir),
    ...checkMcpServers(dataDir, machineTools),
    checkTerminal(),
    ...checkOpenFiles(machineTools),
  ];
}

function describe(checks: readonly Check[]): string {
  const paint = palette(wantsColour(Deno.stdout));
  const marks = { good: paint.green("✓"), warning: paint.yellow("!"), broken: paint.red("✗") };
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = " ".repeat(width + 4);
  return checks.flatMap(({ name, state, text, advice }) => [
    `${marks[state]} ${name.padEnd(width)}  ${printable(text)}`,
    ...(advice === undefined ? [] : [`${indent}→ ${printable(advice)}`]),
  ]).join("\n");
}
