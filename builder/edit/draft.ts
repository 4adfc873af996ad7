// A package while it is edited: its files, and what the editor shows of them. Never changed: an edit
// gives a new draft that shares all that stayed (`apply_edit.ts`). No I/O.
import type { Clip, EdgeRef, Point } from "../../schemas/edit.ts";
import { normalise, soundDocument } from "../../schemas/lenient.ts";
import type {
  Agent,
  AgentsDocument,
  GraphEdge,
  GraphNode,
  Manifest,
  ManifestWorkflow,
  StepFrontMatter,
  WorkflowState,
} from "../../schemas/package.ts";
import type { PackageFiles } from "../../runtime/package/archive.ts";
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import { nodeFile, UNLISTED_WORKFLOW_ID } from "../../runtime/package/package_parts.ts";
import { cleanPath, folderOf } from "../../runtime/package/written_path.ts";
import { edgeOf, edgeRefs, type GraphFile, nodeOf, readGraph } from "./graph_file.ts";
import { readJsonObject } from "./json_document.ts";
import { readMarkdown } from "./markdown_file.ts";
import { freeId } from "./new_ids.ts";
import { positionsOf } from "./positions.ts";
import { sectionOf } from "./sections.ts";

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
export function openDraft(files: PackageFiles): Draft {
  return new OpenDraft(files);
}

class OpenDraft implements Draft {
  readonly #workflows = new Map<string, DraftWorkflow | undefined>();
  #manifest: Manifest | undefined;
  #agents: readonly Agent[] | undefined;
  #listings: readonly DraftListing[] | undefined;

  constructor(readonly files: PackageFiles) {}

  get manifest(): Manifest {
    return this.#manifest ??= soundDocument(
      "bmad",
      normalise("bmad", readJsonObject(this.files.get(MANIFEST_PATH)) ?? {}),
    ) as unknown as Manifest;
  }

  get agentsPath(): string {
    return cleanPath(this.manifest.entry.agents);
  }

  get agents(): readonly Agent[] {
    return this.#agents ??= (soundDocument(
      "agents",
      normalise("agents", readJsonObject(this.files.get(this.agentsPath)) ?? {}),
    ) as unknown as AgentsDocument).agents;
  }

  get workflows(): readonly DraftListing[] {
    return this.#listings ??= listingsOf(this.manifest);
  }

  workflow(workflowId: string): DraftWorkflow | undefined {
    if (!this.#workflows.has(workflowId)) {
      const listing = this.workflows.find(({ id }) => id === workflowId);
      this.#workflows.set(workflowId, listing && new OpenWorkflow(this.files, listing));
    }
    return this.#workflows.get(workflowId);
  }
}

/** The entry's workflow is in `workflows[]`, or it comes first, as `main`. */
function listingsOf({ entry, workflows = [] }: Manifest): DraftListing[] {
  const isEntry = ({ workflow }: ManifestWorkflow) =>
    cleanPath(workflow) === cleanPath(entry.workflow);
  const listed = workflows.map((listing) => ({ ...listing, isDefault: false }));
  const entryAt = workflows.findIndex(isEntry);
  const first = listed[entryAt];
  if (first) {
    listed[entryAt] = { ...first, isDefault: true };
    return listed;
  }
  if (entry.workflow === "") return listed;
  const taken = new Set(workflows.map(({ id }) => id));
  const id = freeId(UNLISTED_WORKFLOW_ID, (id) => taken.has(id));
  return [{ id, workflow: entry.workflow, graph: entry.graph, isDefault: true }, ...listed];
}

class OpenWorkflow implements DraftWorkflow {
  readonly documentPath: string;
  readonly graphPath: string;
  #nodes: readonly DraftNode[] | undefined;
  #edges: readonly DraftEdge[] | undefined;
  #nodesById: ReadonlyMap<string, DraftNode> | undefined;
  #edgesByRef: ReadonlyMap<string, DraftEdge> | undefined;
  readonly #graph: GraphFile | undefined;

  constructor(readonly files: PackageFiles, readonly listing: DraftListing) {
    this.documentPath = cleanPath(listing.workflow);
    this.graphPath = cleanPath(listing.graph);
    this.#graph = readGraph(files.get(this.graphPath));
  }

  get id(): string {
    return this.listing.id;
  }

  get entryNodeId(): string {
    return this.#graph?.entryNodeId ?? "";
  }

