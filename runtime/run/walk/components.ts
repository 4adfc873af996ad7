// Strongly connected components of a graph: sets of nodes that all lead to each other. Pure.

/**
 * The components of the nodes, by Tarjan's algorithm without recursion. Each lists its nodes in the
 * order of `nodeIds`. Linear in nodes and edges.
 * @param next ids a node leads to; those outside `nodeIds` are left out
 */
export function strongComponents(
  nodeIds: Iterable<string>,
  next: (nodeId: string) => readonly string[],
): string[][] {
  const order = new Map([...nodeIds].map((nodeId, index) => [nodeId, index]));
  const search = { found: new Map<string, number>(), lowest: new Map<string, number>() };
  const open: string[] = [];
  const isOpen = new Set<string>();
  const components: string[][] = [];

  const enter = (nodeId: string) => {
    search.lowest.set(nodeId, search.found.size);
    search.found.set(nodeId, search.found.size);
    open.push(nodeId);
    isOpen.add(nodeId);
    return { nodeId, rest: next(nodeId).filter((to) => order.has(to)).values() };
  };
  const lower = (nodeId: string, value: number) => {
    search.lowest.set(nodeId, Math.min(search.lowest.get(nodeId) ?? value, value));
  };
  const close = (nodeId: string) => {
    const members = open.splice(open.lastIndexOf(nodeId));
    for (const member of members) isOpen.delete(member);
    components.push(members.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
  };

  for (const start of order.keys()) {
    const path = search.found.has(start) ? [] : [enter(start)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const step = top.rest.next();
      if (!step.done) {
        if (!search.found.has(step.value)) path.push(enter(step.value));
        else if (isOpen.has(step.value)) lower(top.nodeId, search.found.get(step.value) ?? 0);
        continue;
      }
      path.pop();
      const lowest = search.lowest.get(top.nodeId) ?? 0;
      if (lowest === search.found.get(top.nodeId)) close(top.nodeId);
      const caller = path.at(-1);
      if (caller) lower(caller.nodeId, lowest);
    }
  }
  return components;
}
