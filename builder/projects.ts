// The folders that runs work on: who may choose which, and which were used last. A folder is the
// owner's choice, since a run reads and writes it; others work in the folders that the owner shares.
import { join, relative, sep } from "node:path";
import { AppError } from "../schemas/error.ts";
import type { Settings, SettingValue } from "./store/settings.ts";
import type { User } from "./store/user.ts";

/** Whose request it is. */
export type RunUser = Pick<User, "userId" | "role">;

/** A folder of the server and what lies in it, for a person who looks for a project. */
export interface FolderListing {
  /** Real path. */
  readonly path: string;
  /** `null` at the top. */
  readonly parent: string | null;
  /** Names of folders, sorted; hidden ones are left out. */
  readonly folders: readonly string[];
}

/** The projects of an installation. */
export interface Projects {
  /**
   * The real path of a folder that this user may work on.
   * @throws AppError `PROJECT_NOT_FOUND`, `AUTH_FORBIDDEN`
   */
  admit(user: RunUser, path: string): Promise<string>;
  /** Real paths, last used first, at most 12; those that this user may use no more are left out. */
  recent(user: RunUser): Promise<readonly string[]>;
  /** Notes that a folder was used. */
  remember(user: RunUser, projectDir: string): Promise<void>;
  /** Folders that every account may use, with all that lies in them. */
  shared(): Promise<readonly string[]>;
  /** Sets them; for the owner only. @throws AppError `PROJECT_NOT_FOUND`, `AUTH_FORBIDDEN` */
  share(user: RunUser, paths: readonly string[]): Promise<void>;
  /** Looks into a folder, the home folder if none is named. @throws as `share` */
  browse(user: RunUser, path: string | undefined): Promise<FolderListing>;
}

const RECENT = "recentProjects";
const SHARED = "sharedProjects";
const MOST_RECENT = 12;
const MOST_LISTED = 2_000;

/** The projects, kept among the settings. `dataDir` is no project: it holds what is CrewAgent's own. */
export function openProjects(settings: Settings, dataDir: string): Projects {
  const shared = async () => textsOf(await settings.read(null, SHARED));
  const admit: Projects["admit"] = async (user, path) => {
    const real = await realFolder(path);
    if (liesIn(await realFolder(dataDir), real)) {
      throw new AppError(
        "PROJECT_NOT_FOUND",
        "The folder belongs to CrewAgent's own data. Choose one of yours as the project",
      );
    }
    if (user.role === "owner") return real;
    for (const folder of await shared()) {
      if (liesIn(await realFolder(folder).catch(() => undefined), real)) return real;
    }
    throw new AppError(
      "AUTH_FORBIDDEN",
      "Only folders that the owner of this installation has shared can be chosen",
    );
  };
  return {
    admit,
    shared,
    async recent(user) {
      const paths = textsOf(await settings.read(user.userId, RECENT));
      const admitted = await Promise.all(
        paths.map((path) => admit(user, path).catch(ignoreRefusal)),
      );
      return [...new Set(admitted.filter((path) => path !== undefined))];
    },
    async remember({ userId }, projectDir) {
      const before = textsOf(await settings.read(userId, RECENT));
      const paths = [projectDir, ...before.filter((path) => path !== projectDir)];
      await settings.write(userId, RECENT, paths.slice(0, MOST_RECENT));
    },
    async share(user, paths) {
      requireOwner(user);
      const before = await shared();
      // One that is gone by now stays in the list until it is taken out.
      const real = await Promise.all(
        paths.map((path) => before.includes(path) ? path : admit(user, path)),
      );
      await settings.write(null, SHARED, [...new Set(real)]);
    },
    async browse(user, path) {
      requireOwner(user);
      return await listFolder(await realFolder(path || homeFolder()));
    },
  };
}

async function listFolder(path: string): Promise<FolderListing> {
  const folders: string[] = [];
  try {
    for await (const entry of Deno.readDir(path)) {
      if (entry.name.startsWith(".") || !(entry.isDirectory || entry.isSymlink)) continue;
      if (entry.isSymlink && !await leadsToFolder(join(path, entry.name))) continue;
      folders.push(entry.name);
      if (folders.length === MOST_LISTED) break;
    }
  } catch (cause) {
    throw new AppError("PROJECT_NOT_FOUND", `The folder "${path}" cannot be looked into`, {
      cause,
    });
  }
  const parent = join(path, "..");
  return { path, parent: parent === path ? null : parent, folders: folders.sort(byName) };
}

const { compare: byName } = new Intl.Collator("en", { numeric: true });

function homeFolder(): string {
  return Deno.env.get(Deno.build.os === "windows" ? "USERPROFILE" : "HOME") || "/";
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

async function realFolder(path: string): Promise<string> {
  try {
    const real = await Deno.realPath(path);
    if ((await Deno.stat(real)).isDirectory) return real;
  } catch (cause) {
    throw new AppError(
      "PROJECT_NOT_FOUND",
      `The project folder "${path}" cannot be opened. Make it first, or name another`,
      { cause },
    );
  }
  throw new AppError("PROJECT_NOT_FOUND", `The project "${path}" is a file; name a folder`);
}

function liesIn(folder: string | undefined, path: string): boolean {
  if (folder === undefined) return false;
  const way = relative(folder, path);
  return way === "" ||
    (way !== ".." && !way.startsWith(`..${sep}`) && !/^([a-z]:|[\\/])/i.test(way));
}

function requireOwner({ role }: RunUser): void {
  if (role === "owner") return;
  throw new AppError("AUTH_FORBIDDEN", "Only the owner of this installation may choose folders");
}

function ignoreRefusal(thrown: unknown): undefined {
  if (thrown instanceof AppError) return undefined;
  throw thrown;
}

function textsOf(value: SettingValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
