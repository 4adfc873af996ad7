// `crewagent changes`: what a run did to the project, as diffs.
import { EXIT } from "../../schemas/error.ts";
import { changedFiles, type FileHistory } from "../run/changes.ts";
import { dataFolder } from "../run/data_folder.ts";
import { openStory, type RunStory } from "../run/run_story.ts";
import { openProjectFiles, type ProjectFiles } from "../tools/project_files.ts";
import type { Command } from "./command.ts";
import { onePositional, readOptions } from "./options.ts";
import { paintDiff, palette, printable, wantsColour } from "./terminal.ts";

const HELP = `Usage: crewagent changes RUN [--json] [--data DIR]

Shows every project file that a run changed, as a diff from what it held before the run to what it
holds now. A file that somebody else changed since is marked. Of a file that "crewagent export" made,
it shows what the run left.

Options
  --json             a list of {path, before, after, present, changedSince} with SHA-256s
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Example
  crewagent changes last

Exit codes: 0 ok, 2 usage, 3 no such run.
`;

/** The command `changes`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const dataDir = dataFolder(values.data);
    const story = await openStory(
      dataDir,
      onePositional(positionals, "RUN", "crewagent changes RUN"),
    );
    const files = openProjectFiles(story.projectDir ?? dataDir, dataDir);
    try {
      const changes = await Promise.all(
        changedFiles(story.events).map((history) => presentChange(story, files, history)),
      );
      if (values.json) console.log(JSON.stringify(changes.map(facts), null, 2));
      else await showChanges(story, files, changes);
      return EXIT.ok;
    } finally {
      files.close();
    }
  },
};

/** A changed file and what it holds now; of an exported run, what the run left. */
interface PresentChange extends FileHistory {
  readonly present: string | null;
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
}

async function presentChange(
  { projectDir, blob }: RunStory,
  files: ProjectFiles,
  history: FileHistory,
): Promise<PresentChange> {
  if (projectDir === undefined) {
    const { after } = history;
    return { ...history, present: after, bytes: after === null ? undefined : blob(after) };
  }
  const file = await files.load(history.path);
  return { ...history, present: file?.sha256 ?? null, bytes: file?.bytes };
}

function facts({ path, before, after, present, known }: PresentChange) {
  return { path, before, after, present, changedSince: !known.has(present) };
}

async function showChanges(
  { blob }: RunStory,
  files: ProjectFiles,
  changes: readonly PresentChange[],
): Promise<void> {
  const paint = palette(wantsColour(Deno.stdout));
  if (changes.length === 0) console.log("The run changed no file of the project");
  for (const { path, before, present, known, bytes } of changes) {
    const foreign = known.has(present) ? "" : paint.yellow("  changed since by somebody else");
    console.log(`${paint.bold(printable(path))}${foreign}`);
    const old = before === null ? null : blob(before);
    if (present === null) console.log(paint.dim("(the file is gone)"));
    else if (!bytes || old === undefined) console.log(paint.dim("(the content is not kept)"));
    else console.log(paintDiff(printable(await files.diff(path, old, bytes)), paint));
  }
}
