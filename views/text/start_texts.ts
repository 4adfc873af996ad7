// Texts of starting a run and of speaking to it: the three ways, the form, the composer.
import type { TextArea } from "./texts.ts";

/** Texts of starting a run and of speaking to it. */
export const startTexts = {
  ways: "Ways to start",
  agentWay: "With an agent",
  agentWayLead: "Pick what you want from an agent's menu, or write it in your own words.",
  workflowWay: "With a workflow",
  workflowWayLead: "Choose a workflow and fill in what it wants to know.",
  chatWay: "Just talk",
  chatWayLead: "Talk with an agent. It can read the folder, and changes nothing.",

  agents: "Agents",
  menu: (name: string) => `What ${name} offers`,
  noMenu: (name: string) => `${name} has no menu. Write below what you want.`,
  say: "Or write what you want",
  sayHint:
    "A number or words from the menu start that item. Anything else starts a chat with the agent.",
  send: "Go",
  choices: "Which one?",
  noAgents: "This package has no agent that can be read",
  noAgentsHint: "Mend its agents first; the package's page says what is wrong.",
  noWorkflows: "This package has no workflow yet",
  noWorkflowsHint: "Add one on the package's page, or talk with an agent.",
  toPackage: "To the package",

  workflows: "Workflows",
  entry: "Entry",
  entryTitle: "What the package starts with if nothing else is said",
  steps: (count: number) => `${count} ${count === 1 ? "node" : "nodes"}`,
  inputs: "What it wants to know",
  required: "required",
  presetIs: (value: string) => `Empty means: ${value}`,
  jsonHint: "As JSON.",
  files: "It reads these files of your folder",
  withAgent: "Agent",
  withAgentHint: "Speaks wherever a node names no agent of its own.",
  firstAgent: (name: string) => `${name} (the package's first)`,
  words: "Anything else it should know",
  wordsHint: "Told to the model at the start. May be empty.",
  firstWords: "Your first words",
  firstWordsHint: "May be empty; then the agent waits for you.",
  startChat: "Start the chat",

  simulation: "Simulation: no model, placeholders only",
  noProfiles: "No model is set up yet.",
  noProfilesHint:
    "Add one in the settings, or choose the simulation: it needs no model and shows in seconds what happens.",
  toProfiles: "Set up a model",
  scoreLow: (score: number, name: string) =>
    `${name} reached ${score} of 100 in its last test. It may skip steps or get tool calls wrong; look at what it does.`,
  neverTested: (name: string) =>
    `${name} was never tested. A test in the settings shows in a minute whether it can follow a workflow.`,

  noFolder: "You have no folder yet",
  noFolderHint: "Choose a folder of this machine. The run reads it and writes to it.",
  chooseFolder: "Choose a folder",
  optionsHint: "Limits and what is allowed without asking; the usual values are safe.",
  dismissed: "The agent is dismissed. Choose what to do next.",
  nothingToResume: "There is no stopped run of this package to go on with.",
  fixBelow: "Something is missing; it is marked below.",

  composer: "Write to the run",
  composerChat: (name: string) => `Write to ${name}`,
  sendWords: "Send",
  keys: "Enter sends, Shift+Enter begins a new line.",
  keysPlain: "Commands: /menu /pause /stop /resume /dismiss",
  isGoing: "The run goes on. It reads what you write before its next step.",
  isAsking: "Answer above first; what you write here is read after that.",
  isStopped: "The run has stopped. What you write takes it up again.",
  chatWaits: "It is your turn.",
  chatAnswers: "The agent is answering.",
  isCompleted: "This run is completed.",
  chatEnded: "This chat is over.",
  talkAgain: "Start a new chat",
  queued: "Not read yet",
  unread: "The run had ended before it read this",
  agentMenu: (name: string) => `Menu of ${name}`,
  agentMenuHint: "Each starts a run of its own, on the same folder with the same model.",
  emptyWords: "Write something first, or use a command such as /menu",
  unknownCommand: (text: string) =>
    `"${text}" is no command. There are /menu, /pause, /stop, /resume and /dismiss`,
  earlier: (count: number) => `Show earlier entries (${count.toLocaleString("en")})`,
  latest: "To the latest entries",
  endChat: "End the chat",

  chatTitle: "Chat",
} satisfies TextArea;
