import assert from "node:assert/strict";
import {
  type DiskOperation,
  type DiskState,
  NO_CUT,
  openDisk,
  ORDERED_CUT,
  type PowerCut,
  scatteredCut,
  STRICT_CUT,
  tornCut,
} from "./disk.ts";

function open(handle: number, path: string, create = true): DiskOperation {
  return { kind: "open", handle, path, create, truncate: false };
}

function write(handle: number, text: string, offset: number | "end" = 0): DiskOperation {
  return { kind: "write", handle, offset, bytes: new TextEncoder().encode(text) };
}

const sync = (handle: number): DiskOperation => ({ kind: "sync", handle });

/** What is left, as text. */
function left(operations: readonly DiskOperation[], cut: PowerCut, initial?: DiskState) {
  const disk = openDisk(initial);
  for (const operation of operations) disk.apply(operation);
  const entries = [...disk.survivors(cut)];
  return Object.fromEntries(
    entries.map(([path, bytes]) => [path, bytes && new TextDecoder().decode(bytes)]),
  );
}

function holding(files: Readonly<Record<string, string>>): DiskState {
  return new Map(
    Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]),
  );
}

/** "new" in a temporary file, renamed over "old"; what is synced is up to the test. */
const REPLACE: Readonly<Record<string, readonly DiskOperation[]>> = {
  "nothing": [open(1, "t"), write(1, "new"), { kind: "rename", from: "t", to: "f" }],
  "the file": [open(1, "t"), write(1, "new"), sync(1), { kind: "rename", from: "t", to: "f" }],
  "the folder": [
    open(1, "t"),
    write(1, "new"),
    { kind: "rename", from: "t", to: "f" },
    open(2, ""),
    sync(2),
  ],
  "both": [
    open(1, "t"),
    write(1, "new"),
    sync(1),
    { kind: "rename", from: "t", to: "f" },
    open(2, ""),
    sync(2),
  ],
};

const AFTER_CUT = [
  { synced: "nothing", strict: "old", ordered: "" },
  { synced: "the file", strict: "old", ordered: "new" },
  { synced: "the folder", strict: "", ordered: "" },
  { synced: "both", strict: "new", ordered: "new" },
];

for (const { synced, strict, ordered } of AFTER_CUT) {
  Deno.test(`openDisk() leaves of a replaced file with ${synced} synced what each policy says`, () => {
    const operations = REPLACE[synced] ?? [];
    assert.deepEqual(left(operations, STRICT_CUT, holding({ f: "old" })), { f: strict });
    assert.deepEqual(left(operations, ORDERED_CUT, holding({ f: "old" })), { f: ordered });
    assert.deepEqual(left(operations, NO_CUT, holding({ f: "old" })), { f: "new" });
  });
}

Deno.test("openDisk() loses a synced file whose folder's own name was not synced", () => {
  const operations: DiskOperation[] = [
    { kind: "make_folder", path: "a" },
    open(1, "a/f"),
    write(1, "kept?"),
    sync(1),
    open(2, "a", false),
    sync(2),
  ];
  assert.deepEqual(left(operations, STRICT_CUT), {});
  assert.deepEqual(left([...operations, open(3, "", false), sync(3)], STRICT_CUT), {
    "a": null,
    "a/f": "kept?",
  });
});

Deno.test("openDisk() brings a removed file back until its folder is synced", () => {
  const remove: DiskOperation = { kind: "remove", path: "f" };
  assert.deepEqual(left([remove], STRICT_CUT, holding({ f: "old" })), { f: "old" });
  assert.deepEqual(left([remove], ORDERED_CUT, holding({ f: "old" })), {});
  assert.deepEqual(left([remove, open(1, ""), sync(1)], STRICT_CUT, holding({ f: "old" })), {});
});

Deno.test("openDisk() keeps of a log what was synced, and of a shortened one the shorter length", () => {
  const log = holding({ log: "one\ntw" });
  const operations: DiskOperation[] = [
    open(1, "log", false),
    { kind: "truncate", handle: 1, length: 4 },
    write(1, "two\n", "end"),
  ];
  assert.deepEqual(left(operations, STRICT_CUT, log), { log: "one\ntw" });
  assert.deepEqual(left(operations, ORDERED_CUT, log), { log: "one\n" });
  const more = [...operations, sync(1), write(1, "three\n", 8)];
  assert.deepEqual(left(more, STRICT_CUT, log), { log: "one\ntwo\n" });
  assert.deepEqual(left(more, NO_CUT, log), { log: "one\ntwo\nthree\n" });
});

Deno.test("openDisk() moves a folder with all it holds, and follows files that are open in it", () => {
  const operations: DiskOperation[] = [
    { kind: "make_folder", path: "a" },
    open(1, "a/f"),
    { kind: "rename", from: "a", to: "b" },
    write(1, "late"),
  ];
  assert.deepEqual(left(operations, NO_CUT), { "b": null, "b/f": "late" });
});

Deno.test("tornCut() keeps the beginning of what was not synced, in bytes and in names", () => {
  const operations = [
    open(1, "f", false),
    write(1, "abc", "end"),
    write(1, "def", "end"),
    open(2, "g"),
    open(3, "h"),
  ];
  const seen = Array.from({ length: 40 }, (_, index) => {
    const numbers = [index / 40, (index * 7 % 40) / 40, (index * 11 % 40) / 40];
    let next = 0;
    return left(operations, tornCut(() => numbers[next++ % 3] ?? 0), holding({ f: "" }));
  });
  for (const { f, g, h } of seen) {
    assert.ok("abcdef".startsWith(f ?? "?"), `"${f}" is no beginning`);
    assert.ok(h === undefined || g === "", "h came after g");
  }
  assert.ok(new Set(seen.map(({ f }) => f)).size > 3);
});

Deno.test("scatteredCut() leaves a hole of zeros where a write is lost and a later one is not", () => {
  const operations = [open(1, "f", false), write(1, "abc"), write(1, "def", 3)];
  const numbers = [0.9, 0.1];
  const everySecond = scatteredCut(() => numbers.shift() ?? 0);
  assert.deepEqual(left(operations, everySecond, holding({ f: "" })), { f: "\0\0\0def" });
});

Deno.test("openDisk() refuses a story that is not whole", () => {
  const stories: [DiskOperation, RegExp][] = [
    [open(1, "f", false), /"f" is opened, but nothing has made it/],
    [open(1, "a/f"), /"a\/f" is below a folder nothing has made/],
    [{ kind: "rename", from: "f", to: "g" }, /"f" is renamed, but nothing has made it/],
    [sync(9), /handle 9 was never opened/],
  ];
  for (const [operation, message] of stories) {
    assert.throws(() => openDisk().apply(operation), message);
  }
});
