// `crewagent limits`: the most that any run of this installation may take.
import {
  type EngineLimits,
  faultOfLimit,
  LIMIT_NAMES,
  type LimitName,
} from "../../schemas/engine_limits.ts";
import { AppError, EXIT } from "../../schemas/error.ts";
import { dataFolder } from "../run/data_folder.ts";
import { withDiskFailures } from "../run/disk_failure.ts";
import { changeEngineLimits, readEngineLimits } from "../run/limits_file.ts";
import { DEFAULT_RUN_OPTIONS } from "../run/run_folder.ts";
import { SYSTEM_POLICY } from "../tools/policy.ts";
import type { Command } from "./command.ts";
import { nearest } from "./nearest.ts";
import { readOptions } from "./options.ts";

/** What holds for a limit that nobody set: a number, or no bound. */
export const USUAL_LIMITS: EngineLimits = {
  maxTurns: DEFAULT_RUN_OPTIONS.maxTurns,
  maxTurnsPerNode: DEFAULT_RUN_OPTIONS.maxTurnsPerNode,
  maxReadBytes: SYSTEM_POLICY.maxReadBytes,
  maxWriteBytes: SYSTEM_POLICY.maxWriteBytes,
  toolTimeoutMs: SYSTEM_POLICY.timeoutMs,
};

const WORDS: Readonly<Record<LimitName, string>> = {
  maxTurns: "requests to the model in a run, before it pauses",
  maxTurnsPerNode: "requests to the model at one visit of a node",
  maxTokens: "tokens of a run, read and written",
  maxCostUsd: "US dollars of a run, by the prices of its profile",
  maxMinutes: "minutes of a run",
  maxReadBytes: "bytes that one tool call reads",
  maxWriteBytes: "bytes that one tool call writes",
  toolTimeoutMs: "milliseconds that one tool call takes",
};

const USAGE = "crewagent limits [set NAME NUMBER | reset NAME]";

const HELP = `Usage: ${USAGE} [--json] [--data DIR]

The most that any run of this installation may take, whatever it asks for; an agent's own "tools" can
only be stricter. Without arguments it lists them. A run that is going on keeps the limits it was taken
up with. Tokens, cost and minutes count from there, too: resuming a run grants as much again.

Limits
${LIMIT_NAMES.map((name) => `  ${name.padEnd(17)}${WORDS[name]}`).join("\n")}

Options
  --json        the limits as JSON, null where nothing is set
  --data DIR    where they are kept (or CREWAGENT_HOME)

Examples
  crewagent limits set maxCostUsd 5
  crewagent limits reset maxCostUsd

Exit codes: 0 ok, 2 usage, 3 the saved limits cannot be read.
`;

/** The command `limits`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const dataDir = dataFolder(values.data);
    const limits = await withDiskFailures(async () => await carryOut(dataDir, positionals));
    console.log(values.json ? JSON.stringify(allOf(limits), null, 2) : describe(limits));
    return EXIT.ok;
  },
};

function carryOut(dataDir: string, words: readonly string[]): EngineLimits {
  const [action, wanted = "", number, more] = words;
  if (action === undefined) return readEngineLimits(dataDir);
  const isSet = action === "set" && number !== undefined && more === undefined;
  const isReset = action === "reset" && wanted !== "" && number === undefined;
  if (!isSet && !isReset) {
    throw new AppError("USAGE", `"${words.join(" ")}" cannot be done. Usage: ${USAGE}`);
  }
  const name = limitNamed(wanted);
  return changeEngineLimits(dataDir, { [name]: isSet ? numberOf(name, number) : null });
}

function limitNamed(wanted: string): LimitName {
  const found = LIMIT_NAMES.find((name) => name === wanted);
  if (found) return found;
  const guess = nearest(wanted, LIMIT_NAMES);
  const advice = guess === undefined
    ? `There are: ${LIMIT_NAMES.join(", ")}`
    : `Did you mean "${guess}"?`;
  throw new AppError("USAGE", `There is no limit "${wanted}". ${advice}`);
}

function numberOf(name: LimitName, text: string): number {
  const value = /^\d{1,13}(?:\.\d{1,9})?$/.test(text) ? Number(text) : NaN;
  const fault = faultOfLimit(name, value);
  if (fault === undefined) return value;
  throw new AppError("USAGE", `${name} ${fault}, not "${text}"`);
}

function allOf(limits: EngineLimits): Record<string, number | null> {
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, limits[name] ?? null]));
}

function describe(limits: EngineLimits): string {
  return LIMIT_NAMES.map((name) => {
    const [own, usual] = [limits[name], USUAL_LIMITS[name]];
    const value = own ?? (usual === undefined ? "no limit" : `${usual} (as usual)`);
    return `${name.padEnd(17)}${String(value).padEnd(20)}${WORDS[name]}`;
  }).join("\n");
}
