// `crewagent resume`: takes a stopped run up where its state and log say it stands.
import { dataFolder } from "../run/data_folder.ts";
import { findRun } from "../run/run_folder.ts";
import { openRun } from "../run/start_run.ts";
import { chooseConnection, CONNECTION_OPTIONS, namesModel } from "./choose_connection.ts";
import type { Command } from "./command.ts";
import { driveAtTerminal, readAnswers } from "./drive_at_terminal.ts";
import { announceProfile } from "./named_profile.ts";
import { onePositional, readOptions } from "./options.ts";

const HELP = `Usage: crewagent resume RUN [options]

Goes on with a run that waits, was paused, failed or was interrupted. Tool calls that finished are not
repeated; one that was cut off is reported to the model, which checks before it calls again.

RUN is a run's id, an unambiguous part of its beginning or end, or "last".

Options
  --answers FILE     JSON with answers to the workflow's questions
  --input TEXT       words for the model, where it had stopped without finishing, or in a chat
  --end              ends a chat
  --model M, --base-url URL, --profile NAME, --simulate
                     from now on, another model than the run had; as for run
  --package PKG      go on with this package; refused if the run does not fit it. The run keeps its
                     own copy otherwise
  --yes              from now on, allow writes outside artifacts/ without asking
  --json             one event a line on standard output, no questions asked
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Example
  crewagent resume last

Exit codes: as for run; 3 also if there is no such run, 1 if it is completed or driven elsewhere.
`;

/** The command `resume`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      answers: { type: "string" },
      input: { type: "string" },
      end: { type: "boolean", default: false },
      package: { type: "string" },
      ...CONNECTION_OPTIONS,
      yes: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const wanted = onePositional(positionals, "RUN", "crewagent resume RUN");
    const answers = await readAnswers(values.answers);
    const dataDir = dataFolder(values.data);
    const connection = namesModel(values) ? chooseConnection(values, dataDir) : undefined;
    const run = await openRun(dataDir, findRun(dataDir, wanted), {
      allowAll: values.yes,
      advice: values.input,
      ...(values.end && { endsTalk: true as const }),
      source: values.package,
      connection,
    });
    if (!values.json) announceProfile(dataDir, run.record.connection);
    return await driveAtTerminal(run, { answers, json: values.json });
  },
};
