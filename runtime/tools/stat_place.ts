// Whether a place exists, and how large it is. Runs in the worker.
import { type Confinement, kindOf } from "./confine.ts";
import { systemCode } from "./file_problem.ts";
import type { Place } from "./mounts.ts";
import type { FileStat } from "./worker_protocol.ts";

/** `null` if nothing is there. Links are followed as far as `locate` allows it. */
export function statPlace(walls: Confinement, place: Place): FileStat | null {
  try {
    const { path, exists, realName } = walls.locate(place, "read");
    if (!exists) return null;
    const info = Deno.statSync(path);
    return { kind: kindOf(info), bytes: info.isFile ? info.size : 0, realName };
  } catch (thrown) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(thrown))) return null;
    throw thrown;
  }
}
