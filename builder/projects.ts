// The folders that runs work on: who may choose which, and which were used last. A folder is the
// owner's choice, since a run reads and writes it; others work in the folders that the owner shares. Not
// here: what lies in them (`project_folder.ts`).
import { join, relative, sep } from "node:path";
import { AppError } from "../schemas/error.ts";
import { openProjectFolder, type ProjectFolder } from "./project_folder.ts";
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

/** A project that a user knows: used before, or shared with all. */
export interface KnownProject {
  /** Real path. */
  readonly path: string;
  /** ISO; `null` if this user never used it, or before this was kept. */
  readonly usedAt: string | null;
  readonly isShared: boolean;
  /** There is no such folder any more. */
  readonly isMissing: boolean;
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
  /** The same with more to say, then the shared folders. Those of the owner that are gone are told, too. */
  known(user: RunUser): Promise<readonly KnownProject[]>;
  /** Takes a folder out of the recent ones; it is not touched. */
  forget(user: RunUser, path: string): Promise<void>;
  /** The files of a folder that this user may work on. @throws as `admit` */
  folder(user: RunUser, path: string): Promise<ProjectFolder>;
  /** Notes that a folder was used. */
  remember(user: RunUser, projectDir: string): Promise<void>;
  /** Folders that every account may use, with all that lies in them. */
  shared(): Promise<readonly string[]>;
  /** Sets them; for the owner only. @throws AppError `PROJECT_NOT_FOUND`, `AUTH_FORBIDDEN` */
  share(user: RunUser, paths: readonly string[]): Promise<void>;
  /** Looks into a folder, the home folder if none is named. @throws as `share` */
  browse(user: RunUser, path: string | undefined): Promise<FolderListing>;
  /** Lets go of all folders. */
  close(): void;
}

const RECENT = "recentProjects";
const SHARED = "sharedProjects";
const MOST_RECENT = 12;
const MOST_LISTED = 2_000;
/** Each has a worker of 16 MB while it is used. */
const MOST_OPEN = 6;

/** The projects, kept among the settings. `dataDir` is no project: it holds what is CrewAgent's own. */
export function openProjects(settings: Settings, dataDir: string): Projects {
  const shared = async () => textsOf(await settings.read(null, SHARED));
  const admit: Projects["admit"] = async (user, path) => {
    const real = await realFolder(path).catch((thrown) => {
      // To a member a folder that is not there is like one that is none of theirs.
      if (user.role !== "owner" && thrown instanceof AppError) throw notShared();
      throw thrown;
    });
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
    throw notShared();
  };
  const used = async ({ userId }: RunUser) => usesOf(await settings.read(userId, RECENT));
  const folders = openFolders();
  return {
    admit,
    shared,
    async recent(user) {
      const admitted = await Promise.all(
        (await used(user)).map(({ path }) => admit(user, path).catch(ignoreRefusal)),
      );
      return [...new Set(admitted.filter((path) => path !== undefined))];
    },
    async known(user) {
      const [uses, open] = [await used(user), await shared()];
      const others = open.filter((path) => !uses.some((use) => use.path === path));
      const all = [...uses, ...others.map((path): Use => ({ path, usedAt: null }))];
      const known = await Promise.all(all.map(async ({ path, usedAt }) => {
        const isMissing = await admit(user, path).catch(ignoreRefusal) === undefined;
        return { path, usedAt, isShared: open.includes(path), isMissing };
      }));
      return known.filter(({ isMissing }) => !isMissing || user.role === "owner");
    },
    async forget(user, path) {
      const left = (await used(user)).filter((use) => use.path !== path);
      await settings.write(user.userId, RECENT, left.map(({ ...use }) => use));
    },
    folder: async (user, path) => folders.open(await admit(user, path), await realFolder(dataDir)),
    close: () => folders.close(),
    async remember(user, projectDir) {
      const before = (await used(user)).filter(({ path }) => path !== projectDir);
      const uses = [{ path: projectDir, usedAt: new Date().toISOString() }, ...before];
      await settings.write(
        user.userId,
        RECENT,
        uses.slice(0, MOST_RECENT).map(({ ...use }) => use),
      );
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

interface Use {
  readonly path: string;
  readonly usedAt: string | null;
}

/** Texts are of a time when only the path was kept. */
function usesOf(value: SettingValue | undefined): readonly Use[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: SettingValue): Use[] => {
    if (typeof item === "string") return [{ path: item, usedAt: null }];
    if (item === null || typeof item !== "object" || !("path" in item)) return [];
    const { path, usedAt } = item;
    if (typeof path !== "string") return [];
    return [{ path, usedAt: typeof usedAt === "string" ? usedAt : null }];
  });
}

/** Folders that are looked into; the one that was longest not is let go for the next. */
function openFolders() {
  const open = new Map<string, ProjectFolder>();
  return {
    open(path: string, dataDir: string): ProjectFolder {
      const folder = open.get(path) ?? openProjectFolder(path, dataDir);
      open.delete(path);
      open.set(path, folder);
      for (const [other, idle] of open) {
        if (open.size <= MOST_OPEN) break;
        if (idle === folder || idle.isBusy()) continue;
        idle.close();
        open.delete(other);
      }
      return folder;
    },
    close() {
      for (const folder of open.values()) folder.close();
      open.clear();
    },
  };
}

function notShared(): AppError {
  return new AppError(
    "AUTH_FORBIDDEN",
    "Only folders that the owner of this installation has shared can be chosen",
  );
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
