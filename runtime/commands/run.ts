// `crewagent run`: starts a run of a package on a folder and drives it at the terminal.
import { dirname } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { dataFolder } from "../run/data_folder.ts";
import { DEFAULT_RUN_OPTIONS, type RunOptions } from "../run/run_folder.ts";
import { type OpenRun, startRun } from "../run/start_run.ts";
import { recordTrace } from "../run/trace/record_trace.ts";
import { formatTrace, TRACE_EXTENSION } from "../run/trace/trace.ts";
import { openProjectFiles } from "../tools/project_files.ts";
import { BREAK_OPTIONS, breakpointsOf } from "./break_options.ts";
import { BUDGET_OPTIONS, budgetsOf } from "./budget_options.ts";
import { chooseConnection, CONNECTION_OPTIONS } from "./choose_connection.ts";
import type { Command } from "./command.ts";
import { driveAtTerminal, readAnswers } from "./drive_at_terminal.ts";
import { announceProfile } from "./named_profile.ts";
import { GUARD_OPTIONS, guardOptionsOf } from "./guard_options.ts";
import { inputsOf } from "./input_options.ts";
import { onePositional, readOptions } from "./options.ts";
import { RULE_OPTIONS, rulesOf } from "./rule_options.ts";
import { printable } from "./terminal.ts";

const HELP = `Usage: crewagent run PACKAGE --project DIR [options]

Runs a workflow of a package (a .bmad file or a folder) on a project folder.

Options
  --project DIR      the folder the workflow may read and write (required)
  --workflow ID      the workflow to run (default: the package's entry)
  --agent ID         the agent that speaks where a node names none (default: the first)
  --input TEXT       what you want, told to the model at the start; with --agent and without
                     --workflow it goes through the agent's menu: a number or words of an item start
                     that item, other words begin a chat
  --chat             talk with the agent, which can read the project and changes nothing
  --set NAME=VALUE   a value that the workflow wants to know; may be repeated
  --model M          the model's name (or CREWAGENT_MODEL)
  --base-url URL     an OpenAI-compatible server (or OPENAI_BASE_URL)
                     the key comes from CREWAGENT_API_KEY, for OpenAI also from OPENAI_API_KEY;
                     a server on this machine needs none
                     without a model here the default profile is used, if there is one
  --profile NAME     a model connection that you keep; see: crewagent profile --help
  --simulate         no model: a built-in player follows the steps and writes placeholders
  --answers FILE     JSON with answers to the workflow's questions
  --yes              allow what would be asked, such as writes outside artifacts/
  --allow, --ask, --deny RULE
                     rules for tools in this run, such as "fs.write path=@project/docs/**"; may be
                     repeated, deny goes before ask before allow. See also: crewagent policy --help
  --strictness W     strict (default), or compatible: jumps are refused, the rest of the guard warns
  --outputs W        required (default), or warn: declared outputs that are missing only warn
  --bind-conditions  an edge whose condition is false may not be taken
  --context W        node (default): a fresh conversation for each node, or run: one that grows
  --terminal         agents whose "tools" have terminal may run the programs they name; each command
                     is asked for, unless --yes
  --record FILE      afterwards, write the run as a trace (.trace.jsonl) for: crewagent test PACKAGE
  --max-turns N      pause after N requests to the model (default ${DEFAULT_RUN_OPTIONS.maxTurns})
  --max-turns-per-node N
                     pause after N requests at one node (default ${DEFAULT_RUN_OPTIONS.maxTurnsPerNode})
  --max-tokens N, --max-cost USD, --max-minutes N
                     pause when this much is spent; the cost goes by the prices of the profile
                     (crewagent limits sets the most that any run may)
  --break-before NODE, --break-after NODE
                     pause at each visit of a node; --break-on TOOL pauses before each call of a tool
                     (a name, or a pattern such as "mcp__*"). May be repeated; resume passes them
  --json             one event a line on standard output, no questions asked
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Examples
  crewagent run examples/create-story --project ./demo --simulate --yes
  crewagent run examples/create-story --project ./demo --simulate --yes --break-before review
  crewagent run story.bmad --project . --model qwen3:8b --base-url http://localhost:11434/v1
  crewagent run story.bmad --project . --agent analyst --input 2
  crewagent run story.bmad --project . --agent analyst --chat

Exit codes
  0 completed, 1 failed or paused, 2 usage, 3 invalid package or project, 4 model not configured,
  5 model provider, 6 waits for a person, 130 interrupted. A run that has stopped can be taken up
  again with: crewagent resume RUN
`;

