// What a card says of a package, read from its manifest. Not a check: `runtime/package/check.ts`.
import type { PackageFiles } from "../../runtime/package/archive.ts";
import type { SqlValue } from "./database_protocol.ts";
import type { WorkflowTitle } from "./packages.ts";

/** What the manifest says. */
export interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly workflows: readonly WorkflowTitle[];
}

/** Undefined if `bmad.json` is missing, is no JSON or has no name. */
export function packageFacts(files: PackageFiles): PackageFacts | undefined {
  const manifest = parsedObject(files.get("bmad.json"));
  const name = textIn(manifest, "name").trim();
  if (manifest === undefined || name === "") return undefined;
  const listed: readonly unknown[] = Array.isArray(manifest.workflows) ? manifest.workflows : [];
  const workflows = listed.filter(isObject).map((workflow) => ({
    workflowId: textIn(workflow, "id"),
    title: textIn(workflow, "displayName") || textIn(workflow, "id"),
  }));
  return {
    name,
    version: textIn(manifest, "version"),
    description: textIn(manifest, "description"),
    workflows: workflows.length > 0 ? workflows : [{ workflowId: "main", title: name }],
  };
}

/** The columns `name`, `name_key`, `version`, `description`, `workflows`, `search_text`. */
export function factColumns(facts: PackageFacts): readonly SqlValue[] {
  const { name, version, description, workflows } = facts;
  const titles = workflows.map(({ title }) => title);
  return [
    name,
    searchKey(name),
    version,
    description,
    JSON.stringify(workflows),
    searchKey([name, description, ...titles].join("\n")),
  ];
}

/** What makes two texts the same to who searches: neither case nor how letters are composed. */
export function searchKey(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

function parsedObject(content: Uint8Array | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(content));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textIn(object: Record<string, unknown> | undefined, key: string): string {
  const value = object?.[key];
  return typeof value === "string" ? value : "";
}
