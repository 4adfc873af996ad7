// From flow sources to a project on disk, stage by stage: read, render, compare, write.
import { existsSync, realpathSync } from "node:fs";
import { normalize, resolve, sep } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { type Finding, hasErrors } from "../../schemas/finding.ts";
import { readFlowSource } from "../flow/read_flow_source.ts";
import type { FlowSecrets, FlowSource, RuntimeConfig } from "../flow/flow_source.ts";
import { readEngine } from "./engine.ts";
import { type Comparison, OutFolder } from "./out_folder.ts";
import { projectFiles } from "./project_files.ts";
import { leftOut } from "./settings_text.ts";

/** What is generated, and where to. */
export interface GenerateOptions {
  readonly read: ReadSources;
  /** The folder of the project; made, or replaced as a whole if we have made it. */
  readonly out: string;
  /** Of the program. */
  readonly version: string;
  /** `check` does all but the writing. */
  readonly purpose: "write" | "check";
  /** Told after each stage. */
  readonly onStage?: (stage: Stage) => void;
}

/** Reads the sources. Throws what makes them no sources at all. */
export type ReadSources = () => Promise<GeneratedFrom>;

/** Sources of a project. */
export interface GeneratedFrom {
  readonly source: FlowSource;
  readonly secrets: Pick<FlowSecrets, "redisUrl">;
  /** The file or folder that was read; it may not lie in the output. */
  readonly path: string;
}

/** A stage that has ended. */
export interface Stage {
  readonly name: "read" | "render" | "compare" | "write";
  /** What it came to, such as `3 agents, 1 flow`. */
  readonly detail: string;
  readonly durationMs: number;
}

/** The outcome. With an error among the findings nothing is written, and there is no comparison. */
export interface Generated {
  readonly findings: readonly Finding[];
  readonly comparison?: Comparison;
}

/** Reads a folder of flow sources; variables and `.env` files have no say in what is generated. */
export function readFolder(dir: string): ReadSources {
  return () => {
    const { source, secrets, folders } = readFlowSource(dir, { env: {}, envFiles: [] });
    return Promise.resolve({ source, secrets, path: folders.sourceDir });
  };
}

/**
 * Generates a project. The same sources make the same bytes; nothing is written if nothing differs.
 * @throws AppError `FLOW_OUT_FOREIGN`, `USAGE` if the sources lie in the output, `DATA_FOLDER_BUSY`,
 * `FILE_WRITE_FAILED`, and what reading throws
 */
export async function generateProject(options: GenerateOptions): Promise<Generated> {
  const timed = stopwatch(options.onStage ?? (() => {}));
  const { source, secrets, path } = await options.read();
  const findings = [
    ...source.findings.filter(concernsGenerating),
    ...settingsFindings(source, secrets),
  ];
  timed("read", `agents: ${source.agents.length}, flows: ${source.flows.length}`);
  requireApart(path, options.out);
  if (hasErrors(findings)) return { findings };
  const files = projectFiles({ source, secrets, engine: readEngine(), version: options.version });
  timed("render", `${files.size} files`);
  const out = new OutFolder(options.out, dataFolders(source.config));
  out.requireOurs();
  if (options.purpose === "check") {
    const comparison = out.compare(files);
    timed("compare", differences(comparison));
    return { findings, comparison };
  }
  const comparison = out.locked(() => {
    out.recover();
    const comparison = out.compare(files);
    timed("compare", differences(comparison));
    if (isDifferent(comparison)) out.replace(files, comparison);
    return comparison;
  });
  timed("write", options.out);
  return { findings, comparison };
}

function stopwatch(tell: (stage: Stage) => void): (name: Stage["name"], detail: string) => void {
  let since = performance.now();
  return (name, detail) => {
    const now = performance.now();
    tell({ name, detail, durationMs: now - since });
    since = now;
  };
}

/** Whether any file differs. */
function isDifferent({ added, changed, removed }: Comparison): boolean {
  return added.length + changed.length + removed.length > 0;
}

function differences({ added, changed, removed, unchanged }: Comparison): string {
  return `${added.length} new, ${changed.length} changed, ${removed.length} gone, ` +
    `${unchanged.length} unchanged`;
}

/** The model may be named later, where the project runs. */
function concernsGenerating({ code }: Finding): boolean {
  return code !== "FLOW_MODEL_MISSING";
}

function settingsFindings(
  { config }: Pick<FlowSource, "config">,
  secrets: Pick<FlowSecrets, "redisUrl">,
): Finding[] {
  const file = "config/runtime.yaml";
  const secret = leftOut(config, secrets).map((key): Finding => ({
    severity: "warning",
    code: "FLOW_SECRET_LEFT_OUT",
    file,
    message: `"${key}" is an address with a password or the like; it is left out of the project`,
    hint: "Set it in the environment of the project",
  }));
  const taken = dataFolders(config).filter((name) => RESERVED.has(name)).map((name): Finding => ({
    severity: "error",
    code: "FLOW_VALUE_INVALID",
    file,
    message: `Documents or memory would lie in "${name}", which holds the project's own files`,
    hint: 'Name another folder, such as "docs" and "memory"',
  }));
  return [...secret, ...taken];
}

/** Folders at the top of every project that hold its own files. */
const RESERVED: ReadonlySet<string> = new Set([".github", "agents", "engine", "modules"]);

/** Folders at the top of the project that documents and file memory lie in. */
function dataFolders({ docsDir, memory }: RuntimeConfig): readonly string[] {
  return [docsDir, memory.path].flatMap((path) => {
    const [top = ""] = normalize(path).split(sep);
    return top === "" || top === "." || top === ".." ? [] : [top];
  });
}

/** Sources inside of the output would be replaced along with it. */
function requireApart(path: string, out: string): void {
  const target = existsSync(out) ? realpathSync(out) : resolve(out);
  const from = realpathSync(path);
  if (from !== target && !from.startsWith(target + sep)) return;
  throw new AppError(
    "USAGE",
    `--out "${out}" holds the sources "${path}"; name a folder beside them`,
  );
}
