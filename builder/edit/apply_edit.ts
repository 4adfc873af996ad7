// One edit → the next draft. The only way a package changes. Pure: no I/O, no clock, no randomness.
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import type { Edit, EditKind, EditOf } from "../../schemas/edit.ts";
import { addAgent, changeAgent, deleteAgent, duplicateAgent, renameAgent } from "./agent_edits.ts";
import { type Draft, openDraft } from "./draft.ts";
import { addEdge, changeEdge, deleteEdges, setEntry } from "./edge_edits.ts";
import { deleteFile, renameFile, writeFile } from "./file_edits.ts";
import { readJsonObject, withKeys } from "./json_document.ts";
import { changeNode } from "./node_change.ts";
import { deleteNodes } from "./node_delete.ts";
import { addNode, layOut, moveNodes, renameNode, spliceNode } from "./node_edits.ts";
import { duplicateNodes, pasteNodes } from "./node_paste.ts";
import { oneLine, withSoundTexts } from "./plain_text.ts";
import { refuseUnseen } from "./seen.ts";
import { touchedBy } from "./touched.ts";
import { changeManifest, changeWorkflow } from "./workflow_change.ts";
import {
  addWorkflow,
  deleteWorkflow,
  duplicateWorkflow,
  makeDefault,
  orderWorkflows,
  renameWorkflow,
} from "./workflow_edits.ts";
import { WorkingCopy } from "./working_copy.ts";

/** What an edit needs from outside. */
export interface EditContext {
  /** A new random word of `[a-z0-9]`, 6 characters or more. */
  readonly newId: () => string;
  /** The draft that the author saw, where it is an older one: what others changed since is not lost. */
  readonly base?: Draft;
}

/** What has to be drawn anew. Ids and refs are those after the edit. */
export interface Touched {
  /** The workflow that was edited, under its new id; absent if the edit is about none. */
  readonly workflowId?: string;
  /** Nodes of that workflow that are new, changed or moved. */
  readonly nodeIds: readonly string[];
  readonly removedNodeIds: readonly string[];
  /** Edges that are new, changed, or have an end that moved. */
  readonly edgeRefs: readonly string[];
  readonly removedEdgeRefs: readonly string[];
  /** Nodes that the edit made: what the editor selects. */
  readonly newNodeIds: readonly string[];
  readonly agentIds: readonly string[];
  /** The list of workflows, the list of agents or the manifest changed. */
  readonly isPackageChanged: boolean;
}

/** What came of an edit. */
export interface EditResult {
  readonly draft: Draft;
  /** Path → new content, or `null` for a file that is gone. Empty if the edit changes nothing. */
  readonly changes: ReadonlyMap<string, Uint8Array | null>;
  readonly touched: Touched;
  /** A short phrase for the undo menu, such as `Move 3 nodes`. */
  readonly summary: string;
  /** What the revision belongs to: `workflow:<id>`, `agent:<id>`, `file:<path>`, `package`. */
  readonly scope: string;
}

/**
 * Applies an edit (valid against `edit.schema.json`). Files that it does not concern keep their bytes;
 * in the others comments, key order and unknown keys survive. The same draft, edit and context give
 * the same bytes.
 * @throws AppError `EDIT_REFUSED` if a rule forbids it; `EDIT_CONFLICT` if what it is about is gone, or
 * is not as the author saw it (`context.base`)
 */
export function applyEdit(draft: Draft, edit: Edit, context: EditContext): EditResult {
  const sound = soundEdit(edit);
  if (context.base) refuseUnseen(context.base, draft, sound);
  const work = new WorkingCopy(draft, context.newId);
  const summary = perform(work, sound);
  if (work.changes().size > 0) dropPromise(work, sound);
  const changes = work.changes();
  const after = changes.size === 0 ? draft : withFiles(draft, changes);
  const touched = touchedBy(sound, { work, after, changed: changes });
  return {
    draft: after,
    changes,
    touched,
    summary: short(summary),
    scope: scopeOf(sound, touched),
  };
}

