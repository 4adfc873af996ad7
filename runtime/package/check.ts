// Everything that is wrong or doubtful in a package, all at once: documents against their schemas
// (`documents.ts`), and the rules between documents (`rules/`).
import type { Finding } from "../../schemas/finding.ts";
import type { PackageFiles } from "./archive.ts";
import { DocumentReader, type ReadDocuments } from "./documents.ts";
import { comparePaths } from "./entry_path.ts";
import { readFileParts, readPackageParts, type ReadResult } from "./load.ts";
import { type PackageParts, readParts } from "./package_parts.ts";
import { agentRules } from "./rules/agent_rules.ts";
import { graphRules } from "./rules/graph_rules.ts";
import { manifestRules } from "./rules/manifest_rules.ts";
import { nodeRules } from "./rules/node_rules.ts";
import { skillRules } from "./rules/skill_rules.ts";
import { subworkflowRules } from "./rules/subworkflow_rules.ts";
import { workflowRules } from "./rules/workflow_rules.ts";

/**
 * Reads and checks a package. `package` is present if its documents match their schemas, even where
 * `findings` holds errors of other rules. Findings are sorted by file, line and column.
 * @throws AppError `PKG_NOT_FOUND`, `PKG_ZIP_*`, `PKG_INVALID` for what is no package at all
 */
export async function checkPackage(source: string): Promise<ReadResult> {
  return checked(await readPackageParts(source));
}

/**
 * `checkPackage` of files in memory.
 * @param what the package as a person knows it
 * @throws AppError `PKG_INVALID` for what is no package at all
 */
export function checkPackageFiles(files: PackageFiles, what: string): ReadResult {
  return checked(readFileParts(files, what));
}

function checked({ loaded, parts, findings }: ReturnType<typeof readFileParts>): ReadResult {
  const all = [...findings, ...(parts ? ruleFindings(parts) : [])].sort(byPlace);
  return loaded ? { package: loaded, findings: all } : { findings: all };
}

/**
 * Checks the files of a package in memory, as `checkPackage` does; there has to be a `bmad.json`.
 * @param known documents read before: one whose bytes are the same object is not read again
 */
export function checkFiles(files: PackageFiles, known?: ReadDocuments): Finding[] {
  const reader = new DocumentReader(files, known);
  const parts = readParts(reader);
  return [...reader.findings, ...(parts ? ruleFindings(parts) : [])].sort(byPlace);
}

function* ruleFindings(parts: PackageParts): Generator<Finding> {
  const { files, agents, workflows, skills, manifest } = parts;
  yield* manifestRules(parts);
  if (agents) {
    yield* agentRules(agents, {
      files,
      workflowIds: new Set(workflows.map(({ listing }) => listing.id)),
      workflowPaths: new Set(workflows.map(({ documentPath }) => documentPath)),
    });
    yield* skillRules({ agents, skills, files, assetsDir: manifest.value.entry.assetsDir });
  }
  // Where not one agent can be read, every name would seem unknown.
  const agentIds = agents?.value.agents.length
    ? new Set(agents.value.agents.map(({ id }) => id))
    : undefined;
  // A graph or document that two workflows share is judged once.
  const judged = new Set<unknown>();
  for (const workflow of workflows) {
    const { graph, document } = workflow;
    if (graph && !judged.has(graph)) {
      yield* graphRules(graph);
      yield* nodeRules(workflow, agentIds);
    }
    if (!judged.has(document)) yield* workflowRules(workflow, files);
    judged.add(graph).add(document);
  }
  yield* subworkflowRules(workflows);
}

function byPlace(a: Finding, b: Finding): number {
  return comparePaths(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0);
}
