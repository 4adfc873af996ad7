// Cycles among agents that wait for each other. Pure, and without recursion: a chain may be long.

/**
 * One path for each knot of agents that can never begin, such as `["a", "b", "a"]`; empty if there is an
 * order. Ids that are no keys are ignored.
 * @param waitsFor id → ids it waits for
 */
export function findCycles(waitsFor: ReadonlyMap<string, readonly string[]>): string[][] {
  const stuck = stuckIds(waitsFor);
  const cycles: string[][] = [];
  const seen = new Set<string>();
  for (const start of stuck) {
    const path: string[] = [];
    let id: string | undefined = start;
    while (id !== undefined && !seen.has(id)) {
      seen.add(id);
      path.push(id);
      id = waitsFor.get(id)?.find((next) => stuck.has(next));
    }
    const from = id === undefined ? -1 : path.indexOf(id);
    if (from >= 0) cycles.push([...path.slice(from), path[from] ?? ""]);
  }
  return cycles;
}

/** What is left when everything that can begin has begun. */
function stuckIds(waitsFor: ReadonlyMap<string, readonly string[]>): Set<string> {
  const waiting = new Map<string, number>();
  const followers = new Map<string, string[]>();
  for (const [id, before] of waitsFor) {
    const known = before.filter((other) => waitsFor.has(other));
    waiting.set(id, known.length);
    for (const other of known) followers.set(other, [...followers.get(other) ?? [], id]);
  }
  const free = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    waiting.delete(id);
    for (const follower of followers.get(id) ?? []) {
      const left = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, left);
      if (left === 0) free.push(follower);
    }
  }
  return new Set(waiting.keys());
}
