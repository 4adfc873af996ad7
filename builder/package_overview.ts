// What the page of a package shows of its draft. Pure.
import { checkFiles } from "../runtime/package/check.ts";
import type { PackageOverview } from "../views/package_page.tsx";
import type { Draft } from "./edit/draft.ts";
import type { DraftState } from "./live_drafts.ts";
import type { PackageRecord } from "./store/packages.ts";

/** Takes from a draft what the overview shows. */
export function overviewOf(
  record: PackageRecord,
  { draft, revision }: DraftState,
): PackageOverview {
  const { manifest } = draft;
  return {
    packageId: record.packageId,
    name: manifest.name || record.name,
    version: manifest.version,
    revision,
    description: manifest.description ?? "",
    author: manifest.author ?? "",
    schemaVersion: manifest.schemaVersion,
    requiresNetwork: manifest.runtime?.requiresNetwork ?? false,
    workflows: workflowsOf(draft),
    agents: agentsOf(draft),
    assets: assetsOf(draft),
    findings: checkFiles(draft.files),
  };
}

function workflowsOf(draft: Draft): PackageOverview["workflows"] {
  return draft.workflows.map(({ id, displayName, description, isDefault }) => ({
    workflowId: id,
    title: displayName ?? id,
    description: description ?? "",
    nodeCount: draft.workflow(id)?.nodes.length ?? 0,
    isDefault,
  }));
}

/** The agents, with how many nodes each acts in. */
export function agentsOf(draft: Draft): PackageOverview["agents"] {
  const nodes = draft.workflows.flatMap(({ id }) => draft.workflow(id)?.nodes ?? []);
  return draft.agents.map(({ id, metadata }) => ({
    agentId: id,
    name: metadata.name,
    title: metadata.title,
    icon: metadata.icon,
    nodeCount: nodes.filter(({ agentId }) => agentId === id).length,
  }));
}

/** Files that are no documents of the package. */
function assetsOf({ files, manifest }: Draft): PackageOverview["assets"] {
  const folder = manifest.entry.assetsDir || "assets/";
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  return [...files].filter(([path]) => path.startsWith(prefix))
    .map(([path, { length }]) => ({ path, bytes: length }))
    .sort((a, b) => a.path < b.path ? -1 : 1);
}
