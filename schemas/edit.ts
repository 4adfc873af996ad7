// The edits of a package: every change from canvas, form, outline, raw file or API is one of these,
// as JSON. `edit.schema.json` says the same for what comes from outside. Not here: what an edit does
// (`builder/edit/apply_edit.ts`).
import type { NodeType, StepCheck } from "./package.ts";

/** A point on the canvas; whole pixels are stored. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Names an edge so that it stays the same under other people's edits: the edge's `id`; for an edge
 * without one (or with one that an earlier edge has) `from>to#n`, the n-th between the two, from 1.
 */
export type EdgeRef = string;

/** Adds a node, its step file and its line in the index of `workflow.md`. */
export interface NodeAdd {
  readonly kind: "node.add";
  readonly workflowId: string;
  readonly type: NodeType;
  readonly title?: string;
  /** Left out: made from the title. */
  readonly nodeId?: string;
  readonly at: Point;
  /** Left out: the agent of `from`, of the edge's start, or the only one of the package. */
  readonly agentId?: string;
  readonly subworkflowRef?: string;
  /** Also adds an edge from this node. */
  readonly from?: { readonly nodeId: string; readonly label?: string };
  /** Splices the node into this edge: the edge then leads to it, a new one leads on. */
  readonly onEdge?: EdgeRef;
}

/** Puts nodes somewhere else on the canvas. */
export interface NodesMove {
  readonly kind: "nodes.move";
  readonly workflowId: string;
  readonly positions: Readonly<Record<string, Point>>;
}

/** Drops a node that exists on an edge: the edge then leads to it, a new one leads on. */
export interface NodeSplice {
  readonly kind: "node.splice";
  readonly workflowId: string;
  readonly nodeId: string;
  readonly edge: EdgeRef;
  readonly at: Point;
}

/** What a form may change of a node. `null` or an empty text removes; left out stays. */
export interface NodeFields {
  readonly title?: string | null;
  readonly type?: NodeType;
  readonly agentId?: string | null;
  readonly description?: string | null;
  readonly inputs?: readonly string[] | null;
  readonly outputs?: readonly string[] | null;
  readonly setsVariables?: readonly string[] | null;
  /** Markdown below `## Goal`; headings inside become level 3. */
  readonly goal?: string | null;
  readonly instructions?: string | null;
  readonly completion?: string | null;
  readonly subworkflowRef?: string | null;
  readonly passContext?: boolean | null;
  readonly checks?: readonly StepCheck[] | null;
}

/** Changes a node, in the graph and in its step file. */
export interface NodeChange {
  readonly kind: "node.change";
  readonly workflowId: string;
  readonly nodeId: string;
  readonly fields: NodeFields;
}

/** Gives a node another id; everything that names it follows, and its file where it bears the id. */
export interface NodeRename {
  readonly kind: "node.rename";
  readonly workflowId: string;
  readonly nodeId: string;
  readonly newNodeId: string;
}

/** Removes nodes with their edges and step files. */
export interface NodesDelete {
  readonly kind: "nodes.delete";
  readonly workflowId: string;
  readonly nodeIds: readonly string[];
  /** Lead what led to them to where they led. */
  readonly reconnect: boolean;
}

/** Copies nodes with the edges among them, moved by some pixels. */
export interface NodesDuplicate {
  readonly kind: "nodes.duplicate";
  readonly workflowId: string;
  readonly nodeIds: readonly string[];
  readonly by: Point;
}

/** Copied nodes, as they stand on the clipboard: made by `copyNodes`, untrusted when it comes back. */
export interface Clip {
  readonly format: "crewagent.nodes/1";
  readonly nodes: readonly ClipNode[];
  readonly edges: readonly ClipEdge[];
}

/** A node of a `Clip`. */
export interface ClipNode {
  readonly id: string;
  readonly type: NodeType;
  readonly title?: string;
  readonly description?: string;
  readonly agentId?: string;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly subworkflowRef?: string;
  readonly passContext?: boolean;
  readonly at: Point;
  /** The whole step file; absent where the node had none that could be read. */
  readonly step?: string;
}

/** An edge between two nodes of a `Clip`. */
export interface ClipEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly isDefault?: boolean;
  readonly conditionText?: string;
  readonly conditionExpr?: Readonly<Record<string, unknown>>;
}

/** Adds the nodes of a clip; the upper left corner of them all comes to `at`. */
export interface NodesPaste {
  readonly kind: "nodes.paste";
  readonly workflowId: string;
  readonly clip: Clip;
  readonly at: Point;
}

/** Connects two nodes. */
export interface EdgeAdd {
  readonly kind: "edge.add";
  readonly workflowId: string;
  readonly from: string;
  readonly to: string;
  /** Left out: a plain word that no other edge between the two has. */
  readonly label?: string;
}

/** What a form may change of an edge. `null` or an empty text removes; left out stays. */
export interface EdgeFields {
  readonly label?: string;
  /** `true` takes the mark from the other edges of the same node. */
  readonly isDefault?: boolean;
  readonly conditionText?: string | null;
  /** JSONLogic over the run's variables. */
  readonly conditionExpr?: Readonly<Record<string, unknown>> | null;
  readonly from?: string;
  readonly to?: string;
}

/** Changes or reconnects an edge. */
export interface EdgeChange {
  readonly kind: "edge.change";
  readonly workflowId: string;
  readonly edge: EdgeRef;
  readonly fields: EdgeFields;
}

/** Removes edges. */
export interface EdgesDelete {
  readonly kind: "edges.delete";
  readonly workflowId: string;
  readonly edges: readonly EdgeRef[];
}

