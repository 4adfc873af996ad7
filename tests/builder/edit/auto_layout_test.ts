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
