// Texts of the list of packages and of the page of one package.
import type { TextArea } from "./texts.ts";

const count = (number: number, one: string, many: string) =>
  `${number} ${number === 1 ? one : many}`;

/** Texts of the list of packages and of the page of one package. */
export const packageTexts = {
  title: "Packages",
  new: "New package",
  import: "Import",
  importChoose: "A .bmad file to import",
  importSend: "Import the chosen file",
  dropHere: "Drop a .bmad file to import it",
  search: "Search packages",
  searchSend: "Search",
  changed: "Changed",
  moreWorkflows: (number: number) => `${number} more`,
  actionsOf: (name: string) => `Actions for ${name}`,
  noDescription: "No description yet",
  emptyTitle: "No packages yet",
  empty:
    "A package holds agents and the workflows they follow. Start one from a template, or drop a .bmad file here.",
  nothingFoundTitle: (words: string) => `Nothing found for “${words}”`,
  nothingFound: "The search looks at names, descriptions and workflows.",
  showAll: "Show all packages",
  found: (number: number) => count(number, "package", "packages"),
  deleted: (name: string) => `“${name}” is in the bin.`,
  undo: "Undo",
  bin: "Bin",
  binTitle: "Deleted packages",
  binLead: "They stay here for 30 days and come back with all their history.",
  binEmptyTitle: "The bin is empty",
  binEmpty: "Packages that you delete stay here for 30 days.",
  deletedAt: "Deleted",
  restore: "Restore",
  restoreNamed: (name: string) => `Restore ${name}`,

  newTitle: "New package",
  name: "Name",
  startFrom: "Start from",
  blank: "Blank",
  blankDescription: "One agent, one step and an end: the smallest package that runs.",
  create: "Create package",
  cancel: "Cancel",
  renameTitle: (name: string) => `Rename “${name}”`,
  rename: "Rename",

  importRefusedTitle: (file: string) => `“${file}” was not imported`,
  importRefused: "Mend the errors in the file and import it again. Nothing was created.",
  importFailed: "Nothing was created.",
  imported: "Imported.",
  importedRenamed: (name: string) =>
    `Imported as “${name}”, since you have a package of its own name already.`,
  backToPackages: "Back to the packages",

  run: "Run",
  export: "Export",
  exportRefusedTitle: "This package cannot be exported yet",
  exportRefused: "These errors would stop it from running. Warnings do not matter here.",
  duplicate: "Duplicate",
  delete: "Delete",

  overview: "Overview",
  agents: "Agents",
  assets: "Assets",
  manifest: "Manifest",
  versions: "Versions",
  sections: "Parts of the package",

  workflows: "Workflows",
  isDefault: "Default",
  nodes: (number: number) => count(number, "node", "nodes"),
  moveUp: (name: string) => `Move ${name} up`,
  moveDown: (name: string) => `Move ${name} down`,
  makeDefault: "Make default",
  outline: "Outline",
  openWorkflow: "Open",
  workflowActions: (name: string) => `Actions for the workflow ${name}`,
  addWorkflow: "Add workflow",
  workflowName: "Name of the new workflow",
  workflowNameExample: "Review the draft",
  workflowsNone: "The manifest names no workflow that can be read.",

  agentsNone: "No agent can be read from agents.json.",
  agentUses: (number: number) => number === 0 ? "not used" : count(number, "node", "nodes"),
  addAgent: "Add agent",
  agentName: "Name of the new agent",

  assetsNone: "No assets. Templates, checklists and data that agents read go here.",
  manageAssets: "Manage",
  bytes: (bytes: number) =>
    bytes < 1000
      ? `${bytes} B`
      : bytes < 1e6
      ? `${(bytes / 1e3).toFixed(1)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`,

  version: "Version",
  author: "Author",
  schemaVersion: "Format",
  description: "Description",
  network: "Needs network",
  yes: "yes",
  no: "no",
  change: "Change",

  findings: "Findings",
  findingsNone: "Nothing is wrong. The package can be exported and run.",
  errors: (number: number) => count(number, "error", "errors"),
  warnings: (number: number) => count(number, "warning", "warnings"),
  error: "Error",
  warning: "Warning",
  line: (line: number) => `line ${line}`,

  versionsTitle: "Versions",
  versionsLead:
    "A version keeps all files as they are now, under a label. Every edit is saved without one.",
  versionLabel: "Label",
  versionNotes: "What is new",
  versionCreate: "Keep this version",
  versionsNoneTitle: "No versions yet",
  versionsNone: "Keep one before a big change, or when you hand the package on.",
  versionCurrent: "as it is now",
  compareTitle: (label: string) => `What changed since ${label}`,
  compareNone: "Nothing: the package is as this version has it.",
  compareBinary: "Not a text: the contents differ.",
  fileAdded: "added",
  fileRemoved: "removed",
  fileChanged: "changed",
  restoreVersion: "Bring this version back",
  restoredVersion: "The files are as that version has them. Undo takes it back.",
} satisfies TextArea;
