// Texts of what runs leave behind: the history, the inbox, tool calls, artifacts, changes, the log.
import type { TextArea } from "./texts.ts";

const counted = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** Texts of what runs leave behind. */
export const recordTexts = {
  search: "Search",
  searchHint: "Words in any part",
  status: "Status",
  package: "Package",
  workflow: "Workflow",
  project: "Project",
  since: "Started since",
  all: "All",
  show: "Show",
  clear: "Show all",
  model: "Model",
  started: "Started",
  duration: "Duration",
  tokens: "Tokens",
  tokensOf: (input: string, output: string) => `${input} in, ${output} out`,
  cost: "Cost",
  noCost: "–",
  noCostTitle: "The profile has no prices",
  list: "Runs",
  total: (runs: number) => counted(runs, "run"),
  totalTokens: (input: string, output: string) => `${input} tokens in, ${output} out`,
  totalModel: (time: string) => `model ${time}`,
  range: (from: number, to: number, all: number) =>
    `${from.toLocaleString("en")}–${to.toLocaleString("en")} of ${all.toLocaleString("en")}`,
  older: "Older",
  newer: "Newer",
  none: "No run fits",
  noneHint: "Ask for less: another status, an earlier day, fewer words.",

  waits: (count: number) => `${counted(count, "run waits", "runs wait")} for you`,
  asksYou: (name: string) => `${name} asks you something`,
  needsConsent: (name: string) => `${name} needs your consent`,
  needsWords: (name: string) => `${name} waits for your words`,
  notify: "Notify me in this browser",
  notifyOn:
    "This browser tells you when something new waits, as long as a page of CrewAgent is open.",
  notifyOff: "Notifications of this site are blocked in the browser's settings.",
  inboxChanged: "Something changed while you were writing.",
  inboxReload: "Show it",
  answerHere: (name: string) => `Answer to ${name}`,
  choose: "Choose",
  needsPage: "This is answered on the page of the run.",

  filter: "Filter",
  tool: "Tool",
  outcome: "Outcome",
  done: "done",
  failed: "failed",
  open: "under way",
  callNone: "No call fits.",
  callPath: "File",
  arguments: "Arguments",
  result: "Result",
  toEarlier: "Earlier",
  toLater: "Later",
  atNode: (node: string, turn: number | null) => turn === null ? node : `${node}, turn ${turn}`,

  artifactMeta: (bytes: string, writes: number) => `${bytes}, written ${counted(writes, "time")}`,
  artifactGone: "gone",
  artifactForeign: "changed since by somebody else",
  export: "Export this run",
  exportHint: "One file that another machine can show, replay and compare.",
  size: (bytes: number) => {
    if (bytes < 1024) return counted(bytes, "byte");
    const kibibytes = bytes / 1024;
    return kibibytes < 1024
      ? `${kibibytes.toFixed(1)} KiB`
      : `${(kibibytes / 1024).toFixed(1)} MiB`;
  },

  provenance: "Where this file comes from",
  lastWriter: "Last written by",
  run: "Run",
  node: "Node",
  turn: "Turn",
  call: "Tool call",
  packageHash: "Content of the package",
  writtenAt: "Written",
  lines: "Lines and who wrote them",
  line: "Line",
  by: "Written by",
  text: "Text",
  before: "before the run",
  others: "somebody else",
  unknown: "not known",
  reverted: "put back",
  toCall: "Show the tool call",
  tooLong: (lines: number) => `Only the first ${lines.toLocaleString("en")} lines are shown.`,
  download: "Download",

  logType: "Type",
  logNode: "Node",
  logText: "Contains",
  logOrder: "Order",
  logNewest: "Newest first",
  logOldest: "From the start",
  logFollows: "New lines appear at the top.",
} satisfies TextArea;
