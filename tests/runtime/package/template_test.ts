import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { checkPackage } from "../../../runtime/package/check.ts";
import { createPackage, listTemplates } from "../../../runtime/package/template.ts";

async function inTemporaryFolder(act: (dir: string) => Promise<void>) {
  const dir = await Deno.makeTempDir();
  try {
    await act(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("createPackage() makes a blank package in which the checker finds nothing", async () => {
  await inTemporaryFolder(async (dir) => {
    await createPackage(`${dir}/My "first" package`);
    const { package: loaded, findings } = await checkPackage(`${dir}/My "first" package`);

    deepStrictEqual(findings, []);
    strictEqual(loaded?.manifest.name, 'My "first" package');
  });
});

Deno.test("createPackage() copies each template that listTemplates() names, without a finding", async () => {
  const templates = await listTemplates();
  ok(templates.length >= 4);
  await inTemporaryFolder(async (dir) => {
    for (const { name, description } of templates) {
      await createPackage(`${dir}/${name}`, name);
      deepStrictEqual((await checkPackage(`${dir}/${name}`)).findings, []);
      ok(description.length > 0, name);
    }
  });
});

Deno.test("createPackage() refuses an unknown template and names the known ones", async () => {
  await inTemporaryFolder(async (dir) => {
    for (const name of ["none", "../examples/create-story", ""]) {
      await rejects(createPackage(`${dir}/x`, name), {
        code: "PKG_TEMPLATE_UNKNOWN",
        message: /create-story, hello-branch/,
      });
    }
    deepStrictEqual([...Deno.readDirSync(dir)], []);
  });
});

Deno.test("createPackage() refuses a folder that is not empty", async () => {
  await inTemporaryFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/mine.txt`, "x");

    await rejects(createPackage(dir), { code: "FILE_EXISTS", message: /"mine.txt"/ });
    deepStrictEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["mine.txt"]);
  });
});
