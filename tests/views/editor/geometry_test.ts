import assert from "node:assert/strict";
import {
  boundsOf,
  distanceToEdge,
  edgeShape,
  freePlace,
  NODE_SIZE,
  type Point,
  REACH,
  sanePoint,
  snapToGrid,
} from "../../../views/editor/geometry.js";

const origin = { x: 0, y: 0 };

Deno.test("sanePoint() makes every position drawable", () => {
  const hostile: readonly (readonly [unknown, Point])[] = [
    [undefined, origin],
    [null, origin],
    [{}, origin],
    [{ x: "12", y: [3] }, origin],
    [{ x: NaN, y: -0 }, origin],
    [{ x: Infinity, y: -Infinity }, { x: REACH, y: -REACH }],
    [{ x: 1e308, y: -1e308 }, { x: REACH, y: -REACH }],
    [{ x: 12.4, y: -12.6 }, { x: 12, y: -13 }],
  ];
  for (const [given, wanted] of hostile) {
    const point = sanePoint(given as Parameters<typeof sanePoint>[0]);
    assert.deepEqual(point, wanted, JSON.stringify(given));
    assert.ok(!Object.is(point.y, -0));
  }
});

Deno.test("edgeShape() leaves on the right and enters on the left where the target lies ahead", () => {
  const { curve } = edgeShape(origin, { x: 400, y: 200 });
  assert.deepEqual(curve[0], { x: NODE_SIZE.width, y: NODE_SIZE.height / 2 });
  assert.deepEqual(curve[3], { x: 400, y: 200 + NODE_SIZE.height / 2 });
});

Deno.test("edgeShape() goes below both nodes where the target lies behind", () => {
  const { curve, label } = edgeShape({ x: 600, y: 0 }, { x: 0, y: 40 });
  assert.equal(curve[0].y, NODE_SIZE.height);
  assert.equal(curve[3].y, 40 + NODE_SIZE.height);
  assert.ok(label.y > 40 + NODE_SIZE.height);
});

Deno.test("edgeShape() keeps edges between the same nodes apart, in every direction", () => {
  const targets = [
    { x: 400, y: 0 },
    { x: 0, y: 300 },
    { x: 0, y: -300 },
    { x: -500, y: 0 },
    origin,
  ];
  for (const to of targets) {
    const labels = [0, 1, 2].map((index) => edgeShape(origin, to, { index, count: 3 }).label);
    const [first, second, third] = labels as [Point, Point, Point];
    const gap = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
    assert.ok(gap(first, second) > 12 && gap(second, third) > 12, JSON.stringify({ to, labels }));
  }
});

Deno.test("edgeShape() keeps an edge and the one back apart", () => {
  for (const to of [{ x: 400, y: 0 }, { x: 0, y: 300 }]) {
    const [there, back] = [edgeShape(origin, to).label, edgeShape(to, origin).label];
    assert.ok(Math.hypot(there.x - back.x, there.y - back.y) > 12, JSON.stringify(to));
  }
});

Deno.test("edgeShape() draws finite numbers between any two positions in reach", () => {
  const values = [-REACH, -1, 0, 0.5, 179, 196, REACH];
  for (const x of values) {
    for (const y of values) {
      const { d, label } = edgeShape({ x, y }, { x: y, y: x }, { index: 500, count: 1000 });
      assert.match(d, /^M-?[\d.]+ -?[\d.]+ C(-?[\d.]+ ?){6}$/);
      assert.ok(Number.isFinite(label.x) && Number.isFinite(label.y));
    }
  }
});

Deno.test("distanceToEdge() is small on the edge and large beside it", () => {
  const shape = edgeShape(origin, { x: 400, y: 200 });
  assert.ok(distanceToEdge(shape, shape.label) < 3);
  assert.ok(distanceToEdge(shape, { x: 290, y: 400 }) > 150);
});

Deno.test("boundsOf() is the box round all nodes, and none round none", () => {
  assert.equal(boundsOf([]), undefined);
  const box = boundsOf([{ x: 10, y: 300 }, { x: -40, y: 20 }]);
  assert.deepEqual(box, {
    x: -40,
    y: 20,
    width: 50 + NODE_SIZE.width,
    height: 280 + NODE_SIZE.height,
  });
});

Deno.test("freePlace() goes below what is in the way", () => {
  const taken = [origin, { x: 0, y: 80 }];
  assert.deepEqual(freePlace({ x: 3, y: 4 }, []), origin);
  assert.deepEqual(freePlace({ x: 3, y: 4 }, taken), { x: 0, y: 160 });
});

Deno.test("snapToGrid() rounds to tens, and never to minus zero", () => {
  assert.deepEqual(snapToGrid({ x: 14, y: -16 }), { x: 10, y: -20 });
  assert.ok(!Object.is(snapToGrid({ x: -2, y: 0 }).x, -0));
});

Deno.test("edgeShape() puts the label of a level edge above the line, between the nodes", () => {
  const { label, labelWidth, curve } = edgeShape(origin, { x: NODE_SIZE.width + 80, y: 0 });
  assert.ok(label.y <= curve[0].y - 8);
  assert.ok(labelWidth < 80 && labelWidth > 60);
  const steep = edgeShape(origin, { x: NODE_SIZE.width + 80, y: 200 });
  assert.ok(Math.abs(steep.label.y - 130) < 1 && steep.labelWidth > 100);
});

Deno.test("edgeShape() runs between the rows to a node further left in another row", () => {
  for (const [from, to] of [[{ x: 600, y: 0 }, { x: 0, y: 160 }], [{ x: 600, y: 160 }, origin]]) {
    const { label, curve } = edgeShape(from as Point, to as Point);
    assert.ok(label.y > NODE_SIZE.height && label.y < 160, JSON.stringify(label));
    assert.equal(curve[0].x, 600 + NODE_SIZE.width);
    assert.equal(curve[3].x, 0);
  }
});
