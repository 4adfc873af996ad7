// A package taken apart, as far as its faults allow: what the rules look at.
import type {
  AgentsDocument,
  GraphNode,
  Manifest,
  ManifestWorkflow,
  StepFrontMatter,
  WorkflowGraph,
  WorkflowState,
} from "../../schemas/package.ts";
import type { PackageFiles } from "./archive.ts";
import type { DocumentReader, MarkdownDocument, PackageDocument } from "./documents.ts";
import { finding } from "./finding_codes.ts";
import { MANIFEST_PATH } from "./integrity.ts";
import { readSkills, type SkillParts } from "./skills.ts";
import { cleanPath, folderOf } from "./written_path.ts";

/** The id of a workflow that `workflows[]` does not list: the only one of form A. */
export const UNLISTED_WORKFLOW_ID = "main";

/** A package in parts. A part that is missing or does not parse is `undefined`. */
export interface PackageParts {
  readonly files: PackageFiles;
  readonly manifest: PackageDocument<Manifest>;
  readonly agents: PackageDocument<AgentsDocument> | undefined;
  /** The default one first. */
  readonly workflows: readonly WorkflowParts[];
  /** In the order in which agents import them. */
  readonly skills: readonly SkillParts[];
}

/** A workflow in parts. */
export interface WorkflowParts {
  readonly listing: ManifestWorkflow;
  readonly documentPath: string;
  readonly graphPath: string;
  readonly graph: PackageDocument<WorkflowGraph> | undefined;
  readonly document: MarkdownDocument<WorkflowState> | undefined;
  /** In the order of `graph.nodes`. */
  readonly nodes: readonly NodeParts[];
}

/** A node with its step file. */
export interface NodeParts {
  readonly node: GraphNode;
  /** JSON pointer of the node in the graph. */
  readonly pointer: string;
  /** Package-relative path of the file, if it exists. */
  readonly file: string | undefined;
  readonly step: MarkdownDocument<StepFrontMatter> | undefined;
}

/** Takes a package apart; findings about single documents are in the reader. */
export function readParts(reader: DocumentReader): PackageParts | undefined {
  const manifest = reader.json("bmad", MANIFEST_PATH);
  if (!manifest) return undefined;
  const agentsPath = existing(reader, manifest, "/entry/agents", manifest.value.entry.agents);
  const agents = agentsPath === undefined ? undefined : reader.json("agents", agentsPath);
  return {
    files: reader.files,
    manifest,
    agents,
    skills: readSkills(reader, agents, manifest.value.entry.assetsDir),
    workflows: listings(manifest.value).map((listing) => readWorkflow(reader, manifest, listing)),
  };
}

interface Listing {
  readonly listing: ManifestWorkflow;
  readonly pointer: string;
}

/** The entry's workflow first; under its own id where `workflows[]` has it, else as `main`. */
function listings({ entry, workflows = [] }: Manifest): Listing[] {
  const all = workflows.map((listing, index) => ({ listing, pointer: `/workflows/${index}` }));
  const isEntry = ({ listing }: Listing) =>
    cleanPath(listing.workflow) === cleanPath(entry.workflow);
  const found = all.find(isEntry);
  const first = found ?? {
    listing: { id: freeId(workflows), workflow: entry.workflow, graph: entry.graph },
    pointer: "/entry",
  };
  return [first, ...all.filter((listing) => listing !== found)];
}

function freeId(workflows: readonly ManifestWorkflow[]): string {
  const taken = new Set(workflows.map(({ id }) => id));
  let id = UNLISTED_WORKFLOW_ID;
  for (let number = 2; taken.has(id); number++) id = `${UNLISTED_WORKFLOW_ID}-${number}`;
  return id;
}

function readWorkflow(
  reader: DocumentReader,
  manifest: PackageDocument<Manifest>,
  { listing, pointer }: Listing,
): WorkflowParts {
  const documentPath = existing(reader, manifest, `${pointer}/workflow`, listing.workflow);
  const graphPath = existing(reader, manifest, `${pointer}/graph`, listing.graph);
  const graph = graphPath === undefined ? undefined : reader.json("workflow_graph", graphPath);
  return {
    listing,
    documentPath: cleanPath(listing.workflow),
    graphPath: cleanPath(listing.graph),
    graph,
    document: documentPath === undefined
      ? undefined
      : reader.markdown("workflow_state", documentPath),
    nodes: graph ? readNodes(reader, graph.value, folderOf(listing.workflow)) : [],
  };
}

function readNodes(reader: DocumentReader, graph: WorkflowGraph, folder: string): NodeParts[] {
  return graph.nodes.map((node, index) => {
    const file = nodeFile(reader.files, node.file, folder);
    const step = file === undefined ? undefined : reader.markdown("step", file);
    return { node, pointer: `/nodes/${index}`, file, step };
  });
}

/**
 * The path that a node's `file` stands for, if it exists: relative to the package root; to the
 * workflow's own folder only where that does not exist.
 */
export function nodeFile(files: PackageFiles, file: string, folder: string): string | undefined {
  const fromRoot = cleanPath(file);
  return [fromRoot, folder + fromRoot].find((path) => files.has(path));
}

/** The path, if the file exists; else a finding. */
function existing(
  reader: DocumentReader,
  manifest: PackageDocument<Manifest>,
  pointer: string,
  path: string,
): string | undefined {
  const clean = cleanPath(path);
  if (reader.files.has(clean)) return clean;
  // An empty path of a manifest with faults may stand for a missing key, which is reported already.
  if (path !== "" || manifest.isValid) {
    const message = `The package has no file "${path}", which "${pointer.slice(1)}" names`;
    reader.findings.push(finding("DOCUMENT_MISSING", manifest.at(pointer), message));
  }
  return undefined;
}
