// The tool host: the engine's only door to the tools of a run.
import { relative } from "node:path";
import { AppError, type ErrorCode } from "../../schemas/error.ts";
import { type CallContext, encodeText } from "./call_context.ts";
import { TOOL_DEFINITIONS } from "./definitions.ts";
import { FileWorker } from "./file_worker.ts";
import { hideRoots } from "./hide_roots.ts";
import { nameOf, parsePlace } from "./mounts.ts";
import { SYSTEM_POLICY } from "./policy.ts";
import { isSwitchedOn, planCall, runCall } from "./tool_calls.ts";
import type {
  CallOptions,
  PathEvidence,
  StateDocument,
  ToolHost,
  WrapProgram,
} from "./tool_host.ts";

/** What a tool host works on. */
export interface ToolHostOptions {
  /** The folder the user opened; links in it are resolved once, here. */
  readonly projectDir: string;
  /** The unpacked package. */
  readonly packageDir: string;
  readonly state: StateDocument;
  /** Folders that stay invisible where they lie inside the project, such as the data folder. */
  readonly hiddenDirs?: readonly string[];
  /** Programs of `terminal.run` have the rights of the user without it. */
  readonly wrapProgram?: WrapProgram;
}

/**
 * Opens the tools of a run and starts the file worker in the background. Close the host when done.
 * @throws AppError `PROJECT_NOT_FOUND`, `PKG_NOT_FOUND` if a folder is missing or no folder
 */
export async function openToolHost(options: ToolHostOptions): Promise<ToolHost> {
  const { projectDir, packageDir, state, hiddenDirs = [], wrapProgram } = options;
  const project = await realFolder(projectDir, "PROJECT_NOT_FOUND");
  const pkg = await realFolder(packageDir, "PKG_NOT_FOUND");
  const hidden = hiddenDirs.map(realPathOrNull)
    // A project that itself lies inside such a folder is still open to its tools.
    .filter((folder) => folder !== null && relative(folder, project).startsWith(".."))
    .map(String);
  const files = new FileWorker({ project, pkg, hidden, confined: true });
  files.start();
  const hide = hideRoots([
    [project, "@project"],
    [projectDir, "@project"],
    [pkg, "@pkg"],
    [packageDir, "@pkg"],
  ]);
  const contextOf = (options: CallOptions): CallContext => {
    const limits = { timeoutMs: options.policy.timeoutMs, signal: options.signal };
    return { files, project, pkg, wrapProgram, state, options, limits };
  };
  return {
    definitions: (policy) => TOOL_DEFINITIONS.filter(({ name }) => isSwitchedOn(name, policy)),
    async plan(tool, args, options) {
      const plan = await planCall({ tool, args }, contextOf(options));
      return plan.refusal ? { ...plan, refusal: hide(plan.refusal) } : plan;
    },
    call: async (tool, args, options) => hide(await runCall({ tool, args }, contextOf(options))),
    inspect: (path) => inspect(path, { files, state }),
    close() {
      files.close();
      return Promise.resolve();
    },
  };
}

async function inspect(
  path: string,
  { files, state }: Pick<CallContext, "files" | "state">,
): Promise<PathEvidence> {
  const parsed = parsePlace(path.startsWith("@") ? path : `@project/${path}`, "read");
  if (!parsed.ok) return NOTHING;
  if (nameOf(parsed.place) === state.path) {
    return { exists: true, bytes: encodeText(await state.read()).length };
  }
  if (parsed.place.mount === "state") return NOTHING;
  const limits = { timeoutMs: SYSTEM_POLICY.timeoutMs, signal: new AbortController().signal };
  const stat = await files.run("stat", { place: parsed.place }, limits);
  return stat.ok && stat.value ? { exists: true, bytes: stat.value.bytes } : NOTHING;
}

const NOTHING: PathEvidence = { exists: false, bytes: 0 };

async function realFolder(path: string, code: ErrorCode): Promise<string> {
  try {
    const real = await Deno.realPath(path);
    if ((await Deno.stat(real)).isDirectory) return real;
  } catch (cause) {
    throw new AppError(code, `Opening the folder "${path}" failed: it cannot be found`, { cause });
  }
  throw new AppError(code, `Opening "${path}" failed: it is a file, not a folder`);
}

function realPathOrNull(path: string): string | null {
  try {
    return Deno.realPathSync(path);
  } catch {
    return null;
  }
}