/** Makes a node the one where a run begins. */
export interface EntrySet {
  readonly kind: "entry.set";
  readonly workflowId: string;
  readonly nodeId: string;
}

/** Lays out a workflow, or the named nodes only; the same graph gives the same layout. */
export interface LayoutAuto {
  readonly kind: "layout.auto";
  readonly workflowId: string;
  readonly nodeIds?: readonly string[];
}

/** Adds a workflow of one step and one end. */
export interface WorkflowAdd {
  readonly kind: "workflow.add";
  /** Left out: made from the name. */
  readonly workflowId?: string;
  readonly displayName: string;
}

/** What a form may change of a workflow. `null` or an empty text removes; left out stays. */
export interface WorkflowFields {
  readonly displayName?: string | null;
  readonly description?: string | null;
  readonly tags?: readonly string[] | null;
  readonly workflowType?: string;
  /** Start values of the run's variables, all of them. */
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly inputDocuments?: readonly string[] | null;
  /** Markdown below `## Goal` of `workflow.md`. */
  readonly goal?: string | null;
  /** Markdown below `## How to execute`. */
  readonly howToExecute?: string | null;
}

/** Changes a workflow's listing and its `workflow.md`. */
export interface WorkflowChange {
  readonly kind: "workflow.change";
  readonly workflowId: string;
  readonly fields: WorkflowFields;
}

/** Gives a workflow another id; calls and menus follow, and its folder where it bears the id. */
export interface WorkflowRename {
  readonly kind: "workflow.rename";
  readonly workflowId: string;
  readonly newWorkflowId: string;
}

/** Copies a workflow with all its files. */
export interface WorkflowDuplicate {
  readonly kind: "workflow.duplicate";
  readonly workflowId: string;
  readonly newWorkflowId?: string;
}

/** Removes a workflow with its files. Refused for the last one, and while others call it. */
export interface WorkflowDelete {
  readonly kind: "workflow.delete";
  readonly workflowId: string;
}

/** The order of `workflows[]`; has to name them all. */
export interface WorkflowsOrder {
  readonly kind: "workflows.order";
  readonly workflowIds: readonly string[];
}

/** Makes a workflow the one that `entry` names. */
export interface WorkflowDefault {
  readonly kind: "workflow.default";
  readonly workflowId: string;
}

/** Adds an agent: as given, or a plain one with this id and name. */
export interface AgentAdd {
  readonly kind: "agent.add";
  /** An agent of `agents.json`; what it requires and is missing here gets a plain text. */
  readonly agent: Readonly<Record<string, unknown>>;
}

/**
 * Changes an agent: the keys given take the place of the old ones, `null` removes, others stay.
 * `metadata` and `persona` are merged the same way; lists are replaced whole.
 */
export interface AgentChange {
  readonly kind: "agent.change";
  readonly agentId: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Gives an agent another id; the nodes of all workflows follow. */
export interface AgentRename {
  readonly kind: "agent.rename";
  readonly agentId: string;
  readonly newAgentId: string;
}

/** Copies an agent. */
export interface AgentDuplicate {
  readonly kind: "agent.duplicate";
  readonly agentId: string;
  readonly newAgentId?: string;
}

/** Removes an agent. Refused for the last one, and while nodes use it unless `replaceBy` is given. */
export interface AgentDelete {
  readonly kind: "agent.delete";
  readonly agentId: string;
  /** The nodes get this agent, or none. */
  readonly replaceBy?: string | null;
}

/** What a form may change of `bmad.json`. `null` or an empty text removes; left out stays. */
export interface ManifestFields {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string | null;
  readonly author?: string | null;
  readonly minRuntimeVersion?: string | null;
  readonly requiresNetwork?: boolean | null;
}

/** Changes the manifest. */
export interface ManifestChange {
  readonly kind: "manifest.change";
  readonly fields: ManifestFields;
}

/**
 * Writes a file as it is: a text or base64. A document has to parse; the graph follows a step file,
 * and step files follow a graph.
 */
export interface FileWrite {
  readonly kind: "file.write";
  readonly path: string;
  readonly text?: string;
  readonly base64?: string;
  /** Of the file that the author saw, in lower-case hex; `null` if it is to be new. */
  readonly baseSha256: string | null;
}

/** Removes an asset or a file nothing refers to. Documents of a workflow go with their node. */
export interface FileDelete {
  readonly kind: "file.delete";
  readonly path: string;
}

/** Moves a file; everything that names it follows. */
export interface FileRename {
  readonly kind: "file.rename";
  readonly path: string;
  readonly newPath: string;
}

/** One change of a package. */
export type Edit =
  | NodeAdd
  | NodesMove
  | NodeSplice
  | NodeChange
  | NodeRename
  | NodesDelete
  | NodesDuplicate
  | NodesPaste
  | EdgeAdd
  | EdgeChange
  | EdgesDelete
  | EntrySet
  | LayoutAuto
  | WorkflowAdd
  | WorkflowChange
  | WorkflowRename
  | WorkflowDuplicate
  | WorkflowDelete
  | WorkflowsOrder
  | WorkflowDefault
  | AgentAdd
  | AgentChange
  | AgentRename
  | AgentDuplicate
  | AgentDelete
  | ManifestChange
  | FileWrite
  | FileDelete
  | FileRename;

/** The word that tells edits apart. */
export type EditKind = Edit["kind"];

/** The edit of one kind. */
export type EditOf<Kind extends EditKind> = Extract<Edit, { readonly kind: Kind }>;
