import { deepStrictEqual, ok } from "node:assert/strict";
import { autoLayout } from "../../../builder/edit/auto_layout.ts";
import { seeded } from "./random_edits.ts";

/** A path of nodes with edges back and far ahead. */
function tangled(count: number) {
  const random = seeded(count);
  const nodes = Array.from(
    { length: count },
    (_, index) => ({ id: index === 1 ? "__proto__" : `n${index}` }),
  );
  const idAt = (index: number) => nodes[Math.min(count - 1, Math.max(0, index))]?.id ?? "";
  const path = nodes.slice(1).map(({ id }, index) => ({ from: idAt(index), to: id }));
  const more = path.map(() => ({
    from: idAt(Math.floor(random() * count)),
    to: idAt(Math.floor(random() * count)),
  }));
  return { nodes, edges: [...path, ...more], entryNodeId: "n0" };
}

for (const count of [1, 2, 30, 1000]) {
  Deno.test(`autoLayout() lays ${count} nodes with loops apart, the same every time`, () => {
    const graph = tangled(count);
    const points = autoLayout(graph);
    deepStrictEqual(autoLayout(graph), points);
    deepStrictEqual(points.size, count);
    const all = [...points.values()];
    const overlaps = all.flatMap((a, index) =>
      all.slice(index + 1).filter((b) => Math.abs(a.x - b.x) < 180 && Math.abs(a.y - b.y) < 60)
    );
    deepStrictEqual(overlaps, []);
  });
}

Deno.test("autoLayout() puts the entry left of what follows it, also in a loop", () => {
  const nodes = ["c", "b", "a"].map((id) => ({ id }));
  const edges = [{ from: "a", to: "b" }, { from: "b", to: "c" }, { from: "c", to: "a" }];
  const points = autoLayout({ nodes, edges, entryNodeId: "a" });
  const x = (id: string) => points.get(id)?.x ?? 0;
  ok(x("a") < x("b") && x("b") < x("c"));
});

Deno.test("autoLayout() sets a chain in rows, in reading order, with loops back in it", () => {
  const ids = ["a", "b", "c", "d", "e"];
  const chain = ids.slice(1).map((to, index) => ({ from: ids[index] ?? "", to }));
  const edges = [...chain, { from: "d", to: "b" }];
  const points = autoLayout({ nodes: ids.map((id) => ({ id })), edges, entryNodeId: "a" });
  const rows = Object.values(Object.groupBy([...points], ([, { y }]) => y));
  const read = rows.map((row) => row?.sort(([, a], [, b]) => a.x - b.x).map(([id]) => id));
  deepStrictEqual(read, [["a", "b", "c"], ["d", "e"]]);
});

Deno.test("autoLayout() leaves a graph with branches in one row of layers", () => {
  const nodes = ["a", "b", "c", "d", "e", "f"].map((id) => ({ id }));
  const edges = ["ab", "bc", "bd", "ce", "de", "ef"].map(([from = "", to = ""]) => ({ from, to }));
  const points = autoLayout({ nodes, edges, entryNodeId: "a" });
  const xs = ["a", "b", "c", "e", "f"].map((id) => points.get(id)?.x ?? 0);
  deepStrictEqual(xs, [...xs].sort((one, other) => one - other));
  deepStrictEqual(new Set(xs).size, 5);
});
