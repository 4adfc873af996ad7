// `crewagent run`: starts a run of a package on a folder and drives it at the terminal.
import { AppError } from "../../schemas/error.ts";
import { connectionFromEnvironment } from "../llm/connection.ts";
import { dataFolder } from "../run/data_folder.ts";
import { type ConnectionRecord, DEFAULT_RUN_OPTIONS } from "../run/run_folder.ts";
import { startRun } from "../run/start_run.ts";
import type { Command } from "./command.ts";
import { driveAtTerminal, readAnswers } from "./drive_at_terminal.ts";
import { onePositional, readOptions } from "./options.ts";

const HELP = `Usage: crewagent run PACKAGE --project DIR [options]

Runs a workflow of a package (a .bmad file or a folder) on a project folder.

Options
  --project DIR      the folder the workflow may read and write (required)
  --workflow ID      the workflow to run (default: the package's entry)
  --agent ID         the agent that speaks where a node names none (default: the first)
  --input TEXT       what you want, told to the model at the start; with --agent and without
                     --workflow it may name an item of the agent's menu, by number or words
  --model M          the model's name (or CREWAGENT_MODEL)
  --base-url URL     an OpenAI-compatible server (or OPENAI_BASE_URL)
                     the key comes from CREWAGENT_API_KEY, for OpenAI also from OPENAI_API_KEY;
                     a server on this machine needs none
  --simulate         no model: a built-in player follows the steps and writes placeholders
  --answers FILE     JSON with answers to the workflow's questions
  --yes              allow writes outside artifacts/ without asking
  --max-turns N      pause after N requests to the model (default ${DEFAULT_RUN_OPTIONS.maxTurns})
  --json             one event a line on standard output, no questions asked
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Examples
  crewagent run examples/create-story --project ./demo --simulate --yes
  crewagent run story.bmad --project . --model qwen3:8b --base-url http://localhost:11434/v1

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
      model: { type: "string" },
      "base-url": { type: "string" },
      simulate: { type: "boolean", default: false },
      answers: { type: "string" },
      yes: { type: "boolean", default: false },
      "max-turns": { type: "string" },
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const source = onePositional(positionals, "PACKAGE", "crewagent run PACKAGE --project DIR");
    if (!values.project) throw new AppError("USAGE", "Name the project folder with --project DIR");
    const maxTurns = positiveInteger(values["max-turns"]) ?? DEFAULT_RUN_OPTIONS.maxTurns;
    const answers = await readAnswers(values.answers);
    const run = await startRun({
      source,
      projectDir: values.project,
      dataDir: dataFolder(values.data),
      connection: values.simulate
        ? { provider: "simulate", model: "simulation" }
        : servedConnection(values.model, values["base-url"]),
      workflowId: values.workflow,
      agentId: values.agent,
      input: values.input,
      options: {
        ...DEFAULT_RUN_OPTIONS,
        allowAll: values.yes,
        maxTurns,
      },
    });
    return await driveAtTerminal(run, { answers, json: values.json });
  },
};

/** Checked before anything is made, so that a missing key or model leaves no run behind. */
function servedConnection(model: string | undefined, url: string | undefined): ConnectionRecord {
  const flags = { ...(model && { model }), ...(url && { baseUrl: url }) };
  const { provider, ...chosen } = connectionFromEnvironment(flags, Deno.env.toObject());
  return { provider, model: chosen.model, baseUrl: chosen.baseUrl };
}

function positiveInteger(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new AppError("USAGE", `--max-turns takes a whole number from 1, not "${text}"`);
}
