// What a person does to files and folders of a project besides writing them: makes folders, renames,
// takes folders away. Runs in the worker; no tool of a model leads here.
import { dirname, join } from "node:path";
import { makeFolder, syncFolder } from "../disk/durable.ts";
import { type Confinement, kindOf, type Located } from "./confine.ts";
import { FileProblem, systemCode } from "./file_problem.ts";
import { nameOf, type Place } from "./mounts.ts";
import { PROJECT_FOLDER_MODE, readAll, removeFile, sha256Of } from "./replace_file.ts";
import type {
  Gathered,
  GatheredFile,
  GatherRequest,
  MoveRequest,
  RemoveFolderRequest,
} from "./folder_protocol.ts";

/** Details of a refusal because the name is taken. */
const TAKEN = { isTaken: true };

/** Makes a folder with its parents. `E_PRECONDITION_FAILED` with `isTaken` if something is there. */
export function makeNewFolder(walls: Confinement, place: Place): null {
  const { path, exists } = walls.locate(place, "write");
  if (exists) throw taken(place);
  makeFolder(path, PROJECT_FOLDER_MODE);
  walls.requireUnmoved(path, nameOf(place));
  return null;
}

/**
 * Renames a file or a folder. Refuses links, and what holds the program's own files. A file never
 * takes the place of another one, whoever makes that meanwhile. `E_PRECONDITION_FAILED` with
 * `isTaken` if something has the new name.
 */
export function movePlace(walls: Confinement, { place, to }: MoveRequest): null {
  const source = requireItself(walls, place);
  const target = walls.locate(to, "write");
  if (target.exists && !isSame(source.path, target.path)) throw taken(to);
  const isFolder = Deno.lstatSync(source.path).isDirectory;
  if (isFolder) requireMovable(walls, { place, to, path: source.path });
  const parent = dirname(target.path);
  makeFolder(parent, PROJECT_FOLDER_MODE);
  walls.requireUnmoved(parent, nameOf(to));
  walls.requireUnmoved(dirname(source.path), nameOf(place));
  if (isFolder || target.exists) Deno.renameSync(source.path, target.path);
  else moveFile(source.path, target.path, to);
  syncFolder(parent);
  syncFolder(dirname(source.path));
  return null;
}

/** A second name, which fails where one is; then the first one goes. Some disks have no such names. */
function moveFile(from: string, to: string, place: Place): void {
  try {
    Deno.linkSync(from, to);
  } catch (thrown) {
    if (systemCode(thrown) === "EEXIST" || thrown instanceof Deno.errors.AlreadyExists) {
      throw taken(place);
    }
    Deno.renameSync(from, to);
    return;
  }
  Deno.removeSync(from);
}

function requireMovable(
  walls: Confinement,
  { place, to, path }: { place: Place; to: Place; path: string },
): void {
  walls.requireNothingClosed(path, nameOf(place));
  const isInside = place.parts.every((part, at) => part === to.parts[at]);
  if (!isInside || to.parts.length <= place.parts.length) return;
  throw new FileProblem("E_TOOL_ARGS", `"${nameOf(place)}" cannot be moved into itself`);
}

/** The place, which is there and no link. */
function requireItself(walls: Confinement, place: Place): Located {
  const located = walls.locate(place, "write");
  if (!located.exists) throw walls.missing(place);
  if (place.parts.length === 0) {
    throw new FileProblem("E_TOOL_ARGS", "The project's own folder is not changed from here");
  }
  if (located.realName === nameOf(place)) return located;
  throw new FileProblem(
    "E_TOOL_ARGS",
    `"${
      nameOf(place)
    }" is a link, or has one in its path. Use where it leads: "${located.realName}"`,
  );
}

/**
 * A file, or all that a folder holds, hidden files too. `E_TOOL_ARGS` where that cannot be kept: a link, a
 * device; `E_SANDBOX_VIOLATION` for a closed name such as `.git`; `E_WRITE_LIMIT` where it is too much.
 */
