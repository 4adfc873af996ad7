import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { command } from "../../../runtime/commands/check.ts";
import { formAPackage, type Texts, writeTexts } from "../package/sample_package.ts";
import { inTemporaryFolder, outputOf } from "./output.ts";

function broken(): Texts {
  const { "steps/two.md": _, ...texts } = formAPackage();
  return { ...texts, "notes.txt": "x" };
}

Deno.test("check prints one line for a package without findings, exit code 0", async () => {
  await inTemporaryFolder(async (dir) => {
    await writeTexts(dir, formAPackage());

    deepStrictEqual(await outputOf(command, [dir]), {
      exitCode: 0,
      out: "small 1.0.0: no findings",
      err: "",
    });
  });
});

Deno.test("check groups findings by file with place, code and hint, exit code 1 on an error", async () => {
  await inTemporaryFolder(async (dir) => {
    await writeTexts(dir, broken());
    const { exitCode, out } = await outputOf(command, [dir]);

    strictEqual(exitCode, 1);
    match(out, /^notes\.txt\n.*warning .*ASSET_OUTSIDE_ASSETS\n {4,}Move it/);
    match(out, /^workflow\.graph\.json\n {2}14:7 +error .*"two".* NODE_FILE_MISSING$/m);
    match(out, /^small 1\.0\.0: 1 error, 1 warning$/m);
    ok(!out.includes("\x1b"), "no colour where nobody looks");
  });
});

Deno.test("check ends with 0 where there are only warnings", async () => {
  await inTemporaryFolder(async (dir) => {
    await writeTexts(dir, { ...formAPackage(), "notes.txt": "x" });

    strictEqual((await outputOf(command, [dir])).exitCode, 0);
  });
});

Deno.test("check --json prints package, findings and summary", async () => {
  await inTemporaryFolder(async (dir) => {
    await writeTexts(dir, broken());
    const { exitCode, out } = await outputOf(command, [dir, "--json"]);
    const report = JSON.parse(out);

    strictEqual(exitCode, 1);
    deepStrictEqual(Object.keys(report), ["package", "findings", "summary"]);
    strictEqual(report.package.name, "small");
    deepStrictEqual(report.package.workflows, [{ id: "main", nodeCount: 2 }]);
    deepStrictEqual(report.summary, { errors: 1, warnings: 1 });
    strictEqual(report.findings[1].pointer, "/nodes/1/file");
  });
});

Deno.test("check --json prints a null package where documents are too broken for one", async () => {
  await inTemporaryFolder(async (dir) => {
    await writeTexts(dir, { "bmad.json": "{" });
    const { package: loaded, summary } = JSON.parse((await outputOf(command, [dir, "--json"])).out);

    strictEqual(loaded, null);
    strictEqual(summary.errors, 1);
  });
});

Deno.test("check takes several packages and lists them all before one that cannot be read", async () => {
  await inTemporaryFolder(async (dir) => {
    await writeTexts(`${dir}/a`, formAPackage());
    await writeTexts(`${dir}/b`, broken());
    const { exitCode, out } = await outputOf(command, [`${dir}/a`, `${dir}/b`, "--json"]);
    strictEqual(exitCode, 1);
    deepStrictEqual(JSON.parse(out).map((report: { summary: unknown }) => report.summary), [
      { errors: 0, warnings: 0 },
      { errors: 1, warnings: 1 },
    ]);

    await rejects(outputOf(command, [`${dir}/none`, `${dir}/a`]), {
      code: "PKG_NOT_FOUND",
      exitCode: 3,
    });
  });
});

Deno.test("check makes control characters of a package visible", async () => {
  await inTemporaryFolder(async (dir) => {
    const texts = formAPackage();
    texts["workflow.graph.json"] = texts["workflow.graph.json"]?.replace('"ann"', '"\\u001b[2J"') ??
      "";
    await writeTexts(dir, texts);
    const { out } = await outputOf(command, [dir]);

    ok(!out.includes("\x1b"), JSON.stringify(out));
    ok(out.includes("\\x1b[2J"));
  });
});

Deno.test("check without a package, or with an unknown option, is a mistake of usage", async () => {
  await rejects(outputOf(command, []), { code: "USAGE", exitCode: 2 });
  await rejects(outputOf(command, ["x", "--jsn"]), { code: "USAGE", exitCode: 2 });
});
