// The engine as generated projects carry it: its source files and its libraries with their versions.
// In the executable they lie in one file that the build has made; from source they are read on the spot.
import { embeddedUrl } from "../package/embedded.ts";
import { closureOf, packageOf } from "./engine_closure.ts";

/** What a generated project needs besides its own files. */
export interface Engine {
  /** Source text by path below the repository's root, sorted. */
  readonly files: Readonly<Record<string, string>>;
  /** Libraries that the files import, by name. */
  readonly libraries: Readonly<Record<string, Library>>;
  /** Version by name of what starts and checks a project under Node. */
  readonly tools: Readonly<Record<string, string>>;
}

/** A library. */
export interface Library {
  readonly version: string;
  /** Whether something below it is imported, such as `ajv/dist/2020.js`. */
  readonly hasSubpaths: boolean;
}

/** What generated files import of the engine. */
export const ENGINE_ENTRIES: readonly string[] = [
  "builder/flow_service/serve_project.ts",
  "runtime/pocketflow/agent_flow.ts",
  "runtime/pocketflow/agent_node.ts",
  "runtime/pocketflow/graph_flow.ts",
  "runtime/pocketflow/step_node.ts",
];

/** The file that the build puts beside the executable's code. */
export const ENGINE_FILE = "engine.json";

const TOOLS = ["@types/node", "tsx", "typescript"];

/** The engine, from the executable or from source. */
export function readEngine(): Engine {
  try {
    return JSON.parse(Deno.readTextFileSync(embeddedUrl(ENGINE_FILE)));
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return engineFromSource();
    throw thrown;
  }
}

/** Gathers the engine from the repository. */
export function engineFromSource(): Engine {
  const read = (path: string) => Deno.readTextFileSync(embeddedUrl(path));
  const { files, specifiers } = closureOf(ENGINE_ENTRIES, read);
  const { imports } = JSON.parse(read("deno.json")) as { imports: Record<string, string> };
  const names = [...new Set(specifiers.map(packageOf))];
  const libraries = names.map((name): [string, Library] => [name, {
    version: versionOf(name, imports),
    hasSubpaths: specifiers.some((specifier) => specifier.startsWith(`${name}/`)),
  }]);
  const tools = TOOLS.map((name) => [name, versionOf(name, imports)]);
  return { files, libraries: Object.fromEntries(libraries), tools: Object.fromEntries(tools) };
}

function versionOf(name: string, imports: Readonly<Record<string, string>>): string {
  const target = imports[name] ?? "";
  const version = target.startsWith(`npm:${name}@`) ? target.slice(`npm:${name}@`.length) : "";
  if (/^\d+\.\d+\.\d+$/.test(version)) return version;
  throw new Error(`deno.json has to pin "${name}" exactly, not "${target}"`);
}
