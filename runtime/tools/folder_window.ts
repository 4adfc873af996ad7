// A folder as a person looks at it: page by page, or by what changed last. Runs in the worker. Not here:
// the listing that models get (`list_folder.ts`).
import { join } from "node:path";
import { type Confinement, type FolderEntry, kindOf } from "./confine.ts";
import { FileProblem } from "./file_problem.ts";
import { deniedName, nameOf, type Place } from "./mounts.ts";
import type {
  FolderWindow,
  LatestFile,
  LatestRequest,
  WindowEntry,
  WindowRequest,
} from "./folder_protocol.ts";

/** Files and folders that `latestFiles` looks at before it has seen enough. */
const MOST_LOOKED_AT = 5_000;
const DEEPEST = 8;

/** A page of a folder. A file as the place is `E_TOOL_ARGS`. */
export function folderWindow(
  walls: Confinement,
  { place, from, count }: WindowRequest,
): FolderWindow {
  const name = nameOf(place);
  const path = requireFolder(walls, place);
  const shown = walls.readFolder(path, name).filter((entry) => !entry.name.startsWith("."));
  shown.sort((a, b) =>
    Number(b.kind === "folder") - Number(a.kind === "folder") || byName(a.name, b.name)
  );
  return {
    entries: shown.slice(from, from + count).map((entry) => describe(walls, place, entry)),
    total: shown.length,
  };
}

const { compare: byName } = new Intl.Collator("en", { numeric: true });

/** The files below a folder, last changed first; an absent folder holds none. Links are left out. */
export function latestFiles(
  walls: Confinement,
  { place, most }: LatestRequest,
): readonly LatestFile[] {
  const { path, exists } = walls.locate(place, "read");
  if (!exists || !Deno.statSync(path).isDirectory) return [];
  const found: LatestFile[] = [];
  const queue = [{ path, parts: place.parts }];
  let looked = 0;
  for (let level = queue.shift(); level && looked < MOST_LOOKED_AT; level = queue.shift()) {
    for (const { name, kind } of walls.readFolder(level.path, nameOf({ ...place, ...level }))) {
      if (name.startsWith(".") || !isUsable(name) || ++looked > MOST_LOOKED_AT) continue;
      const inside = { path: join(level.path, name), parts: [...level.parts, name] };
      if (kind === "folder" && inside.parts.length - place.parts.length < DEEPEST) {
        queue.push(inside);
      }
      if (kind === "file") found.push({ parts: inside.parts, ...sizeOf(inside.path) });
    }
  }
  const changed = ({ modifiedAt }: LatestFile) => modifiedAt ?? "";
  return found.sort((a, b) => changed(b) < changed(a) ? -1 : 1).slice(0, most);
}

function requireFolder(walls: Confinement, place: Place): string {
  const { path, exists } = walls.locate(place, "read");
  if (!exists) throw walls.missing(place);
  if (Deno.statSync(path).isDirectory) return path;
  throw new FileProblem("E_TOOL_ARGS", `"${nameOf(place)}" is a file, not a folder`);
}

function describe(walls: Confinement, folder: Place, { name, kind }: FolderEntry): WindowEntry {
  const nothing = { name, kind, bytes: null, modifiedAt: null };
  if (!isUsable(name)) return { ...nothing, isUsable: false };
  try {
    const { path } = walls.locate({ ...folder, parts: [...folder.parts, name] }, "read");
    const info = Deno.statSync(path);
    return {
      name,
      kind: kindOf(info),
      bytes: info.isFile ? info.size : null,
      modifiedAt: info.mtime?.toISOString() ?? null,
      isUsable: info.isFile || info.isDirectory,
    };
  } catch {
    // It went away between listing and looking, or it is a link that leads elsewhere.
    return { ...nothing, isUsable: false };
  }
}

/** Whether a path can name it: some names are closed, and a backslash would be read as a slash. */
function isUsable(name: string): boolean {
  // deno-lint-ignore no-control-regex
  return deniedName([name], "read") === undefined && !/[\\\x00-\x1f\x7f]/.test(name);
}

function sizeOf(path: string): Pick<LatestFile, "bytes" | "modifiedAt"> {
  try {
    const { size, mtime } = Deno.lstatSync(path);
    return { bytes: size, modifiedAt: mtime?.toISOString() ?? null };
  } catch {
    // It went away between listing and looking.
    return { bytes: 0, modifiedAt: null };
  }
}
