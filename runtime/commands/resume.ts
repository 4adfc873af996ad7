// `crewagent resume`: takes a stopped run up where its state and log say it stands.
import { dropBreakpoints, readBreakpoints, setBreakpoint } from "../run/breakpoints.ts";
import { dataFolder } from "../run/data_folder.ts";
import { findRun } from "../run/run_folder.ts";
import { retryNode } from "../run/retry_node.ts";
import { type OpenRun, openRun } from "../run/start_run.ts";
import { BREAK_OPTIONS, breakpointsOf, type BreakValues } from "./break_options.ts";
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
  --to NODE          pause before this node, once
  --break-before NODE, --break-after NODE, --break-on TOOL
                     from now on, pause there too; as for run
  --no-breaks        remove the breakpoints that were set so far
  --retry            begin the node where it stands afresh, with a new conversation; what it wrote stays
  --yes              from now on, allow writes outside artifacts/ without asking
  --json             one event a line on standard output, no questions asked
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Examples
  crewagent resume last
  crewagent resume last --to review

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
      to: { type: "string" },
      ...BREAK_OPTIONS,
      "no-breaks": { type: "boolean", default: false },
      retry: { type: "boolean", default: false },
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
    changeBreakpoints(run, values);
    const { folder, package: { workflows } } = run;
    if (values.retry) await retryNode({ folder, workflows });
    if (!values.json) announceProfile(dataDir, run.record.connection);
    return await driveAtTerminal(run, { answers, json: values.json });
  },
};

interface ResumeBreaks extends BreakValues {
  readonly to?: string | undefined;
  readonly "no-breaks": boolean;
}

function changeBreakpoints(
  { folder, record, package: { workflows } }: OpenRun,
  values: ResumeBreaks,
) {
  if (values["no-breaks"]) {
    const all = readBreakpoints(folder).map(({ breakpointId }) => breakpointId);
    dropBreakpoints(folder, new Set(all));
  }
  const to = values.to === undefined
    ? []
    : [{ at: "before", nodeId: values.to, once: true } as const];
  const context = { workflows, hasPrices: record.connection.prices !== undefined };
  for (const breakpoint of [...breakpointsOf(values), ...to]) {
    setBreakpoint(folder, breakpoint, context);
  }
}
