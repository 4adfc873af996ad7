import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { unpackPackage } from "../../../runtime/package/unpack.ts";
import { formAPackage } from "./sample_package.ts";
import { buildZip, type ForgedEntry } from "./zip_builder.ts";

const ENTRIES = Object.entries(formAPackage()).map(([name, content]) => ({ name, content }));

async function withArchive(
  entries: readonly ForgedEntry[],
  act: (dir: string, archive: string) => Promise<void>,
) {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${dir}/a.bmad`, buildZip(entries));
    await act(dir, `${dir}/a.bmad`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function namesIn(dir: string): string[] {
  return [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
}

Deno.test("unpackPackage() makes the folder and its parents", async () => {
  await withArchive(ENTRIES, async (dir, archive) => {
    const { fileCount } = await unpackPackage(archive, `${dir}/x/y/z`);

    strictEqual(fileCount, 6);
    deepStrictEqual(namesIn(`${dir}/x/y/z`), [
      "agents.json",
      "bmad.json",
      "steps",
      "workflow.graph.json",
      "workflow.md",
    ]);
  });
});

Deno.test("unpackPackage() takes an empty folder and refuses any other", async () => {
  await withArchive(ENTRIES, async (dir, archive) => {
    await Deno.mkdir(`${dir}/empty`);
    await unpackPackage(archive, `${dir}/empty`);

    await rejects(unpackPackage(archive, `${dir}/empty`), {
      code: "FILE_EXISTS",
      message: /not empty/,
    });
    await rejects(unpackPackage(archive, archive), { code: "FILE_EXISTS", message: /no folder/ });
  });
});

const HOSTILE: ReadonlyArray<readonly [string, ForgedEntry, string]> = [
  ["a path that leads out", { name: "../evil.md", content: "x" }, "PKG_ZIP_PATH_UNSAFE"],
  ["a link", { name: "l", content: "/etc", unixMode: 0o120777 }, "PKG_ZIP_SYMLINK"],
  ["damaged data", { name: "z.md", content: "x", crc32: 1 }, "PKG_ZIP_INVALID"],
];

for (const [what, entry, code] of HOSTILE) {
  Deno.test(`unpackPackage() leaves nothing behind of an archive with ${what}`, async () => {
    await withArchive([...ENTRIES, entry], async (dir, archive) => {
      await rejects(unpackPackage(archive, `${dir}/x/y`), { code });

      deepStrictEqual(namesIn(dir), ["a.bmad"]);
    });
  });
}

Deno.test("unpackPackage() leaves nothing behind when the system refuses a file half-way", async () => {
  const deep = { name: `assets/${"n".repeat(200)}/${"n".repeat(200)}.md`, content: "x" };
  await withArchive([...ENTRIES, deep], async (dir, archive) => {
    // Near the longest path that systems allow: short names still fit, the deep one does not.
    const target = dir + `/${"d".repeat(200)}`.repeat(19);

    await rejects(unpackPackage(archive, target), { code: "FILE_WRITE_FAILED" });
    deepStrictEqual(namesIn(dir), ["a.bmad"]);
  });
});

Deno.test("unpackPackage() refuses a target inside a file", async () => {
  await withArchive(ENTRIES, async (dir, archive) => {
    await rejects(unpackPackage(archive, `${archive}/inside`), { code: "FILE_EXISTS" });
    deepStrictEqual(namesIn(dir), ["a.bmad"]);
  });
});

Deno.test("unpackPackage() names the files that it left out", async () => {
  await withArchive([...ENTRIES, { name: ".env", content: "x" }], async (dir, archive) => {
    deepStrictEqual((await unpackPackage(archive, `${dir}/x`)).leftOut, [".env"]);
  });
});

Deno.test("unpackPackage() unpacks a package with faults, so that they can be mended", async () => {
  await withArchive([{ name: "bmad.json", content: "{" }], async (dir, archive) => {
    strictEqual((await unpackPackage(archive, `${dir}/x`)).fileCount, 1);
  });
});
