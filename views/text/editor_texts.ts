// Texts of the workflow editor and of its outline. Those under `said` go to the browser as they are;
// `{name}` in them is filled in there.
import type { TextArea } from "./texts.ts";

const quoted = (name: string) => `“${name}”`;

/** A node, as its label for screen readers needs it. */
export interface NodeWords {
  readonly type: string;
  /** What its second line shows. */
  readonly note: string;
  readonly name: string;
  readonly isEntry: boolean;
}

/** An edge, as its label for screen readers needs it. */
export interface EdgeWords {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly isDefault: boolean;
  /** Empty if there is none. */
  readonly condition: string;
}

/** Texts of the workflow editor and of its outline. */
export const editorTexts = {
  step: "Step",
  decision: "Decision",
  merge: "Merge",
  end: "End",
  subworkflow: "Subworkflow",
  stepHint: "The agent does something",
  decisionHint: "The agent chooses the way on",
  mergeHint: "Ways come together",
  endHint: "The workflow is done",
  subworkflowHint: "Runs another workflow of this package",

  nodeLabel: ({ type, note, name, isEntry }: NodeWords) =>
    `${note === type ? type : `${type}, ${note}`}: ${name}${isEntry ? ", entry" : ""}`,
  edgeLabel: ({ from, to, label, isDefault, condition }: EdgeWords) =>
    `Edge ${quoted(label)} from ${quoted(from)} to ${quoted(to)}` +
    (isDefault ? ", default" : "") + (condition ? `, if ${condition}` : ""),

  canvas: "Canvas of the workflow. Arrow keys walk, N adds a node, ? lists all keys.",
  nodes: "Nodes",
  edges: "Edges",
  toolbar: "Editing",
  palette: "Add a node",
  add: "Add",
  addNamed: (type: string) => `Add: ${type}`,
  undo: "Undo",
  redo: "Redo",
  undoNothing: "Nothing to undo",
  redoNothing: "Nothing to redo",
  layout: "Arrange all nodes",
  fit: "Show everything",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  zoomReset: "Zoom to 100 %",
  search: "Search nodes",
  searchHits: "Hits",
  keys: "Keys",
  keysTitle: "Keys of the editor",
  close: "Close",
  minimap: "Map",
  outline: "Outline",
  canvasView: "Canvas",
  views: "View",
  workflows: "Workflows",
  inspector: "Properties",
  problems: "Problems",
  noProblems: "No problems found.",
  problemsOf: (errors: number, warnings: number) =>
    `${errors} ${errors === 1 ? "error" : "errors"}, ${warnings} ${
      warnings === 1 ? "warning" : "warnings"
    }`,
  error: "Error",
  warning: "Warning",
  fix: "Fix",
  show: "Show",
  elsewhere: "Elsewhere in the package",
  empty: "This workflow has no nodes yet.",
  emptyHint: "Double-click the canvas, drag a node from the left, or press N.",
  broken: "The graph of this workflow cannot be read. Mend its file, then come back.",

  title: "Title",
  type: "Type",
  label: "Label",
  from: "From",
  to: "To",
  isDefault: "Default: taken when nothing else decides",
  isDefaultShort: "Default",
  condition: "Condition, in words",
  conditionHint: "For people and the model, such as “the person asked for a poem”",
  expression: "Condition, as JSONLogic",
  expressionHint: 'Computed over the variables, such as {"==": [{"var": "wish"}, "poem"]}',
  save: "Save",
  cancel: "Cancel",
  delete: "Delete",
  deleteKeep: "Delete and reconnect",
  duplicate: "Duplicate",
  editEdge: "Edge",
  addNode: "New node",
  renameNode: "Title of the node",
  addHint: "Enter adds it; Escape leaves",

  outlineTitle: (workflow: string) => `Outline of ${workflow}`,
  outlineLead:
    "Everything the canvas does, as lists and forms. Changes here and there are the same edits.",
  nodeCount: (nodes: number, edges: number) =>
    `${nodes} ${nodes === 1 ? "node" : "nodes"}, ${edges} ${edges === 1 ? "edge" : "edges"}`,
  entry: "Entry",
  setEntry: "Make it the entry",
  position: "Place",
  x: "X",
  y: "Y",
  move: "Move",
  rename: "Rename",
  nodeId: "Id",
  connect: "Connect",
  connectTo: "Connect to",
  reconnect: "Change the edge",
  waysOn: "Leads to",
  noWaysOn: "Leads nowhere.",
  editNode: "All properties",
  addAfter: "Connected from",
  nowhere: "(not connected)",
  spliceInto: "Into edge",
  agent: "Agent",
  noAgent: "(none)",
  saved: (summary: string) => `Done: ${summary}`,

  saidSelected: "{name} selected",
  saidSelectedMany: "{count} selected",
  saidNothingSelected: "Nothing selected",
  saidDone: "{summary}",
  saidUndone: "Undone: {summary}",
  saidRedone: "Done again: {summary}",
  saidFailed: "Not done: {message}",
  saidOffline: "The server cannot be reached. Your last change is not saved.",
  saidReload: "The page is out of date. Reload it to go on.",
  saidCopied: "{count} copied",
  saidNothingToPaste: "There are no copied nodes to paste",
  saidConnecting:
    "Connecting from {name}. Arrow keys choose the node, Enter connects, Escape leaves.",
  saidReconnecting:
    "Moving an end of the edge. Arrow keys choose the node, Enter connects, Escape leaves.",
  saidTarget: "To {name}",
  saidNoWay: "No node in this direction",
  saidHits: "{count} found, {index} shown",
  saidNoHits: "Nothing found",
  saidOthers: "Changed elsewhere: {summary}",
  saidBadExpression: "The expression is no JSON object: {message}",
  saidLeft: "Left as it was",
} satisfies TextArea;

/** The texts that browser modules say, under their names without `said`. */
export function saidTexts(texts: typeof editorTexts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      name.startsWith("said") && typeof text === "string"
        ? [[name.charAt(4).toLowerCase() + name.slice(5), text]]
        : []
    ),
  );
}
