import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { installedDir, installPackage } from "../../../runtime/package/install.ts";
import { type LoadedPackage, readPackage } from "../../../runtime/package/load.ts";
import { samplePackage, writeTexts } from "./sample_package.ts";

async function withPackage(act: (loaded: LoadedPackage, dataDir: string) => Promise<void>) {
  const dir = await Deno.makeTempDir();
  try {
    await writeTexts(`${dir}/pkg`, samplePackage());
    const { package: loaded } = await readPackage(`${dir}/pkg`);
    ok(loaded);
    await act(loaded, `${dir}/data`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function installedNames(dataDir: string): string[] {
  return [...Deno.readDirSync(`${dataDir}/packages`)].map(({ name }) => name);
}

Deno.test("installPackage() unpacks under the hash, and what is read from there has it again", async () => {
  await withPackage(async (loaded, dataDir) => {
    const dir = await installPackage(loaded, dataDir);

    strictEqual(dir, installedDir(dataDir, loaded.hash));
    strictEqual((await readPackage(dir)).package?.hash, loaded.hash);
    deepStrictEqual(installedNames(dataDir), [loaded.hash]);
  });
});

Deno.test({
  name: "installPackage() makes files read-only",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withPackage(async (loaded, dataDir) => {
      const dir = await installPackage(loaded, dataDir);

      strictEqual(((await Deno.stat(`${dir}/bmad.json`)).mode ?? 0) & 0o777, 0o444);
    }),
});

Deno.test("installPackage() reuses what is intact", async () => {
  await withPackage(async (loaded, dataDir) => {
    const dir = await installPackage(loaded, dataDir);
    const before = await Deno.stat(`${dir}/bmad.json`);
    await installPackage(loaded, dataDir);

    strictEqual((await Deno.stat(`${dir}/bmad.json`)).ino, before.ino);
  });
});

const DAMAGE: ReadonlyArray<readonly [string, (dir: string) => Promise<void>]> = [
  ["a changed file", async (dir) => {
    await Deno.remove(`${dir}/agents.json`);
    await Deno.writeTextFile(`${dir}/agents.json`, "{}");
  }],
  ["a missing file", (dir) => Deno.remove(`${dir}/assets/do.md`)],
  ["a file too many", (dir) => Deno.writeTextFile(`${dir}/extra.md`, "x")],
  ["a link instead of a file", async (dir) => {
    await Deno.remove(`${dir}/assets/do.md`);
    await Deno.symlink("/etc/hostname", `${dir}/assets/do.md`);
  }],
  ["an empty folder", async (dir) => {
    await Deno.remove(dir, { recursive: true });
    await Deno.mkdir(dir);
  }],
];

for (const [what, damage] of DAMAGE) {
  Deno.test(`installPackage() replaces an installation with ${what}`, async () => {
    await withPackage(async (loaded, dataDir) => {
      const dir = await installPackage(loaded, dataDir);
      await damage(dir);
      await installPackage(loaded, dataDir);

      strictEqual((await readPackage(dir)).package?.hash, loaded.hash);
      deepStrictEqual(installedNames(dataDir), [loaded.hash]);
    });
  });
}

Deno.test("installPackage() may be called many times at once", async () => {
  await withPackage(async (loaded, dataDir) => {
    const dirs = await Promise.all(
      Array.from({ length: 8 }, () => installPackage(loaded, dataDir)),
    );

    deepStrictEqual(new Set(dirs), new Set([installedDir(dataDir, loaded.hash)]));
    strictEqual((await readPackage(dirs[0] ?? "")).package?.hash, loaded.hash);
    deepStrictEqual(installedNames(dataDir), [loaded.hash]);
  });
});

Deno.test("installPackage() says which folder it could not write, and leaves nothing there", async () => {
  await withPackage(async (loaded, dataDir) => {
    await Deno.writeTextFile(dataDir, "a file where the data folder should be");

    await rejects(installPackage(loaded, dataDir), {
      code: "FILE_WRITE_FAILED",
      message: /"sample"/,
    });
  });
});
