import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { join } from "node:path";
import { command } from "../../../runtime/commands/generate.ts";
import { writeFiles } from "../flow/flow_world.ts";
import { inTemporaryFolder, outputOf } from "./output.ts";

const names = (dir: string) => [...Deno.readDirSync(dir)].map(({ name }) => name).sort();

Deno.test("generate --check says what would change and writes nothing, exit code 0", async () => {
  await inTemporaryFolder(async (dir) => {
    await writeFiles(dir, { "bmad/agents/one.md": "First.\n" });
    const out = join(dir, "generated");
    const args = ["--src", join(dir, "bmad"), "--out", out, "--check"];
    const { exitCode, out: text } = await outputOf(command, args);

    equal(exitCode, 0);
    match(text, /: \d+ files, \d+ new, 0 changed, 0 gone; no findings \(\d+ ms\)$/);
    deepEqual(names(dir), ["bmad"]);
  });
});

Deno.test("generate lists every finding with file and line, writes nothing, exit code 1", async () => {
  await inTemporaryFolder(async (dir) => {
    await writeFiles(dir, {
      "bmad/agents/one.md": "---\nid: one\nwait_for: {agents: [nobody]}\n---\nFirst.\n",
      "bmad/agents/two.md": "---\nid: two\ntools: [nothing]\n---\nSecond.\n",
      "bmad/workflow.yaml": "flows:\n  main: {sequence: [one, three]}\n",
    });
    const args = ["--src", join(dir, "bmad"), "--out", join(dir, "generated")];
    const { exitCode, out, err } = await outputOf(command, args);

    equal(exitCode, 1);
    match(out, /^Nothing generated: 3 errors/);
    match(err, /^agents\/one\.md\n {2}3:.*error .*"nobody".* FLOW_AGENT_UNKNOWN$/m);
    match(err, /^agents\/two\.md\n {2}3:.*error .*"nothing".* FLOW_TOOL_UNKNOWN$/m);
    match(err, /^workflow\.yaml\n {2}2:.*error .*"three".* FLOW_AGENT_UNKNOWN$/m);
    deepEqual(names(dir), ["bmad"]);
  });
});

Deno.test("generate refuses arguments that make no sense as USAGE", async () => {
  await inTemporaryFolder(async (dir) => {
    const wrong = [
      ["--src", join(dir, "missing")],
      ["--package", join(dir, "missing.bmad")],
      ["--src", dir, "--package", dir],
      ["one"],
      ["--unknown"],
    ];
    for (const args of wrong) await rejects(outputOf(command, args), { code: "USAGE" });
  });
});

Deno.test("generate --verbose tells stages with times and each file that changes", async () => {
  await inTemporaryFolder(async (dir) => {
    await writeFiles(dir, { "bmad/agents/one.md": "First.\n" });
    const args = ["--src", dir, "--out", join(dir, "generated"), "--verbose"];
    const { err } = await outputOf(command, args);

    match(err, /^read +[\d.]+ ms {2}agents: 1, flows: 1\nrender .*\ncompare .*\nwrite /m);
    match(err, /^new +agents\/one\.ts$/m);
  });
});
