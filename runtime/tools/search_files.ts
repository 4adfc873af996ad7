// Searches text files line by line, as a stream and within limits. Runs in the worker.
import { join } from "node:path";
import type { Confinement } from "./confine.ts";
import { binaryType } from "./file_type.ts";
import { compileGlob, createFinder } from "./line_finder.ts";
import { nameOf } from "./mounts.ts";
import { LineSearch } from "./line_search.ts";
import type { SearchHits, SearchRequest } from "./worker_protocol.ts";

/** A search answers with what it has after this time, far below a tool's own limit. */
const SEARCH_TIME_MS = 20_000;

const CHUNK_BYTES = 256 * 1024;

/** A longer line is searched in pieces of this length. */
const MAX_LINE_CHARS = 256 * 1024;

const UNOPENED = "node_modules";

interface FoundFile {
  readonly path: string;
  readonly name: string;
}

/** Matches in path order. Links, binary and hidden files are passed over; so is what cannot be read. */
export function searchFiles(walls: Confinement, request: SearchRequest): SearchHits {
  const search = new LineSearch(createFinder(request.find), request);
  const wanted = globFilter(request.globs);
  const deadline = performance.now() + SEARCH_TIME_MS;
  const late = () => performance.now() > deadline;
  const buffer = new Uint8Array(CHUNK_BYTES);
  let filesSearched = 0;
  for (const { path, name } of filesOf(walls, request)) {
    if (late()) return { ...search.hits(), filesSearched, truncatedBy: "time" };
    if (!wanted(name)) continue;
    using file = openQuietly(walls, path, name);
    if (!file) continue;
    filesSearched++;
    search.begin(name);
    for (const line of linesOf(file, buffer)) {
      search.line(line);
      if (search.full) return { ...search.hits(), filesSearched };
      if (late()) return { ...search.hits(), filesSearched, truncatedBy: "time" };
    }
  }
  return { ...search.hits(), filesSearched };
}

function* filesOf(walls: Confinement, { places }: SearchRequest): Generator<FoundFile> {
  for (const place of places) {
    const { path, exists } = walls.locate(place, "read");
    if (!exists) throw walls.missing(place);
    const found = { path, name: nameOf(place) };
    if (Deno.statSync(path).isDirectory) yield* filesBelow(walls, found);
    else yield found;
  }
}

function* filesBelow(walls: Confinement, folder: FoundFile): Generator<FoundFile> {
  for (const { name, kind } of readFolderQuietly(walls, folder)) {
    const found = { path: join(folder.path, name), name: `${folder.name}/${name}` };
    if (name.startsWith(".") || name === UNOPENED) continue;
    if (kind === "folder") yield* filesBelow(walls, found);
    else if (kind === "file") yield found;
  }
}

function readFolderQuietly(walls: Confinement, { path, name }: FoundFile) {
  try {
    return walls.readFolder(path, name);
  } catch {
    // It went away or is closed to us: one folder must not end the search of all others.
    return [];
  }
}

function openQuietly(walls: Confinement, path: string, name: string): Deno.FsFile | undefined {
  try {
    return walls.openReal(path, name);
  } catch {
    return undefined;
  }
}

/** Lines without their ends; none for a binary file. */
function* linesOf(file: Deno.FsFile, buffer: Uint8Array): Generator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let count = file.readSync(buffer);
  if (binaryType(buffer.subarray(0, count ?? 0))) return;
  while (count !== null) {
    const lines = (rest + decoder.decode(buffer.subarray(0, count), { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.map(withoutCr);
    if (rest.length > MAX_LINE_CHARS) {
      yield rest;
      rest = "";
    }
    count = file.readSync(buffer);
  }
  rest += decoder.decode();
  if (rest !== "") yield withoutCr(rest);
}

function withoutCr(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** Whether a mount path is wanted. A glob without `/` looks at names in any folder. */
function globFilter(globs: readonly string[]): (name: string) => boolean {
  const toTest = (glob: string) => compileGlob(glob.includes("/") ? glob : `**/${glob}`);
  const included = globs.filter((glob) => !glob.startsWith("!")).map(toTest);
  const excluded = globs.filter((glob) => glob.startsWith("!")).map((glob) =>
    toTest(glob.slice(1))
  );
  return (name) =>
    (included.length === 0 || included.some((test) => test(name))) &&
    !excluded.some((test) => test(name));
}
