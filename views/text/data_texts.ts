// Texts of the settings page of the data folder.
import type { TextArea } from "./texts.ts";

/** Texts of the settings page of the data folder. */
export const dataTexts = {
  title: "Data",
  lead: "Everything that CrewAgent keeps is in one folder. Your projects are not in it.",
  folder: "Folder",
  free: "Free on its disk",
  total: "In use",
  columnPart: "Part",
  columnSize: "Size",
  columnFiles: "Files",
  partRuns: "Runs with their logs",
  partRunsHint: (size: string) => `${size} of it are contents that make changes revertible`,
  partPackages: "Packages as runs use them",
  partDatabase: "Accounts, packages and their history",
  partCaches: "Downloads of MCP servers",
  partTrash: "Bin",
  partOther: "Settings and the rest",
  runsTitle: "Old runs",
  runsLead:
    "Choose what goes to the bin; it is put back from there. Files that a run made stay in their project, but its changes cannot be reverted without it.",
  olderThan: "Not touched for days",
  which: "Which",
  whichEnded: "completed and failed",
  whichAll: "also runs that could go on",
  find: "Find",
  found: (count: number, size: string) => count === 1 ? `1 run, ${size}` : `${count} runs, ${size}`,
  foundNone: "No run is that old.",
  columnRun: "Run",
  columnPackage: "Package",
  columnPhase: "State",
  columnUpdated: "Last touched",
  columnActions: "Actions",
  chooseRun: (runId: string) => `Choose ${runId}`,
  ofAnother: (username: string) => `of ${username}`,
  ofNobody: "of another account",
  trash: "Move the chosen runs to the bin",
  trashed: (count: number) =>
    count === 1 ? "1 run is in the bin." : `${count} runs are in the bin.`,
  kept: (count: number) =>
    count === 1 ? "1 run stays: it is going on." : `${count} runs stay: they are going on.`,
  trashTitle: "Bin",
  trashLead: "Runs here are in no list. They take their room until the bin is emptied.",
  trashNone: "The bin is empty.",
  putBack: "Put back",
  putBackRun: (runId: string) => `Put back ${runId}`,
  putBackDone: (runId: string) => `The run ${runId} is back.`,
  empty: (count: number, size: string) =>
    count === 1 ? `Delete 1 run for good (${size})` : `Delete ${count} runs for good (${size})`,
  emptied: (count: number) => count === 1 ? "1 run is deleted." : `${count} runs are deleted.`,
  packagesTitle: "Copies of packages",
  packagesLead:
    "Each run works on its own copy of the package, so that it can go on whatever becomes of the package. Copies that no run needs can go; a run in the bin still needs its own.",
  packagesNone: "Every copy is needed by a run, or younger than an hour.",
  packages: (count: number, size: string) =>
    count === 1 ? `Delete 1 copy (${size})` : `Delete ${count} copies (${size})`,
  packagesGone: (count: number, size: string) =>
    count === 1
      ? `1 copy is deleted: ${size} freed.`
      : `${count} copies are deleted: ${size} freed.`,
  phaseIdle: "not started",
  phaseRunning: "running",
  phaseWaiting: "waiting",
  phasePaused: "paused",
  phaseCompleted: "completed",
  phaseFailed: "failed",
  phaseInterrupted: "interrupted",
} satisfies TextArea;
