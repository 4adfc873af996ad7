// What a program has to read to start: where it is installed, and what its command line names. The
// home folder itself, and what holds it, is never among them.
import { basename, dirname, extname, isAbsolute, join, resolve } from "node:path";
import type { SandboxTools } from "./sandbox_tools.ts";

/** A program and how it will be started. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Existing paths that may be read: the working folder, the installation of the program and of what interprets it, the
 * package of a script among the arguments, files and folders that the arguments name from the root
 * on, and files that the environment names.
 */
export function readablePaths(program: Program, tools: SandboxTools): readonly string[] {
  const isWide = wideness(tools);
  const found = program.command.includes("/")
    ? resolve(program.cwd, program.command)
    : tools.find(program.command, program.env.PATH);
  const paths = [
    program.cwd,
    ...(found === undefined ? [] : installation(found, program, tools)),
    ...program.args.flatMap((arg) => namedByArgument(arg, tools)),
    ...Object.values(program.env).filter((value) =>
      isAbsolute(value) && tools.kindOf(value) === "file"
    ),
  ];
  return [...new Set(paths)].filter((path) => !isWide(path) && tools.kindOf(path) !== undefined);
}

/** `/usr/bin/env` and the interpreter behind it make two; more is no honest script. */
const MOST_INTERPRETERS = 4;

function installation(path: string, { env }: Program, tools: SandboxTools): string[] {
  const paths: string[] = [];
  let next: string | undefined = path;
  for (let count = 0; next !== undefined && count < MOST_INTERPRETERS; count++) {
    const steps = linkSteps(next, tools);
    paths.push(...steps.flatMap((step) => [step, installedAt(step, tools)]));
    next = interpreterOf(next, env.PATH, tools);
  }
  return paths;
}

/** The path, what it links to, and so on, and at last the path without any link. */
function linkSteps(path: string, tools: SandboxTools): string[] {
  const steps = [path];
  for (let step = path; steps.length < 20;) {
    const target = tools.readLink(step);
    if (target === undefined) break;
    step = resolve(dirname(step), target);
    steps.push(step);
  }
  return [...steps, tools.realPath(path) ?? path];
}

const PROGRAM_FOLDERS: ReadonlySet<string> = new Set(["bin", "shims", "sbin"]);

/** `~/.nvm/versions/node/v24` for its `bin/node`; the folder of programs alone for `~/.local/bin`. */
function installedAt(program: string, tools: SandboxTools): string {
  const folder = dirname(program);
  if (!PROGRAM_FOLDERS.has(basename(folder))) return packageOf(program, tools);
  return wideness(tools)(dirname(folder)) ? folder : dirname(folder);
}

const PACKAGE_FILES = ["package.json", "deno.json", "deno.jsonc", "pyproject.toml", "pyvenv.cfg"];

/** The folder of the package that a script belongs to; the script's own folder if there is none. */
function packageOf(script: string, tools: SandboxTools): string {
  const isWide = wideness(tools);
  const own = dirname(script);
  for (let folder = own; !isWide(folder); folder = dirname(folder)) {
    if (PACKAGE_FILES.some((name) => tools.kindOf(join(folder, name)) === "file")) return folder;
  }
  return isWide(own) ? script : own;
}

const SCRIPT = /^\.([cm]?[jt]s|py|rb|pl|php|sh|jar|wasm)$/;

function namedByArgument(arg: string, tools: SandboxTools): string[] {
  const path = isAbsolute(arg) ? arg : arg.slice(arg.indexOf("=") + 1); // --config=/path
  if (!isAbsolute(path)) return [];
  return SCRIPT.test(extname(path)) ? [path, packageOf(path, tools)] : [path];
}

function interpreterOf(
  script: string,
  path: string | undefined,
  tools: SandboxTools,
): string | undefined {
  const [, program = "", argument = ""] =
    /^#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?/.exec(tools.firstBytes(script) ?? "") ?? [];
  if (program === "") return undefined;
  return basename(program) === "env" ? tools.find(argument, path) : program;
}

/** Tells folders that hold the home folder, or all that programs keep there. */
function wideness({ home }: SandboxTools): (path: string) => boolean {
  return (path) => {
    if (path === "/" || home === undefined) return path === "/";
    const wide = [home, join(home, ".local"), join(home, ".local", "share"), join(home, ".config")];
    return wide.includes(path) || home.startsWith(`${path}/`);
  };
}
