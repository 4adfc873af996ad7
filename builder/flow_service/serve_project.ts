// A generated project as a service, and the process around it. The executable does not use it: it reads
// its sources from a folder (`open_flow_service.ts`).
import process from "node:process";
import type { FlowWalk } from "../../runtime/flow/flow_ports.ts";
import type {
  FlowAgent,
  FlowDefinition,
  FlowSource,
  FlowTool,
} from "../../runtime/flow/flow_source.ts";
import { type ImportedModules, importedModules } from "../../runtime/flow/imported_modules.ts";
import { readProjectSettings } from "../../runtime/flow/read_flow_source.ts";
import { toolRunner } from "../../runtime/flow/tool_runner.ts";
import { messageOf } from "../../schemas/error.ts";
import type { FlowService } from "./create_flow_service.ts";
import { listen } from "./listen.ts";
import { openSourceService } from "./open_source_service.ts";

/** What a project carries in itself. */
export interface FlowProject {
  /** Shown by `/health`. */
  readonly version: string;
  readonly agents: readonly FlowAgent[];
  readonly flows: readonly FlowDefinition[];
  readonly tools: readonly FlowTool[];
  readonly modules: ImportedModules;
  /** YAML or JSON as of `config/runtime.yaml`; holds where the project has no such file. */
  readonly settings: string;
  readonly walk: FlowWalk;
}

/** Where and how a project runs. */
export interface ProjectPlace {
  /** Holds `config/` and `.env`; relative paths of the settings begin here. */
  readonly rootDir: string;
  /** The environment; it wins over files. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The address that will be listened on. */
  readonly hostname: string;
  /** Takes one line of the log, without its end. */
  readonly writeLog: (line: string) => void;
}

/** A project that is open, and the port that its settings name. */
export interface OpenProject extends FlowService {
  readonly port: number;
}

const USUAL_HOST = "127.0.0.1";

/**
 * Opens a project as a service.
 * @throws AppError `FLOW_INVALID` for settings with errors, and what `openSourceService` throws
 */
export async function openProject(
  project: FlowProject,
  { rootDir, env, hostname, writeLog }: ProjectPlace,
): Promise<OpenProject> {
  const { version, agents, flows, tools, modules, settings, walk } = project;
  const defaults = { yaml: settings, file: "settings.ts" };
  const { config, secrets } = readProjectSettings(rootDir, { env, defaults });
  const source: FlowSource = { agents, flows, tools, modules: {}, config, findings: [] };
  const runModule = importedModules(modules);
  const service = await openSourceService({ source, secrets, rootDir }, {
    version,
    hostname,
    allowedHosts: (env.ALLOWED_HOSTS ?? "").split(",").map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ""),
    writeLog,
    walk,
    openTools: (ports) => Promise.resolve(toolRunner({ tools }, { ...ports, runModule })),
  });
  return { ...service, port: config.port };
}

/**
 * Serves a project until Ctrl-C or TERM, which lets flows that run finish for 10 s. The address is in
 * `HOST` (127.0.0.1) and `PORT`. What keeps it from starting is told on standard error; exit code 1.
 */
export async function serveProject(project: FlowProject, rootDir: string): Promise<void> {
  const { env } = process;
  const hostname = env.HOST?.trim() || USUAL_HOST;
  try {
    const writeLog = (line: string) => console.log(line);
    const service = await openProject(project, { rootDir, env, hostname, writeLog });
    const server = await listen(service.fetch, { hostname, port: service.port });
    console.error(`Flows are served at ${server.origin}`);
    await interrupted();
    await Promise.all([service.close(), server.close()]);
    process.exit(0);
  } catch (thrown) {
    console.error(messageOf(thrown));
    process.exit(1);
  }
}

/** The first Ctrl-C or TERM; a second one ends the process at once. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}
