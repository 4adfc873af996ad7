// Every state that a power cut can leave of a recorded program, each once. Pure.
import { seededRandom } from "../../runtime/run/walk/seeded_random.ts";
import { createHash } from "node:crypto";
import {
  type DiskOperation,
  type DiskState,
  openDisk,
  ORDERED_CUT,
  type PowerCut,
  scatteredCut,
  STRICT_CUT,
  tornCut,
} from "./disk.ts";

/** A state that a power cut can leave. */
export interface Cut {
  /** What kind of disk forgets in this way. */
  readonly kind: string;
  /** Kind and instant of one cut that leaves the state. */
  readonly name: string;
  readonly state: DiskState;
}

const KINDS: readonly (readonly [kind: string, cut: PowerCut])[] = [
  ["strict", STRICT_CUT],
  ["ordered", ORDERED_CUT],
  ["torn 1", tornCut(seededRandom(1))],
  ["torn 2", tornCut(seededRandom(2))],
  ["scattered", scatteredCut(seededRandom(3))],
];

/** The states, in the order of the instants at which they are left first. */
export function cutsOf(before: DiskState, operations: readonly DiskOperation[]): Cut[] {
  const disk = openDisk(before);
  const paths = new Map<number, string>();
  const cuts = new Map<string, Cut>();
  for (const [index, operation] of operations.entries()) {
    disk.apply(operation);
    if (operation.kind === "open") paths.set(operation.handle, operation.path);
    for (const [kind, cut] of KINDS) {
      const state = disk.survivors(cut);
      const name = `${kind} cut after operation ${index + 1} (${describe(operation, paths)})`;
      const key = fingerprint(state);
      if (!cuts.has(key)) cuts.set(key, { kind, name, state });
    }
  }
  return [...cuts.values()];
}

/** About `count` of the cuts: as many of each kind, spread evenly over the time. */
export function someCuts(cuts: readonly Cut[], count: number): Cut[] {
  const share = Math.ceil(count / KINDS.length);
  return [...Map.groupBy(cuts, ({ kind }) => kind).values()].flatMap((all) => {
    const stride = Math.max(1, all.length / share);
    return all.filter((_, index) => Math.floor(index % stride) === 0);
  });
}

/** For messages: what the operation did, to which path. */
function describe(operation: DiskOperation, paths: ReadonlyMap<number, string>): string {
  const path = "handle" in operation
    ? paths.get(operation.handle)
    : "to" in operation
    ? operation.to
    : operation.path;
  return `${operation.kind} ${path}`;
}

function fingerprint(state: DiskState): string {
  const hash = createHash("sha256");
  for (const [path, content] of state) {
    hash.update(`${path}\0${content?.length}\0`).update(content ?? "");
  }
  return hash.digest("hex");
}
