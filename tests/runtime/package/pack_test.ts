import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { readArchive } from "../../../runtime/package/archive.ts";
import { checkPackage } from "../../../runtime/package/check.ts";
import { packPackage } from "../../../runtime/package/pack.ts";
import { unpackPackage } from "../../../runtime/package/unpack.ts";
import { asFiles, formAPackage, samplePackage, type Texts, writeTexts } from "./sample_package.ts";

async function withFolder(texts: Texts, act: (dir: string, pkg: string) => Promise<void>) {
  const dir = await Deno.makeTempDir();
  try {
    await writeTexts(`${dir}/pkg`, texts);
    await act(dir, `${dir}/pkg`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Odd but legal content, which no round trip may mend. */
const ODD: Texts = {
  ...formAPackage(),
  "agents.json": (formAPackage()["agents.json"] ?? "").replaceAll("\n", "\r\n"),
  "steps/one.md": "\uFEFF" + (formAPackage()["steps/one.md"] ?? "")
    .replace("nodeId: one", "# a comment\nnodeId:   one\ncustom: [1,  2]"),
  "assets/binary.bin": "\u0000\u0001\u0002",
  "assets/ü/名.md": "x",
  "assets/empty.md": "",
};

Deno.test("packPackage() and unpackPackage() lose nothing, byte for byte", async () => {
  await withFolder(ODD, async (dir, pkg) => {
    const { packed, findings } = await packPackage(pkg, { output: `${dir}/a.bmad` });
    deepStrictEqual(findings, []);
    ok(packed);
    await unpackPackage(packed.path, `${dir}/out`);
    const again = await packPackage(`${dir}/out`, { output: `${dir}/b.bmad` });

    const archive = await Deno.readFile(`${dir}/a.bmad`);
    deepStrictEqual(await Deno.readFile(`${dir}/b.bmad`), archive);
    deepStrictEqual(
      new Map([...await readArchive(archive, "It")].sort()),
      new Map([...asFiles(ODD)].sort()),
    );
    strictEqual(again.packed?.hash, packed.hash);
  });
});

Deno.test("packPackage() writes nothing where a finding is an error, and lists the findings", async () => {
  const { "steps/two.md": _, ...broken } = formAPackage();
  await withFolder(broken, async (dir, pkg) => {
    const { packed, findings } = await packPackage(pkg, { output: `${dir}/a.bmad` });

    strictEqual(packed, undefined);
    deepStrictEqual(findings.map(({ code }) => code), ["NODE_FILE_MISSING"]);
    await rejects(Deno.stat(`${dir}/a.bmad`), Deno.errors.NotFound);
  });
});

Deno.test("packPackage() packs in spite of warnings", async () => {
  await withFolder({ ...formAPackage(), "notes.txt": "x" }, async (dir, pkg) => {
    const { packed, findings } = await packPackage(pkg, { output: `${dir}/a.bmad` });

    strictEqual(packed?.fileCount, 7);
    deepStrictEqual(findings.map(({ code }) => code), ["ASSET_OUTSIDE_ASSETS"]);
  });
});

Deno.test("packPackage() stamps the hash of the content, which then is checked", async () => {
  await withFolder(samplePackage(), async (dir, pkg) => {
    await packPackage(pkg, { output: `${dir}/a.bmad`, stampsIntegrity: true });
    const { package: loaded, findings } = await checkPackage(`${dir}/a.bmad`);
    deepStrictEqual(findings, []);
    ok(loaded?.manifest.integrity?.sha256);

    await unpackPackage(`${dir}/a.bmad`, `${dir}/out`);
    await Deno.writeTextFile(`${dir}/out/assets/do.md`, "changed");
    const refused = await packPackage(`${dir}/out`, { output: `${dir}/b.bmad` });
    deepStrictEqual(refused.findings.map(({ code }) => code), ["INTEGRITY_MISMATCH"]);
    const stamped = await packPackage(`${dir}/out`, {
      output: `${dir}/b.bmad`,
      stampsIntegrity: true,
    });
    deepStrictEqual(stamped.findings, []);
    deepStrictEqual((await checkPackage(`${dir}/b.bmad`)).findings, []);
  });
});

Deno.test("packPackage() refuses to write into the folder that it packs", async () => {
  await withFolder(formAPackage(), async (_dir, pkg) => {
    await rejects(packPackage(pkg, { output: `${pkg}/small.bmad` }), { code: "USAGE" });
    await rejects(packPackage(pkg, { output: `${pkg}/steps/small.bmad` }), { code: "USAGE" });
  });
});

Deno.test("packPackage() replaces an older file, and keeps it where it cannot", async () => {
  await withFolder(formAPackage(), async (dir, pkg) => {
    await Deno.writeTextFile(`${dir}/a.bmad`, "older");
    await packPackage(pkg, { output: `${dir}/a.bmad` });
    strictEqual((await checkPackage(`${dir}/a.bmad`)).package?.manifest.name, "small");

    await rejects(packPackage(pkg, { output: `${dir}/none/a.bmad` }), {
      code: "FILE_WRITE_FAILED",
    });
    deepStrictEqual([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), ["a.bmad", "pkg"]);
  });
});
