import { deepEqual, equal, ok } from "node:assert/strict";
import { mapPaths } from "../../../../runtime/tools/mcp/path_mapping.ts";

const paths = mapPaths([
  { mount: "@project", path: "/home/ann/my app" },
  { mount: "@project", path: "/link" },
  { mount: "@pkg", path: "/home/ann/my app/pkg" },
]);

Deno.test("toMounts() puts mounts for the folders, the longest first", () => {
  const table: readonly (readonly [text: string, mapped: string])[] = [
    ["/home/ann/my app", "@project"],
    ["/home/ann/my app/a.md", "@project/a.md"],
    ["see /home/ann/my app.", "see @project."],
    ['"/home/ann/my app"', '"@project"'],
    ["/home/ann/my app/pkg/x", "@pkg/x"],
    ["/home/ann/my app/pkgs/x", "@project/pkgs/x"],
    ["file:///home/ann/my%20app/a", "file://@project/a"],
    ["/link/a and /link", "@project/a and @project"],
    ["/home/ann/my app2/a", "/home/ann/my app2/a"],
    ["/home/ann/my app.old/a", "/home/ann/my app.old/a"],
    ["/mnt/link/a", "/mnt/link/a"],
    ["/links", "/links"],
  ];
  for (const [text, mapped] of table) equal(paths.toMounts(text), mapped);
});

Deno.test("toMounts() leaves every slash alone where the project is the whole disk", () => {
  equal(mapPaths([{ mount: "@project", path: "/" }]).toMounts("/a/b"), "/a/b");
});

Deno.test("toRealPaths() puts the first spelling of a folder for whole strings at any depth", () => {
  const args = { a: "@project/x/../y.md", b: [{ c: "@pkg" }], d: "in @project/x", e: 3, f: null };
  deepEqual(paths.toRealPaths(args), {
    ok: true,
    args: {
      a: "/home/ann/my app/y.md",
      b: [{ c: "/home/ann/my app/pkg" }],
      d: "in @project/x",
      e: 3,
      f: null,
    },
  });
});

Deno.test("toRealPaths() refuses what leads out of a mount, and leaves sentences alone", () => {
  for (const path of ["@project/../x", "@project\\..\\x", "@PROJECT/.git/x", "@state/x"]) {
    const mapped = paths.toRealPaths({ deep: [path] });
    ok(!mapped.ok, path);
    equal(mapped.error.code, "E_SANDBOX_VIOLATION");
  }
  const text = "@project/a.md: please read\nand say";
  deepEqual(paths.toRealPaths({ text }), { ok: true, args: { text } });
});

Deno.test("valueToMounts() maps keys, too, and cuts what is nested too deeply", () => {
  deepEqual(paths.valueToMounts({ "/link/a": ["/link/b", 1, null] }), {
    "@project/a": ["@project/b", 1, null],
  });
  const depth = 100_000;
  const deep = JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);
  ok(JSON.stringify(paths.valueToMounts(deep)).includes("nested too deeply"));
});
