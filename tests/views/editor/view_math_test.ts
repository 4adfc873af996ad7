import assert from "node:assert/strict";
import {
  align,
  fitView,
  nearestToward,
  revealView,
  saneZoom,
  toCanvas,
  toWindow,
  ZOOM_LIMITS,
  zoomAt,
} from "../../../views/editor/view_math.js";

const view = { x: 30, y: -20, zoom: 0.8 };

Deno.test("zoomAt() keeps what is under the pointer there", () => {
  const pointer = { x: 333, y: 222 };
  for (const factor of [0.5, 1.1, 2]) {
    const under = toCanvas(view, pointer);
    const { x, y } = toWindow(zoomAt(view, pointer, factor), under);
    assert.ok(Math.hypot(x - pointer.x, y - pointer.y) < 1e-9);
  }
});

Deno.test("saneZoom() stays within its limits whatever it is given", () => {
  const cases = [[NaN, 1], [0, ZOOM_LIMITS.least], [-3, ZOOM_LIMITS.least], [
    Infinity,
    ZOOM_LIMITS.most,
  ]];
  for (const [given, wanted] of cases) assert.equal(saneZoom(given as number), wanted);
});

Deno.test("fitView() shows a box whole, in the middle, and never larger than life", () => {
  const size = { width: 1000, height: 600 };
  const wide = { x: -500, y: 20, width: 4000, height: 100 };
  const seen = fitView(wide, size);
  const left = toWindow(seen, wide);
  const right = toWindow(seen, { x: wide.x + wide.width, y: wide.y });
  assert.ok(left.x >= 0 && right.x <= size.width);
  assert.ok(Math.abs(left.x - (size.width - right.x)) < 1e-6);
  assert.equal(fitView({ x: 0, y: 0, width: 10, height: 10 }, size).zoom, 1);
  assert.deepEqual(fitView(undefined, size), { x: 500, y: 300, zoom: 1 });
});

Deno.test("revealView() does not move for what can be seen", () => {
  const size = { width: 800, height: 600 };
  const still = { x: 0, y: 0, zoom: 1 };
  assert.equal(revealView(still, { x: 100, y: 100, width: 180, height: 60 }, size), still);
  const moved = revealView(still, { x: 900, y: 100, width: 180, height: 60 }, size);
  assert.ok(toWindow(moved, { x: 1080, y: 0 }).x <= size.width);
  assert.equal(moved.y, 0);
});

Deno.test("align() lines up with the nearest other node, else with the grid", () => {
  const others = { xs: [0, 103, 109], ys: [] };
  assert.deepEqual(align({ x: 105, y: 44 }, others, 6), { dx: -2, dy: -4, atX: 103 });
  assert.deepEqual(align({ x: 57, y: 46 }, others, 6), { dx: 3, dy: 4 });
});

Deno.test("nearestToward() prefers what lies straight ahead to what is near but aside", () => {
  const nodes = [
    ["ahead", { x: 500, y: 10 }],
    ["aside", { x: 200, y: 220 }],
    ["behind", { x: -100, y: 0 }],
  ] as const;
  assert.equal(nearestToward({ x: 0, y: 0 }, nodes, "right"), "ahead");
  assert.equal(nearestToward({ x: 0, y: 0 }, nodes, "left"), "behind");
  assert.equal(nearestToward({ x: 0, y: 0 }, nodes, "down"), "aside");
  assert.equal(nearestToward({ x: 0, y: 0 }, nodes, "up"), undefined);
});
