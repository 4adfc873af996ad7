import assert from "node:assert/strict";
import { join } from "node:path";
import { openOutputFiles } from "../../../runtime/run/output_files.ts";
import { MAX_CHECKED_BYTES, runChecks } from "../../../runtime/state/checks.ts";
import { openToolHost } from "../../../runtime/tools/open_tool_host.ts";
import type { StateDocument } from "../../../schemas/state.ts";

const NO_STATE = { path: "@state/workflow.md" } as StateDocument;

Deno.test("openOutputFiles() reads outputs through the walls of the tool host", async () => {
  const dir = await Deno.makeTempDir();
  const [project, outside] = [join(dir, "project"), join(dir, "secret.md")];
  await Deno.mkdir(join(project, "artifacts", "folder.md"), { recursive: true });
  await Deno.writeTextFile(outside, "secret");
  const put = (name: string, content: string | Uint8Array<ArrayBuffer>) =>
    Deno.writeFile(
      join(project, "artifacts", name),
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  await put("a.md", "# A\n");
  await put("exact.md", "x".repeat(MAX_CHECKED_BYTES));
  await put("large.md", "x".repeat(MAX_CHECKED_BYTES + 1));
  await put(
    "picture.md",
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 1]),
  );
  await put("latin.md", new Uint8Array([0x23, 0x20, 0xe4, 0xf6, 0x0a]));
  await Deno.symlink(outside, join(project, "artifacts", "link.md"));
  const host = await openToolHost({ projectDir: project, packageDir: dir, state: NO_STATE });
  const report = async (name: string) => {
    const files = openOutputFiles(() => host);
    const check = { output: `artifacts/${name}`, matches: "^# |^xx" };
    const { faults, notes } = await runChecks([check], { variables: {}, files });
    return [...faults.map(({ check, reason }) => `${check}: ${reason}`), ...notes].join("\n");
  };
  try {
    assert.equal(await report("a.md"), "");
    assert.equal(await report("exact.md"), "");
    assert.equal(await report("latin.md"), "");
    assert.match(await report("large.md"), /its content was not checked$/);
    assert.match(await report("picture.md"), /^text: .*cannot be checked: .* is no text but/);
    assert.match(await report("folder.md"), /^text: .*cannot be checked/);
    assert.match(await report("link.md"), /^exists: .*does not exist/);
    assert.match(await report("none.md"), /^exists: .*does not exist/);
    assert.match(await report("../../secret.md"), /^exists: .*does not exist/);
  } finally {
    await host.close();
    await Deno.remove(dir, { recursive: true });
  }
});
