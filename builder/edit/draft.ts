// A package while it is edited: its files, and what the editor shows of them. Never changed: an edit
// gives a new draft that shares all that stayed (`apply_edit.ts`). No I/O.
import type { Clip, EdgeRef, Point } from "../../schemas/edit.ts";
import type {
  Agent,
  GraphEdge,
  GraphNode,
  Manifest,
  ManifestWorkflow,
  StepFrontMatter,
  WorkflowState,
} from "../../schemas/package.ts";
import type { PackageFiles } from "../../runtime/package/archive.ts";

/** A package as the builder holds it. Everything but `files` is read from them when it is asked for. */
export interface Draft {
  readonly files: PackageFiles;
  /** Has the shape of its type even where `bmad.json` has faults. */
  readonly manifest: Manifest;
  readonly agents: readonly Agent[];
  /** Package-relative path of `agents.json`. */
  readonly agentsPath: string;
  /** In the order of `workflows[]`; of form A the only one, with the id `main`. */
  readonly workflows: readonly DraftListing[];
  /** `undefined` if there is no such workflow. A graph that does not parse gives one without nodes. */
  workflow(workflowId: string): DraftWorkflow | undefined;
}

/** A workflow in the list of all. */
export interface DraftListing extends ManifestWorkflow {
  /** The one that `entry` names. */
  readonly isDefault: boolean;
}

/** A workflow as the editor shows it. */
export interface DraftWorkflow {
  readonly id: string;
  readonly listing: DraftListing;
  readonly entryNodeId: string;
  /** In the order of the graph. */
  readonly nodes: readonly DraftNode[];
  readonly edges: readonly DraftEdge[];
  /** The first node with this id. */
  node(nodeId: string): DraftNode | undefined;
  edge(ref: EdgeRef): DraftEdge | undefined;
  readonly documentPath: string;
  readonly graphPath: string;
  /** `workflow.md`; `undefined` if it does not parse. */
  readonly document: DraftDocument | undefined;
  /** Whether edits of the graph are possible; else the raw file has to be mended first. */
  readonly isEditable: boolean;
}

/** A node with its place on the canvas. */
export interface DraftNode extends GraphNode {
  readonly at: Point;
  /** Package-relative path of its step file, if that exists. */
  readonly path: string | undefined;
}

/** An edge with the name that edits use. */
export interface DraftEdge extends GraphEdge {
  readonly ref: EdgeRef;
}

/** `workflow.md` in parts. */
export interface DraftDocument {
  readonly text: string;
  readonly state: WorkflowState;
  readonly goal: string;
  readonly howToExecute: string;
}

/** A step file in parts, as the node form shows it. */
export interface DraftStep {
  readonly path: string;
  readonly text: string;
  readonly frontMatter: StepFrontMatter;
  readonly goal: string;
  readonly instructions: string;
  readonly completion: string;
}

/** Opens a package. Never throws: what cannot be read is empty, and `findingsOf` says why. */
export function openDraft(_files: PackageFiles): Draft {
  throw new Error("not written yet");
}

/** The step file of a node; `undefined` if it is missing or does not parse. */
export function stepOf(_draft: Draft, _workflowId: string, _nodeId: string): DraftStep | undefined {
  throw new Error("not written yet");
}

/** Nodes and the edges among them, for the clipboard. Ids that do not exist are left out. */
export function copyNodes(_draft: Draft, _workflowId: string, _nodeIds: readonly string[]): Clip {
  throw new Error("not written yet");
}
