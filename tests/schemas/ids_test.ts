import assert from "node:assert/strict";
import { newRunId, RUN_ID_PATTERN, startOfRunId, toPathPart } from "../../schemas/ids.ts";

Deno.test("newRunId() gives ids that sort by time to the millisecond", () => {
  const times = [
    "2026-11-20T22:15:30.009Z",
    "2026-11-20T22:15:30.010Z",
    "2026-11-20T22:15:30.999Z",
    "2026-11-20T22:15:31.000Z",
  ];
  const ids = times.map((time) => newRunId(new Date(time)));
  assert.deepEqual(ids.toSorted(), ids);
  for (const id of ids) assert.match(id, RUN_ID_PATTERN);
});

Deno.test("startOfRunId() reads back when an id was made", () => {
  for (const time of ["2026-11-20T22:15:30.009Z", "2026-01-01T00:00:00.999Z"]) {
    assert.equal(startOfRunId(newRunId(new Date(time))).toISOString(), time);
  }
});

Deno.test("toPathPart() gives every id a file name of its own, whatever the file system ignores", () => {
  const rows: [id: string, part: string][] = [
    ["create-story", "create-story"],
    ["Story", "%53tory"],
    ["story", "story"],
    ["a:b", "a%3Ab"],
    ["a/b", "a%2Fb"],
    ["..", "%2E%2E"],
    [".hidden", "%2Ehidden"],
    ["trailing.", "trailing%2E"],
    ["con", "%63on"],
    ["aux.txt", "%61ux.txt"],
    ["é", "%C3%A9"],
    ["e\u0301", "%C3%A9"],
    ["100%", "100%25"],
  ];
  for (const [id, part] of rows) assert.equal(toPathPart(id), part);
});
