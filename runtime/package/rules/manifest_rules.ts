// The manifest against the files of the package.
import type { Finding } from "../../../schemas/finding.ts";
import { finding } from "../finding_codes.ts";
import { integrityHash, MANIFEST_PATH } from "../integrity.ts";
import type { PackageParts } from "../package_parts.ts";
import { cleanPath, folderOf } from "../written_path.ts";
import { assetsFolder } from "../skills.ts";
import { repeated } from "./repeated.ts";

/** Findings about `bmad.json`, its promises and files that it does not explain. */
export function* manifestRules(parts: PackageParts): Generator<Finding> {
  const { manifest, files } = parts;
  const { workflows = [], entry, integrity } = manifest.value;
  for (const { index, first } of repeated(workflows.map(({ id }) => id))) {
    const message = `Workflows ${first} and ${index} both have the id "${workflows[index]?.id}"`;
    yield finding("WORKFLOW_ID_DUPLICATE", manifest.at(`/workflows/${index}/id`), message);
  }
  const listed = workflows.find(({ workflow }) =>
    cleanPath(workflow) === cleanPath(entry.workflow)
  );
  if (listed && cleanPath(listed.graph) !== cleanPath(entry.graph)) {
    const message =
      `The entry names the graph "${entry.graph}", but the workflow "${listed.id}", ` +
      `which is the same, names "${listed.graph}"`;
    yield finding("ENTRY_GRAPH_DIFFERS", manifest.at("/entry/graph"), message);
  }
  const promised = integrity?.sha256?.toLowerCase();
  const found = promised === undefined ? undefined : integrityHash(files);
  if (promised !== found) {
    const message = `The content has been changed: its hash is ${found}, promised is ${promised}`;
    yield finding("INTEGRITY_MISMATCH", manifest.at("/integrity/sha256"), message);
  }
  yield* assetRules(parts);
}

/** Recorded runs: `crewagent test`. */
const TESTS_DIR = "tests/";

/** A file is known if a document names it, or if it lies where step files or assets lie. */
function* assetRules({ manifest, files, workflows }: PackageParts): Generator<Finding> {
  const { entry } = manifest.value;
  const assetsDir = assetsFolder(entry.assetsDir);
  const known = new Set([MANIFEST_PATH, cleanPath(entry.agents), cleanPath(entry.graph)]);
  const folders = [assetsDir, TESTS_DIR];
  for (const { documentPath, graphPath, nodes } of workflows) {
    known.add(documentPath).add(graphPath);
    for (const { file } of nodes) known.add(file ?? "");
    folders.push(`${folderOf(documentPath)}steps/`);
  }
  for (const path of files.keys()) {
    if (known.has(path) || folders.some((folder) => path.startsWith(folder))) continue;
    const message = `"${path}" is neither part of a workflow nor inside ${assetsDir}`;
    yield finding("ASSET_OUTSIDE_ASSETS", { file: path }, message);
  }
}