/** The command `run`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      project: { type: "string" },
      workflow: { type: "string" },
      agent: { type: "string" },
      input: { type: "string" },
      chat: { type: "boolean", default: false },
      set: { type: "string", multiple: true },
      ...CONNECTION_OPTIONS,
      answers: { type: "string" },
      yes: { type: "boolean", default: false },
      ...RULE_OPTIONS,
      ...GUARD_OPTIONS,
      terminal: { type: "boolean", default: false },
      record: { type: "string" },
      "max-turns": { type: "string" },
      "max-turns-per-node": { type: "string" },
      ...BUDGET_OPTIONS,
      ...BREAK_OPTIONS,
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const source = onePositional(positionals, "PACKAGE", "crewagent run PACKAGE --project DIR");
    if (!values.project) throw new AppError("USAGE", "Name the project folder with --project DIR");
    if (values.chat && values.workflow !== undefined) {
      throw new AppError("USAGE", "--chat talks with an agent, so it goes without --workflow");
    }
    const record = traceName(values.record);
    const turns = turnsOf(values);
    const answers = await readAnswers(values.answers);
    const dataDir = dataFolder(values.data);
    const connection = chooseConnection(values, dataDir);
    const run = await startRun({
      source,
      projectDir: values.project,
      dataDir,
      connection,
      workflowId: values.workflow,
      agentId: values.agent,
      input: values.input,
      ...(values.chat && { entry: "chat" as const }),
      ...inputsOf(values.set),
      breakpoints: breakpointsOf(values),
      options: {
        ...DEFAULT_RUN_OPTIONS,
        allowAll: values.yes,
        ...turns,
        ...rulesOf(values),
        ...budgetsOf(values),
        ...guardOptionsOf(values),
        ...(values.terminal && { terminal: true }),
      },
    });
    if (!values.json) announceProfile(dataDir, connection);
    const exitCode = await driveAtTerminal(run, { answers, json: values.json });
    if (record !== undefined) await writeTrace(run, record);
    return exitCode;
  },
};

/** The name must be right before the run: a run is too much to lose over a typing mistake. */
function traceName(path: string | undefined): string | undefined {
  if (path === undefined || path.endsWith(TRACE_EXTENSION)) return path;
  throw new AppError(
    "USAGE",
    `Name a file that ends in ${TRACE_EXTENSION} for --record, not "${path}"`,
  );
}

async function writeTrace({ folder, record, dataDir }: OpenRun, path: string): Promise<void> {
  const files = openProjectFiles(record.projectDir, dataDir);
  try {
    const trace = await recordTrace(folder, files);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, formatTrace(trace));
    console.error(`Recorded ${printable(path)}`);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("FILE_WRITE_FAILED", `The trace "${path}" cannot be written`, { cause });
  } finally {
    files.close();
  }
}

type TurnOption = "max-turns" | "max-turns-per-node";

function turnsOf(
  values: Readonly<Partial<Record<TurnOption, string | undefined>>>,
): Pick<RunOptions, "maxTurns" | "maxTurnsPerNode"> {
  const { maxTurns, maxTurnsPerNode } = DEFAULT_RUN_OPTIONS;
  return {
    maxTurns: positiveInteger(values, "max-turns") ?? maxTurns,
    maxTurnsPerNode: positiveInteger(values, "max-turns-per-node") ?? maxTurnsPerNode,
  };
}

function positiveInteger(
  values: Readonly<Partial<Record<TurnOption, string | undefined>>>,
  name: TurnOption,
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new AppError("USAGE", `--${name} takes a whole number from 1, not "${text}"`);
}