  get isEditable(): boolean {
    return this.#graph?.isEditable ?? false;
  }

  get nodes(): readonly DraftNode[] {
    return this.#nodes ??= this.#graph ? this.#readNodes(this.#graph) : [];
  }

  #readNodes(graph: GraphFile): DraftNode[] {
    const positions = positionsOf(graph);
    const folder = folderOf(this.documentPath);
    return graph.rawNodes.map((raw) => {
      const node = nodeOf(raw);
      const at = positions.get(node.id) ?? { x: 0, y: 0 };
      // A path written as it is needs no cleaning, which would be done for all nodes at every edit.
      const path = this.files.has(node.file) ? node.file : nodeFile(this.files, node.file, folder);
      return sharedNode(node, at, path);
    });
  }

  get edges(): readonly DraftEdge[] {
    return this.#edges ??= this.#graph ? readEdges(this.#graph) : [];
  }

  node(nodeId: string): DraftNode | undefined {
    this.#nodesById ??= new Map([...this.nodes].reverse().map((node) => [node.id, node]));
    return this.#nodesById.get(nodeId);
  }

  edge(ref: EdgeRef): DraftEdge | undefined {
    this.#edgesByRef ??= new Map([...this.edges].reverse().map((edge) => [edge.ref, edge]));
    return this.#edgesByRef.get(ref);
  }

  get document(): DraftDocument | undefined {
    const file = readMarkdown(this.files.get(this.documentPath));
    if (!file) return undefined;
    const { data, body } = file.frontMatter;
    const state = soundDocument("workflow_state", normalise("workflow_state", data));
    return {
      text: file.text,
      state: state as unknown as WorkflowState,
      goal: sectionOf(body, "Goal"),
      howToExecute: sectionOf(body, "How to execute"),
    };
  }
}

function readEdges(graph: GraphFile): DraftEdge[] {
  const refs = edgeRefs(graph);
  return graph.rawEdges.map((raw, index) => sharedEdge(edgeOf(raw), refs[index] ?? ""));
}

const shownNodes = new WeakMap<GraphNode, DraftNode>();
const shownEdges = new WeakMap<GraphEdge, DraftEdge>();

/** The same object as in the draft before, if nothing of it changed: a comparison is then for free. */
function sharedNode(node: GraphNode, at: Point, path: string | undefined): DraftNode {
  const known = shownNodes.get(node);
  if (known && known.path === path && known.at.x === at.x && known.at.y === at.y) return known;
  const shown = { ...node, at, path };
  shownNodes.set(node, shown);
  return shown;
}

function sharedEdge(edge: GraphEdge, ref: EdgeRef): DraftEdge {
  const known = shownEdges.get(edge);
  if (known?.ref === ref) return known;
  const shown = { ...edge, ref };
  shownEdges.set(edge, shown);
  return shown;
}

/** The step file of a node; `undefined` if it is missing or does not parse. */
export function stepOf(draft: Draft, workflowId: string, nodeId: string): DraftStep | undefined {
  const path = draft.workflow(workflowId)?.node(nodeId)?.path;
  const file = path === undefined ? undefined : readMarkdown(draft.files.get(path));
  if (path === undefined || !file) return undefined;
  const { data, body } = file.frontMatter;
  return {
    path,
    text: file.text,
    frontMatter: soundDocument("step", normalise("step", data)) as unknown as StepFrontMatter,
    goal: sectionOf(body, "Goal"),
    instructions: sectionOf(body, "Instructions"),
    completion: sectionOf(body, "Completion"),
  };
}

/** Nodes and the edges among them, for the clipboard. Ids that do not exist are left out. */
export function copyNodes(draft: Draft, workflowId: string, nodeIds: readonly string[]): Clip {
  const workflow = draft.workflow(workflowId);
  const wanted = new Set(nodeIds);
  const nodes = (workflow?.nodes ?? []).filter(({ id }) => wanted.has(id));
  const edges = (workflow?.edges ?? []).filter(({ from, to }) =>
    wanted.has(from) && wanted.has(to)
  );
  return {
    format: "crewagent.nodes/1",
    nodes: nodes.map(({ file: _file, path, ...node }) => {
      const text = path === undefined ? undefined : readMarkdown(draft.files.get(path))?.text;
      return { ...node, ...(text !== undefined && { step: text }) };
    }),
    edges: edges.map(({ id: _id, ref: _ref, ...edge }) => edge),
  };
}
