// `crewagent fork`: a new run that begins where another one once was.
import { AppError, EXIT } from "../../schemas/error.ts";
import { changedFiles } from "../run/changes.ts";
import { dataFolder } from "../run/data_folder.ts";
import { forkRun, lastVisit } from "../run/fork_run.ts";
import { findRun, readRecord } from "../run/run_folder.ts";
import { readRunLog } from "../run/run_log.ts";
import { openRun } from "../run/start_run.ts";
import { chooseConnection, CONNECTION_OPTIONS, namesModel } from "./choose_connection.ts";
import type { Command } from "./command.ts";
import { driveAtTerminal, readAnswers } from "./drive_at_terminal.ts";
import { announceProfile } from "./named_profile.ts";
import { onePositional, readOptions } from "./options.ts";

const HELP = `Usage: crewagent fork RUN --from NODE [options]

Starts a new run with the state that RUN had when it last came to NODE: to try another model, another
answer, another way. RUN stays as it is. So do the project's files; to put them back first:
crewagent revert RUN --to NODE

Options
  --from NODE        where to begin (required)
  --input TEXT       what you want, told to the model at the start
  --model M, --base-url URL, --profile NAME, --simulate
                     another model than RUN had; as for run
  --answers FILE     JSON with answers to the workflow's questions
  --yes              allow writes outside artifacts/ without asking
  --stay             only make the run; somebody resumes it later
  --json             one event a line on standard output, no questions asked
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Example
  crewagent fork last --from review --model qwen3:8b

Exit codes: as for run; 2 also if RUN never came to NODE.
`;

/** The command `fork`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      ...CONNECTION_OPTIONS,
      from: { type: "string" },
      input: { type: "string" },
      answers: { type: "string" },
      yes: { type: "boolean", default: false },
      stay: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const wanted = onePositional(positionals, "RUN", "crewagent fork RUN --from NODE");
    if (!values.from) throw new AppError("USAGE", "Name the node to begin at with --from NODE");
    const answers = await readAnswers(values.answers);
    const dataDir = dataFolder(values.data);
    const folder = findRun(dataDir, wanted);
    const fork = forkRun({
      dataDir,
      folder,
      nodeId: values.from,
      connection: namesModel(values) ? chooseConnection(values, dataDir) : undefined,
      input: values.input,
      allowAll: values.yes,
    });
    const events = readRunLog(folder.logPath);
    const later = changedFiles(events, lastVisit(events, values.from).seq);
    if (later.length > 0 && !values.json) {
      console.error(
        `The project keeps ${later.length} later change${
          later.length === 1 ? "" : "s"
        } of the forked run`,
      );
    }
    if (values.stay) {
      console.log(readRecord(fork).runId);
      return EXIT.ok;
    }
    const run = await openRun(dataDir, fork, { allowAll: false });
    if (!values.json) announceProfile(dataDir, run.record.connection);
    return await driveAtTerminal(run, { answers, json: values.json });
  },
};
