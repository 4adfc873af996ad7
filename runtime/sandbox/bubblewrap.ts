// The command line of bubblewrap: a new root with the system's programs, an empty home and the
// project. Pure but for questions to the machine.
import { cacheVariables } from "./cache_variables.ts";
import { depthOf, isInside, outermost, trimmed } from "./paths.ts";
import { readablePaths } from "./readable_paths.ts";
import type { WrapOptions, WrappedCommand } from "./sandbox.ts";
import type { SandboxTools } from "./sandbox_tools.ts";
import { LINUX_PROGRAMS, LINUX_SETTINGS } from "./system_paths.ts";

/** Its own processes, users, host name and shared memory; no rights even for root; no terminal. */
const ISOLATION = [
  "--unshare-user-try",
  "--unshare-pid",
  "--unshare-ipc",
  "--unshare-uts",
  "--unshare-cgroup-try",
  ...["--cap-drop", "ALL"],
  "--die-with-parent",
  "--new-session",
];

/**
 * Devices without disks, and its own processes. Read-only, for the kernel lets root change settings in
 * `/proc/sys` by user id alone, such as the program that is run at a crash, outside; and without
 * `/proc/self/uid_map` there are no user namespaces inside.
 */
const KERNEL = ["--dev", "/dev", "--proc", "/proc", "--remount-ro", "/proc"];

/** Arguments that start `true` with the same isolation: what fails there would fail later. */
export function bubblewrapProbe(): readonly string[] {
  return [...ISOLATION, "--ro-bind", "/", "/", ...KERNEL, "--", "true"];
}

/** The command line that starts a program inside. */
export function bubblewrapCommand(
  bwrap: string,
  { command, args }: WrappedCommand,
  options: WrapOptions & { readonly tools: SandboxTools },
): WrappedCommand {
  const { tools, projectDir, env, cwd = projectDir, cacheDir } = options;
  const readable = readablePaths({ command, args, cwd, env }, tools);
  const variables = {
    TMPDIR: "/tmp",
    ...(cacheDir === undefined ? {} : cacheVariables(cacheDir, env)),
  };
  return {
    command: bwrap,
    args: [
      ...ISOLATION,
      ...(options.network === "none" ? ["--unshare-net"] : []),
      ...KERNEL,
      ...mounts([...readable, ...options.readOnly], options),
      ...["--remount-ro", "/"],
      ...Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value]),
      ...["--chdir", cwd, "--", command, ...args],
    ],
  };
}

/**
 * The arguments that make the file tree. A mount covers what was below it, so parents come first;
 * where two have the same place, the one that is put later counts.
 */
function mounts(
  readable: readonly string[],
  { tools, projectDir, hidden = [], cacheDir, env }: Parameters<typeof bubblewrapCommand>[2],
): string[] {
  const projects = withRealPath(projectDir, tools);
  const secrets = hidden.flatMap((path) => withRealPath(path, tools));
  const home = tools.home === "/" ? undefined : tools.home;
  const isProgram = (path: string) => LINUX_PROGRAMS.some((folder) => isInside(path, folder));
  const isAtHome = (path: string) => home !== undefined && isInside(path, home);
  // What is there already needs no mount of its own, which would make a part of the project read-only.
  const isCovered = (path: string) =>
    [...projects, ...secrets].some((folder) => isInside(path, folder)) ||
    (isProgram(path) && !isAtHome(path));

  const places = new Map<string, readonly string[]>();
  const put = (path: string, ...mount: string[]) =>
    places.set(trimmed(path), [...mount, trimmed(path)]);
  for (const path of [...LINUX_PROGRAMS, ...LINUX_SETTINGS]) put(path, "--ro-bind-try", path);
  for (const path of ["/tmp", "/var/tmp"]) put(path, "--tmpfs");
  if (home !== undefined && !LINUX_PROGRAMS.includes(home)) put(home, "--tmpfs");
  if (env.HOME !== undefined && /^\/./.test(env.HOME) && !isCovered(env.HOME)) {
    put(env.HOME, "--tmpfs");
  }
  for (const path of outermost(readable.filter((path) => !isCovered(path)))) {
    if (tools.kindOf(path) !== undefined) put(path, "--ro-bind", path);
  }
  for (const path of projects) put(path, "--bind", path);
  // What stands in .git runs with a person's rights at their next commit.
  for (const git of projects.map((path) => `${trimmed(path)}/.git`)) {
    if (tools.kindOf(git) !== undefined) put(git, "--ro-bind", git);
  }
  for (const path of secrets) {
    if (tools.kindOf(path) === "folder") put(path, "--tmpfs");
    if (tools.kindOf(path) === "file") put(path, "--ro-bind", "/dev/null");
  }
  if (cacheDir !== undefined) put(cacheDir, "--bind", cacheDir);
  return [...places].sort(([a], [b]) => depthOf(a) - depthOf(b)).flatMap(([, mount]) => mount);
}

function withRealPath(path: string, tools: SandboxTools): string[] {
  return [...new Set([path, tools.realPath(path) ?? path].map(trimmed))];
}
