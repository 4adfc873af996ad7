// Lists a folder, level by level, so that a cut listing still shows the upper levels. In the worker.
import { join } from "node:path";
import type { Confinement } from "./confine.ts";
import { FileProblem } from "./file_problem.ts";
import { nameOf } from "./mounts.ts";
import type { ListEntry, Listing, ListRequest } from "./worker_protocol.ts";

/** Listed, but never looked into unless asked for by name. */
const UNOPENED = "node_modules";

interface Level {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
}

/** Entries down to `depth`, dot files left out. A file as the place is `E_TOOL_ARGS`. */
export function listFolder(walls: Confinement, request: ListRequest): Listing {
  const name = nameOf(request.place);
  const path = requireFolder(walls, request);
  const entries: ListEntry[] = [];
  const queue: Level[] = [{ path, name, depth: 1 }];
  for (let level = queue.shift(); level; level = queue.shift()) {
    for (const entry of walls.readFolder(level.path, level.name)) {
      if (entry.name.startsWith(".")) continue;
      if (entries.length >= request.maxEntries) return { entries, truncated: true };
      const inside = { path: join(level.path, entry.name), name: `${level.name}/${entry.name}` };
      entries.push(describe(inside, entry.kind));
      if (entry.kind !== "folder" || entry.name === UNOPENED) continue;
      if (level.depth < request.depth) queue.push({ ...inside, depth: level.depth + 1 });
    }
  }
  return { entries, truncated: false };
}

function requireFolder(walls: Confinement, { place }: ListRequest): string {
  const { path, exists } = walls.locate(place, "read");
  const name = nameOf(place);
  if (!exists) throw walls.missing(place);
  if (Deno.statSync(path).isDirectory) return path;
  throw new FileProblem("E_TOOL_ARGS", `"${name}" is a file, not a folder. Read it with fs_read`);
}

function describe(
  { path, name }: { path: string; name: string },
  kind: ListEntry["kind"],
): ListEntry {
  if (kind !== "file") return { path: name, kind };
  try {
    return { path: name, kind, bytes: Deno.lstatSync(path).size };
  } catch {
    // It went away between listing and looking.
    return { path: name, kind };
  }
}
