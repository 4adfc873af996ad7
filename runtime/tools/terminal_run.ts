// `terminal.run`: a program with arguments, in the project. No shell. The program itself has the rights
// of the user unless the host wraps it (`wrapProgram`); the allow-list and the consent come before.
import { join } from "node:path";
import { type ToolFailure, toolFailure, type ToolResult } from "../../schemas/tool.ts";
import { argumentFailure } from "./arguments.ts";
import { type CallContext, encodeText } from "./call_context.ts";
import { mapPaths } from "./mcp/path_mapping.ts";
import { parsePlace, type Place } from "./mounts.ts";
import { commandFault } from "./terminal_run_allow.ts";
import {
  findProgram,
  programEnvironment,
  type ProgramFolders,
  programFolders,
} from "./terminal_run_program.ts";
import { type ProgramEnd, runProgram } from "./terminal_run_process.ts";

/** Arguments of `terminal.run`. */
export interface TerminalArguments {
  readonly command: readonly string[];
  /** Mount path inside the project; the project by default. */
  readonly cwd?: string;
  readonly timeoutSeconds?: number;
  readonly stdin?: string;
}

/** A command that may run. Paths are real ones, not for a model's eyes. */
export interface PreparedCommand {
  readonly ok: true;
  readonly program: string;
  readonly folders: ProgramFolders;
  readonly cwd: string;
  /** Mount path of `cwd`. */
  readonly cwdName: string;
  readonly timeoutMs: number;
}

const DEFAULT_TIMEOUT_SECONDS = 60;

/** Checks a call without running it: allow-list, program, folder, time, size of the input. */
export async function prepareTerminal(
  { command, cwd = "@project", timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, stdin = "" }:
    TerminalArguments,
  context: CallContext,
): Promise<PreparedCommand | ToolFailure> {
  const { options: { policy }, project, pkg } = context;
  const fault = commandFault(command, policy.terminalAllow);
  if (fault) return fault;
  if (encodeText(stdin).length > policy.maxWriteBytes) {
    return toolFailure(
      "E_WRITE_LIMIT",
      `terminal_run: "stdin" is longer than ${policy.maxWriteBytes} bytes. Write it to a file`,
    );
  }
  const folder = await findFolder(cwd, context);
  if (!folder.ok) return folder;
  const folders = programFolders(Deno.env.get("PATH") ?? "", [project, pkg]);
  const [name = ""] = command;
  const program = findProgram(name, folders);
  if (program === undefined) {
    return toolFailure(
      "ENOENT",
      `There is no program "${name}" on this machine (programs inside the project do not count)`,
    );
  }
  const timeoutMs = Math.min(timeoutSeconds * 1000, policy.timeoutMs);
  return { ok: true, program, folders, cwd: folder.path, cwdName: folder.name, timeoutMs };
}

/**
 * Runs a command and answers `exitCode`, `stdout` and `stderr`, each up to `maxReadBytes` with its
 * middle left out. What the program changes is not recorded, so `revert` does not undo it.
 */
export async function runTerminal(
  args: TerminalArguments,
  context: CallContext,
): Promise<ToolResult> {
  const { options: { policy }, limits: { signal } } = context;
  if (signal.aborted) return toolFailure("E_INTERRUPTED", "The run was stopped before this call");
  const prepared = await prepareTerminal(args, context);
  if (!prepared.ok) return prepared;
  const { folders, cwd, timeoutMs } = prepared;
  const [name = "", ...rest] = args.command;
  const home = await Deno.makeTempDir({ prefix: "crewagent-home-" });
  try {
    const env = programEnvironment(folders, home);
    const plain = { command: prepared.program, args: rest };
    const started = context.wrapProgram?.(plain, { cwd, env, home }) ?? plain;
    const end = await runProgram({
      program: started.command,
      args: started.args,
      cwd,
      env,
      stdin: args.stdin,
      timeoutMs,
      signal,
      maxOutputBytes: policy.maxReadBytes,
    });
    return describe(end, prepared, hidePaths(context, { home, program: prepared.program, name }));
  } catch (thrown) {
    // Its message quotes real paths.
    if (!(thrown instanceof Error)) throw thrown;
    return toolFailure("E_INTERNAL", `"${name}" could not be started (${thrown.name})`);
  } finally {
    await Deno.remove(home, { recursive: true }).catch(() => {});
  }
}

type Folder = { readonly ok: true; readonly path: string; readonly name: string };

async function findFolder(
  cwd: string,
  { files, limits, project }: CallContext,
): Promise<Folder | ToolFailure> {
  const parsed = parsePlace(cwd, "read");
  if (!parsed.ok) return parsed;
  if (parsed.place.mount !== "project") {
    return argumentFailure(`terminal_run: "cwd" has to be a folder of @project, not "${cwd}"`);
  }
  const stat = await files.run("stat", { place: parsed.place }, limits);
  if (!stat.ok) return stat;
  if (!stat.value) return toolFailure("ENOENT", `There is no folder "${cwd}"`);
  if (stat.value.kind !== "folder") return argumentFailure(`"${cwd}" is no folder`);
  const { realName } = stat.value;
  return { ok: true, path: join(project, ...partsOf(realName)), name: realName };
}

function partsOf(realName: string): Place["parts"] {
  return realName.split("/").slice(1);
}

/** Known paths of the machine become mounts and names, as in every text that the shell makes. */
function hidePaths(
  { project, pkg }: CallContext,
  own: { readonly home: string; readonly program: string; readonly name: string },
): (text: string) => string {
  const { toMounts } = mapPaths([
    { mount: "@project", path: project },
    { mount: "@pkg", path: pkg },
  ]);
  return (text) => toMounts(text.replaceAll(own.home, "~").replaceAll(own.program, own.name));
}

function describe(
  { endedBy, exitCode, exitSignal, stdout, stderr }: ProgramEnd,
  { cwdName, timeoutMs }: PreparedCommand,
  hide: (text: string) => string,
): ToolResult {
  const output = {
    stdout: hide(stdout.text()),
    stderr: hide(stderr.text()),
    ...(stdout.isCut && { stdoutBytes: stdout.bytes }),
    ...(stderr.isCut && { stderrBytes: stderr.bytes }),
  };
  if (endedBy === "abort") {
    return toolFailure(
      "E_INTERRUPTED",
      "The run was stopped while the program ran; it may have had a part of its effect",
      { known: "unknown", ...output },
    );
  }
  if (endedBy === "timeout") {
    return toolFailure(
      "E_TOOL_TIMEOUT",
      `The program ran longer than ${
        timeoutMs / 1000
      } s and was ended; it may have had a part of its effect`,
      output,
    );
  }
  return { ok: true, cwd: cwdName, exitCode, ...(exitSignal && { exitSignal }), ...output };
}
