// Where a program of `terminal.run` lies, and the little environment that it gets.
import { delimiter, isAbsolute, join, relative } from "node:path";

/** Folders of programs: absolute, and outside of the folders that a model can write. */
export interface ProgramFolders {
  readonly folders: readonly string[];
  /** Whoever finds a program checks that no link leads back into one of these. */
  readonly closed: readonly string[];
}

/**
 * The folders of `PATH`. Relative ones are dropped, and those inside `closed` (real paths of project
 * and package), where a model could have put a program under the name of an allowed one.
 */
export function programFolders(path: string, closed: readonly string[]): ProgramFolders {
  const folders = path.split(delimiter)
    .filter((folder) => isAbsolute(folder) && !liesInAny(realPath(folder) ?? folder, closed));
  return { folders: [...new Set(folders)], closed };
}

/** The file of a program, not resolved, since some programs go by the name of the link. */
export function findProgram(name: string, { folders, closed }: ProgramFolders): string | undefined {
  // A batch file would bring a shell in, which takes arguments apart.
  const isWindows = Deno.build.os === "windows";
  const file = isWindows && !/\.(exe|com)$/i.test(name) ? `${name}.exe` : name;
  return folders.map((folder) => join(folder, file)).find((path) => {
    const real = realPath(path);
    return real !== undefined && !liesInAny(real, closed) && isProgram(real);
  });
}

/** The whole environment of a program; nothing else is inherited: no keys, no `LD_PRELOAD`. */
export function programEnvironment(
  { folders }: ProgramFolders,
  home: string,
): Record<string, string> {
  const env = {
    PATH: folders.join(delimiter),
    LANG: Deno.env.get("LANG") ?? "C.UTF-8",
    HOME: home,
    TMPDIR: home,
  };
  if (Deno.build.os !== "windows") return env;
  const { SystemRoot = "" } = Deno.env.toObject();
  return { ...env, SystemRoot, USERPROFILE: home, TEMP: home, TMP: home };
}

function liesInAny(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const below = relative(folder, path);
    return below === "" || (below !== ".." && !/^\.\.[/\\]/.test(below) && !isAbsolute(below));
  });
}

function isProgram(path: string): boolean {
  const { isFile, mode } = Deno.statSync(path);
  return isFile && (mode === null || (mode & 0o111) !== 0);
}

function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}