/** The text of a raw file is kept as it is; all other texts of people are made sound. */
function soundEdit(edit: Edit): Edit {
  return edit.kind === "file.write" ? edit : withSoundTexts(edit) as Edit;
}

function perform(work: WorkingCopy, edit: Edit): string {
  const apply = EDITS[edit.kind] as (work: WorkingCopy, edit: Edit) => string;
  return apply(work, edit);
}

const EDITS: { readonly [Kind in EditKind]: (work: WorkingCopy, edit: EditOf<Kind>) => string } = {
  "node.add": addNode,
  "nodes.move": moveNodes,
  "node.splice": spliceNode,
  "node.change": changeNode,
  "node.rename": renameNode,
  "nodes.delete": deleteNodes,
  "nodes.duplicate": duplicateNodes,
  "nodes.paste": pasteNodes,
  "edge.add": addEdge,
  "edge.change": changeEdge,
  "edges.delete": deleteEdges,
  "entry.set": setEntry,
  "layout.auto": layOut,
  "workflow.add": addWorkflow,
  "workflow.change": changeWorkflow,
  "workflow.rename": renameWorkflow,
  "workflow.duplicate": duplicateWorkflow,
  "workflow.delete": deleteWorkflow,
  "workflows.order": orderWorkflows,
  "workflow.default": makeDefault,
  "agent.add": addAgent,
  "agent.change": changeAgent,
  "agent.rename": renameAgent,
  "agent.duplicate": duplicateAgent,
  "agent.delete": deleteAgent,
  "manifest.change": changeManifest,
  "file.write": writeFile,
  "file.delete": deleteFile,
  "file.rename": renameFile,
};

/** The hash that the manifest promises is that of other content now; export can stamp a new one. */
function dropPromise(work: WorkingCopy, edit: Edit): void {
  // Who writes the manifest as text says what stands in it.
  if (edit.kind === "file.write" && edit.path === MANIFEST_PATH) return;
  const manifest = readJsonObject(work.files.get(MANIFEST_PATH));
  if (!manifest || !Object.hasOwn(manifest, "integrity")) return;
  work.writeJson(MANIFEST_PATH, withKeys(manifest, { integrity: undefined }));
}

const MAX_SUMMARY_CHARS = 80;

function short(summary: string): string {
  const chars = Array.from(oneLine(summary));
  return chars.length <= MAX_SUMMARY_CHARS
    ? chars.join("")
    : `${chars.slice(0, MAX_SUMMARY_CHARS - 1).join("")}…`;
}

function scopeOf(edit: Edit, { workflowId, agentIds }: Touched): string {
  switch (edit.kind) {
    case "workflow.add":
    case "workflow.duplicate":
    case "workflow.delete":
    case "workflows.order":
    case "workflow.default":
    case "manifest.change":
      return "package";
    case "agent.add":
    case "agent.duplicate":
      return `agent:${agentIds[0] ?? ""}`;
    case "agent.rename":
      return `agent:${edit.newAgentId}`;
    case "agent.change":
    case "agent.delete":
      return `agent:${edit.agentId}`;
    case "file.rename":
      return `file:${edit.newPath}`;
    case "file.write":
    case "file.delete":
      return workflowId === undefined ? `file:${edit.path}` : `workflow:${workflowId}`;
    default:
      return `workflow:${workflowId ?? ""}`;
  }
}

/** The draft with these contents in place, as an undo needs it; `null` removes a file. */
export function withFiles(
  draft: Draft,
  changes: ReadonlyMap<string, Uint8Array | null>,
): Draft {
  const files = new Map(draft.files);
  for (const [path, bytes] of changes) {
    if (bytes === null) files.delete(path);
    else files.set(path, bytes);
  }
  return openDraft(files);
}
