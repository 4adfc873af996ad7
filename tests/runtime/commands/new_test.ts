import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { command } from "../../../runtime/commands/new.ts";
import { checkPackage } from "../../../runtime/package/check.ts";
import { inTemporaryFolder, outputOf } from "./output.ts";

Deno.test("new makes a blank package that passes the check, and says how to go on", async () => {
  await inTemporaryFolder(async (dir) => {
    const { exitCode, out } = await outputOf(command, [`${dir}/mine`]);

    strictEqual(exitCode, 0);
    match(out, /mine {2}\(from blank\)\n.*crewagent check .*mine$/);
    deepStrictEqual((await checkPackage(`${dir}/mine`)).findings, []);
  });
});

Deno.test("new --template copies an example", async () => {
  await inTemporaryFolder(async (dir) => {
    await outputOf(command, [`${dir}/mine`, "--template", "hello-branch"]);

    strictEqual((await checkPackage(`${dir}/mine`)).package?.manifest.name, "hello-branch");
  });
});

Deno.test("new --list names the templates, one a line", async () => {
  const { exitCode, out } = await outputOf(command, ["--list"]);

  strictEqual(exitCode, 0);
  match(out, /^create-story {2,}\S.*\nhello-branch {2,}\S/);
});

Deno.test("new refuses what it cannot do with the exit code of the mistake", async () => {
  await inTemporaryFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/x`, "");
    await rejects(outputOf(command, [dir]), { code: "FILE_EXISTS", exitCode: 1 });
    await rejects(outputOf(command, [`${dir}/a`, "--template", "x"]), { exitCode: 2 });
    await rejects(outputOf(command, []), { code: "USAGE", exitCode: 2 });
    await rejects(outputOf(command, ["a", "--list"]), { code: "USAGE", exitCode: 2 });
  });
});
