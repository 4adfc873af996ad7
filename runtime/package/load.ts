// A `.bmad` file or folder → a package in memory. Lenient; what each document has wrong is a finding.
// Not here: rules that look at several documents (`check.ts`).
import { AppError } from "../../schemas/error.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { Agent, Manifest, WorkflowGraph } from "../../schemas/package.ts";
import type { PackageFiles } from "./archive.ts";
import { DocumentReader } from "./documents.ts";
import { finding } from "./finding_codes.ts";
import { MANIFEST_PATH, packageHash } from "./integrity.ts";
import { type PackageParts, readParts, type WorkflowParts } from "./package_parts.ts";
import { type Skill, skillsOf } from "./skills.ts";
import { readSource } from "./source.ts";

/** A package whose documents all match their schemas; rules between documents may still be broken. */
export interface LoadedPackage {
  readonly manifest: Manifest;
  /** At least one. */
  readonly agents: readonly Agent[];
  /** By the index of the agent that has them; skills with a fault are missing. */
  readonly skills: ReadonlyMap<number, readonly Skill[]>;
  /** The default one first. */
  readonly workflows: readonly LoadedWorkflow[];
  readonly files: PackageFiles;
  /** Names the whole content, `bmad.json` included (`packageHash`); not the manifest's `integrity`. */
  readonly hash: string;
}

/** A workflow of a package. */
export interface LoadedWorkflow {
  /** Its `workflows[].id`, or `main` for one that is not listed there (form A). */
  readonly id: string;
  readonly displayName?: string;
  readonly description?: string;
  /** Package-relative path of its `workflow.md`. */
  readonly documentPath: string;
  /** Package-relative path of its `workflow.graph.json`. */
  readonly graphPath: string;
  readonly graph: WorkflowGraph;
  /** The whole `workflow.md`, byte for byte. */
  readonly documentText: string;
  /** Node id → package-relative path of its step file, where the file exists. */
  readonly nodeFiles: ReadonlyMap<string, string>;
}

/** Outcome of reading: the package unless a document is missing or faulty, and all findings so far. */
export interface ReadResult {
  readonly package?: LoadedPackage;
  readonly findings: readonly Finding[];
}

/**
 * Reads a package from a `.bmad` file or a folder.
 * @throws AppError `PKG_NOT_FOUND`, `PKG_ZIP_*`, `PKG_INVALID` if it has no `bmad.json`
 */
export async function readPackage(source: string): Promise<ReadResult> {
  const { loaded, findings } = await readPackageParts(source);
  return loaded ? { package: loaded, findings } : { findings };
}

/** `readPackage` with the parts that the rules look at. @throws like `readPackage` */
export async function readPackageParts(source: string): Promise<{
  readonly loaded: LoadedPackage | undefined;
  readonly parts: PackageParts | undefined;
  readonly findings: readonly Finding[];
}> {
  const { files, leftOut } = await readSource(source);
  const { findings, ...read } = readFileParts(files, source);
  return { ...read, findings: [...findings, ...leftOut.map(leftOutFinding)] };
}

/**
 * `readPackageParts` of files in memory.
 * @param what the package as a person knows it
 * @throws AppError `PKG_INVALID` if there is no `bmad.json`
 */
export function readFileParts(files: PackageFiles, what: string): {
  readonly loaded: LoadedPackage | undefined;
  readonly parts: PackageParts | undefined;
  readonly findings: readonly Finding[];
} {
  if (!files.has(MANIFEST_PATH)) throw noManifest(what);
  const reader = new DocumentReader(files);
  const parts = readParts(reader);
  return { loaded: parts && assemble(parts), parts, findings: reader.findings };
}

/** The finding about a file of an archive that is no part of the package. */
export function leftOutFinding(file: string): Finding {
  const message = "The name starts with a dot, so the file is left out";
  return finding("HIDDEN_FILE_LEFT_OUT", { file }, message);
}

/** The failure of files that are no package. @param source as a person knows it */
export function noManifest(source: string): AppError {
  return new AppError(
    "PKG_INVALID",
    `"${source}" is no package: it holds no ${MANIFEST_PATH}. Name the folder or file that does, ` +
      'or start one with "crewagent new"',
  );
}

function assemble(parts: PackageParts): LoadedPackage | undefined {
  const { manifest, agents, workflows, files, skills } = parts;
  const loaded = workflows.map(assembleWorkflow);
  if (
    !manifest.isValid || !agents?.isValid || !loaded.every((workflow) => workflow !== undefined)
  ) {
    return undefined;
  }
  return {
    manifest: manifest.value,
    agents: agents.value.agents,
    skills: skillsOf(skills, files),
    workflows: loaded,
    files,
    hash: packageHash(files),
  };
}

function assembleWorkflow(parts: WorkflowParts): LoadedWorkflow | undefined {
  const { listing, documentPath, graphPath, graph, document, nodes } = parts;
  if (!graph?.isValid || !document?.isValid) return undefined;
  const { id, displayName, description } = listing;
  return {
    id,
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    documentPath,
    graphPath,
    graph: graph.value,
    documentText: document.text,
    nodeFiles: new Map(nodes.flatMap(({ node, file }) => file ? [[node.id, file]] : [])),
  };
}
