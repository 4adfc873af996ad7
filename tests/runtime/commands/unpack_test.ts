import { match, rejects, strictEqual } from "node:assert/strict";
import { command } from "../../../runtime/commands/unpack.ts";
import { checkPackage } from "../../../runtime/package/check.ts";
import { formAPackage } from "../package/sample_package.ts";
import { buildZip } from "../package/zip_builder.ts";
import { inTemporaryFolder, outputOf } from "./output.ts";

Deno.test("unpack makes a folder, counts its files and names what it left out", async () => {
  await inTemporaryFolder(async (dir) => {
    const texts = { ...formAPackage(), ".env": "x" };
    const archive = buildZip(Object.entries(texts).map(([name, content]) => ({ name, content })));
    await Deno.writeFile(`${dir}/x.bmad`, archive);
    const { exitCode, out, err } = await outputOf(command, [`${dir}/x.bmad`, `${dir}/out`]);

    strictEqual(exitCode, 0);
    match(out, /out {2}\(6 files\)$/);
    match(err, /Left out.*\.env/);
    strictEqual((await checkPackage(`${dir}/out`)).findings.length, 0);
  });
});

Deno.test("unpack needs a file and a folder", async () => {
  for (const args of [[], ["a"], ["a", "b", "c"]]) {
    await rejects(outputOf(command, args), { code: "USAGE", exitCode: 2 });
  }
});

Deno.test("unpack ends with 3 where there is no package, and with 1 where the folder is taken", async () => {
  await inTemporaryFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/x.bmad`, "no archive");
    await rejects(outputOf(command, [`${dir}/x.bmad`, `${dir}/out`]), { exitCode: 3 });
    await rejects(outputOf(command, [`${dir}/none`, `${dir}/out`]), { exitCode: 3 });

    await Deno.writeFile(`${dir}/x.bmad`, buildZip([{ name: "a.md", content: "x" }]));
    await rejects(outputOf(command, [`${dir}/x.bmad`, dir]), { code: "FILE_EXISTS", exitCode: 1 });
  });
});
