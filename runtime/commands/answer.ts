// `crewagent answer`: answers what a waiting run asks, and drives it on.
import { AppError, EXIT } from "../../schemas/error.ts";
import { answerQuestion, decideApproval, type OpenMatter, openMatter } from "../run/answer_run.ts";
import { NO_ANSWERS } from "../run/answers.ts";
import { dataFolder } from "../run/data_folder.ts";
import { findRun, type RunFolder } from "../run/run_folder.ts";
import { openRun } from "../run/start_run.ts";
import type { Command } from "./command.ts";
import { driveAtTerminal } from "./drive_at_terminal.ts";
import { readOptions } from "./options.ts";
import { argumentLines, printable } from "./terminal.ts";

const HELP = `Usage: crewagent answer RUN [TEXT | --allow | --deny] [options]

Answers what a waiting run asks, from any terminal, and drives the run on. Without an answer it shows
the question.

TEXT answers a question: words, the number or text of an option, yes or no, or a JSON object for a form.
RUN is a run's id, an unambiguous part of its beginning or end, or "last".

Options
  --allow            consent to the tool call that waits
  --for-run          with --allow: for this tool and file until the run ends
  --always           with --allow: in every run of this package and agent; see "crewagent policy"
  --deny             refuse the call
  --reason TEXT      with --deny: why; the model is told
  --stay             only note the answer; somebody resumes the run later
  --json             one event a line on standard output
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Examples
  crewagent answer last
  crewagent answer last "Renewals for members of the library"
  crewagent answer last --deny --reason "use another file"

Exit codes: as for run; 1 also if the run waits for nothing or is driven elsewhere.
`;

/** The command `answer`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      allow: { type: "boolean", default: false },
      "for-run": { type: "boolean", default: false },
      always: { type: "boolean", default: false },
      deny: { type: "boolean", default: false },
      reason: { type: "string" },
      stay: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const [wanted, text, more] = positionals;
    if (wanted === undefined || more !== undefined) {
      throw new AppError("USAGE", "Usage: crewagent answer RUN [TEXT | --allow | --deny]");
    }
    if ([text !== undefined, values.allow, values.deny].filter(Boolean).length > 1) {
      throw new AppError("USAGE", "Give one of TEXT, --allow and --deny");
    }
    const dataDir = dataFolder(values.data);
    const folder = findRun(dataDir, wanted);
    if (text !== undefined) answerQuestion(folder, text);
    else if (values.allow) {
      const scope = values.always ? "always" : values["for-run"] ? "run" : "once";
      decideApproval(dataDir, folder, { decision: "allow", scope });
    } else if (values.deny) {
      const reason = values.reason === undefined ? {} : { reason: values.reason };
      decideApproval(dataDir, folder, { decision: "deny", scope: "once", ...reason });
    } else return showMatter(folder);
    if (values.stay) return EXIT.ok;
    const run = await openRun(dataDir, folder, { allowAll: false });
    return await driveAtTerminal(run, { answers: NO_ANSWERS, json: values.json });
  },
};

function showMatter(folder: RunFolder): number {
  const matter = openMatter(folder);
  if (matter) console.log(printable(describe(matter)));
  else console.log("The run waits for no answer. Go on with: crewagent resume RUN");
  return matter ? EXIT.waiting : EXIT.ok;
}

function describe(matter: OpenMatter): string {
  if (matter.kind === "approval") {
    const { tool, path = "", diff = "" } = matter;
    const question = `Allow ${tool} ${path}?  (--allow or --deny)`;
    return [question, ...argumentLines(matter.arguments), diff].join("\n").trim();
  }
  const { question, options = [] } = matter.question;
  return [question, ...options.map((option, index) => `  ${index + 1}. ${option}`)].join("\n");
}
