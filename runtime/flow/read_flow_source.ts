// Reads a folder of flow sources whole: agents, flows, tools, settings, and every finding at once.
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AppError } from "../../schemas/error.ts";
import {
  checkReferences,
  requireAgents,
  warnOfOutsiders,
  withoutDuplicates,
} from "./check_references.ts";
import { FindingList } from "./finding_list.ts";
import type { FlowDefinition, FlowSecrets, FlowSource } from "./flow_source.ts";
import { readAgents } from "./read_agent.ts";
import { readEnvFile } from "./read_env_file.ts";
import {
  type Environment,
  readRuntimeConfig,
  type RuntimeSettings,
} from "./read_runtime_config.ts";
import { readTools } from "./read_tools.ts";
import { DEFAULT_FLOW, readWorkflows } from "./read_workflow.ts";
import { requireSound } from "./require_sound.ts";
import { SourceFolder } from "./source_folder.ts";

/** Where settings may lie below the project's root. */
const CONFIG_FILES = ["config/runtime.yaml", "config/runtime.yml", "runtime.yaml"];

/** Variables of these files; a later one wins, the environment over all. */
const ENV_FILES = ["config/secrets.env", ".env", "config/.env"];

const NO_SETTINGS: DefaultSettings = { yaml: "", file: "config/runtime.yaml" };

/** How to read. */
export interface ReadOptions {
  readonly env: Environment;
  /** MCP servers of this machine, to check names by; left out, any name will do. */
  readonly mcpServerIds?: readonly string[];
  /** Files of variables, in order of growing weight; left out, the usual ones. */
  readonly envFiles?: readonly string[];
}

/** Settings that hold where a project has no file of them. */
export interface DefaultSettings {
  readonly yaml: string;
  /** What findings call it. */
  readonly file: string;
}

/** The folders of a flow project, absolute. */
export interface FlowFolders {
  /** Holds `agents/`. */
  readonly sourceDir: string;
  /** Holds `config/`; relative paths of the settings begin here. */
  readonly rootDir: string;
}

/** Everything that was read. */
export interface ReadFlow {
  readonly source: FlowSource;
  readonly secrets: FlowSecrets;
  readonly folders: FlowFolders;
}

/**
 * Reads the sources in `dir`: the folder that holds `agents/`, or its parent with `bmad/` and `config/`.
 * What is wrong inside is in `source.findings`.
 * @throws AppError `FLOW_NOT_FOUND` if there is no such folder
 */
export function readFlowSource(dir: string, options: ReadOptions): ReadFlow {
  const folders = findFolders(dir);
  const findings = new FindingList();
  const folder = new SourceFolder(folders.sourceDir, findings);
  const settings = readSettings(folders.rootDir, options, findings);
  const { config, secrets, defaultMemory } = settings;
  const { tools, modules } = readTools(folder, findings);
  const read = withoutDuplicates(readAgents({ folder, findings, defaultMemory }));
  requireAgents(read, findings);
  checkReferences(read, { tools, mcpServerIds: options.mcpServerIds });
  const agents = read.map(({ agent }) => agent);
  const named = readWorkflows({ folder, findings, agentIds: new Set(agents.map(({ id }) => id)) });
  warnOfOutsiders(read, named);
  const isDerived = named.length === 0 && agents.length > 0;
  const flows = isDerived ? [derivedFlow(agents.map(({ id }) => id))] : named;
  const source = { agents, flows, tools, modules, config, findings: findings.all };
  return { source, secrets, folders };
}

/**
 * Reads the settings of a project alone, for a program that carries its agents in itself.
 * @throws AppError `FLOW_INVALID` listing what is wrong
 */
export function readProjectSettings(
  rootDir: string,
  options: Pick<ReadOptions, "env"> & { readonly defaults?: DefaultSettings },
): RuntimeSettings {
  const findings = new FindingList();
  const settings = readSettings(rootDir, options, findings);
  requireSound({ findings: findings.all });
  return settings;
}

interface SettingsOptions extends Pick<ReadOptions, "env" | "envFiles"> {
  readonly defaults?: DefaultSettings;
}

function readSettings(
  rootDir: string,
  { env, envFiles = ENV_FILES, defaults = NO_SETTINGS }: SettingsOptions,
  findings: FindingList,
): RuntimeSettings {
  const root = new SourceFolder(rootDir, findings);
  const merged: Record<string, string | undefined> = {};
  for (const file of envFiles) {
    const text = root.text(file);
    if (text !== undefined) Object.assign(merged, readEnvFile(text, file, findings));
  }
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value !== "") merged[name] = value;
  }
  for (const file of CONFIG_FILES) {
    const yaml = root.text(file);
    if (yaml !== undefined) return readRuntimeConfig({ yaml, file, env: merged }, findings);
  }
  return readRuntimeConfig({ ...defaults, env: merged }, findings);
}

/** One loose step of all agents: order and groups follow from what they say themselves. */
function derivedFlow(agentIds: readonly string[]): FlowDefinition {
  const steps = agentIds.map((id) => ({ name: "", agents: [id], parallel: false }));
  return { name: DEFAULT_FLOW, description: "", steps, derived: true };
}

function findFolders(dir: string): FlowFolders {
  const given = resolve(dir);
  if (!existsSync(given) || !statSync(given).isDirectory()) {
    throw new AppError(
      "FLOW_NOT_FOUND",
      `Reading flows failed: "${dir}" is no folder. Name the one that holds agents/, or its parent`,
    );
  }
  if (!existsSync(join(given, "agents")) && existsSync(join(given, "bmad"))) {
    return { sourceDir: join(given, "bmad"), rootDir: given };
  }
  const parent = dirname(given);
  const hasOwnConfig = CONFIG_FILES.some((file) => existsSync(join(given, file)));
  const isInside = basename(given) === "bmad" && !hasOwnConfig;
  return { sourceDir: given, rootDir: isInside ? parent : given };
}