export function gatherPlace(walls: Confinement, request: GatherRequest): Gathered {
  const { place, maxBytes } = request;
  const { path } = requireItself(walls, place);
  if (Deno.lstatSync(path).isDirectory) return { kind: "folder", ...gatherFolder(walls, request) };
  const file = loadGathered(walls, place, maxBytes);
  if (file) return { kind: "file", files: [{ parts: [], ...file }], folders: [] };
  throw tooMuch(place, request);
}

function gatherFolder(walls: Confinement, request: GatherRequest): Omit<Gathered, "kind"> {
  const { place, maxFiles, maxBytes } = request;
  const { path } = requireItself(walls, place);
  walls.requireNothingClosed(path, nameOf(place));
  const [files, folders]: [GatheredFile[], string[][]] = [[], []];
  const queue: string[][] = [[]];
  let bytes = 0;
  for (let parts = queue.shift(); parts; parts = queue.shift()) {
    for (const { name, isDirectory } of Deno.readDirSync(join(path, ...parts))) {
      const inside = [...parts, name];
      const found = { ...place, parts: [...place.parts, ...inside] };
      if (files.length + folders.length >= maxFiles) throw tooMuch(place, request);
      if (isDirectory) {
        requireItself(walls, found);
        folders.push(inside);
        queue.push(inside);
        continue;
      }
      const file = loadGathered(walls, found, maxBytes - bytes);
      if (!file) throw tooMuch(place, request);
      bytes += file.bytes.length;
      files.push({ parts: inside, ...file });
    }
  }
  return { files, folders };
}

/** `undefined` if it is larger than that. */
function loadGathered(
  walls: Confinement,
  place: Place,
  mostBytes: number,
): Omit<GatheredFile, "parts"> | undefined {
  const name = nameOf(place);
  const { path } = requireItself(walls, place);
  if (kindOf(Deno.lstatSync(path)) !== "file") {
    throw new FileProblem("E_TOOL_ARGS", `"${name}" is no ordinary file; take it away by hand`);
  }
  using file = walls.openReal(path, name);
  const { size, mode } = file.statSync();
  if (size > mostBytes) return undefined;
  const bytes = readAll(file, size);
  return { bytes, sha256: sha256Of(bytes), mode: mode === null ? null : mode & 0o777 };
}

/** Removes a gathered folder; what came or changed since stays, with the folders that lead to it. */
export function removeGathered(walls: Confinement, request: RemoveFolderRequest): null {
  const { place, files, folders } = request;
  const { path } = requireItself(walls, place);
  for (const { parts, sha256 } of files) {
    const inside = { ...place, parts: [...place.parts, ...parts] };
    removeFile(walls, { place: inside, sha256Before: sha256 });
  }
  for (const parts of [[], ...folders].reverse()) {
    const folder = { ...place, parts: [...place.parts, ...parts] };
    Deno.removeSync(requireItself(walls, folder).path);
  }
  syncFolder(dirname(path));
  return null;
}

/** One file under two spellings, where the file system does not tell them apart. */
function isSame(a: string, b: string): boolean {
  const [first, second] = [Deno.lstatSync(a), Deno.lstatSync(b)];
  return a !== b && first.ino !== null && first.ino === second.ino && first.dev === second.dev &&
    a.toLowerCase() === b.toLowerCase();
}

function taken(place: Place): FileProblem {
  const message = `There is something named "${nameOf(place)}" already`;
  return new FileProblem("E_PRECONDITION_FAILED", message, TAKEN);
}

function tooMuch(place: Place, { maxFiles, maxBytes }: GatherRequest): FileProblem {
  return new FileProblem(
    "E_WRITE_LIMIT",
    `"${nameOf(place)}" holds more than can be kept to take it back: ${maxFiles} entries or ${
      maxBytes >> 20
    } MiB. Delete parts of it`,
  );
}
