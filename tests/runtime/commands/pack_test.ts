import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { command } from "../../../runtime/commands/pack.ts";
import { readPackage } from "../../../runtime/package/load.ts";
import { formAPackage, writeTexts } from "../package/sample_package.ts";
import { inTemporaryFolder, outputOf } from "./output.ts";

Deno.test("pack writes the file that -o names and says what is in it", async () => {
  await inTemporaryFolder(async (dir) => {
    await writeTexts(`${dir}/pkg`, formAPackage());
    const { exitCode, out, err } = await outputOf(command, [`${dir}/pkg`, "-o", `${dir}/x.bmad`]);

    strictEqual(exitCode, 0);
    strictEqual(err, "");
    match(out, /x\.bmad {2}\(6 files, .*B, [0-9a-f]{12}\)$/);
    strictEqual((await readPackage(`${dir}/x.bmad`)).package?.manifest.name, "small");
  });
});

Deno.test("pack names the file after the package, as far as a file can have that name", async () => {
  await inTemporaryFolder(async (dir) => {
    const texts = formAPackage();
    texts["bmad.json"] = texts["bmad.json"]?.replace('"small"', '"../a/b: c?"') ?? "";
    await writeTexts(`${dir}/pkg`, texts);
    await Deno.mkdir(`${dir}/here`);
    const before = Deno.cwd();
    Deno.chdir(`${dir}/here`);
    await outputOf(command, [`${dir}/pkg`]).finally(() => Deno.chdir(before));

    deepStrictEqual([...Deno.readDirSync(`${dir}/here`)].map(({ name }) => name), [
      "-a-b- c-.bmad",
    ]);
  });
});

Deno.test("pack lists the findings of a package with errors and writes nothing, exit code 3", async () => {
  await inTemporaryFolder(async (dir) => {
    const { "steps/two.md": _, ...texts } = formAPackage();
    await writeTexts(`${dir}/pkg`, texts);
    const { exitCode, out, err } = await outputOf(command, [`${dir}/pkg`, "-o", `${dir}/x.bmad`]);

    strictEqual(exitCode, 3);
    strictEqual(out, "");
    match(err, /NODE_FILE_MISSING/);
    match(err, /Not packed: 1 error$/);
    deepStrictEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["pkg"]);
  });
});

Deno.test("pack --integrity stamps the hash", async () => {
  await inTemporaryFolder(async (dir) => {
    await writeTexts(`${dir}/pkg`, formAPackage());
    await outputOf(command, [`${dir}/pkg`, "--integrity", "-o", `${dir}/x.bmad`]);
    const { package: loaded, findings } = await readPackage(`${dir}/x.bmad`);

    match(loaded?.manifest.integrity?.sha256 ?? "", /^[0-9a-f]{64}$/);
    deepStrictEqual(findings, []);
  });
});

Deno.test("pack needs exactly one folder", async () => {
  await rejects(outputOf(command, []), { code: "USAGE" });
  await rejects(outputOf(command, ["a", "b"]), { code: "USAGE", message: /"b"/ });
});
