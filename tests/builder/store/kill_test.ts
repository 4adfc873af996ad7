import assert from "node:assert/strict";
import { join } from "node:path";
import { openCheapStore, ownerOf, packageFiles, text, withFolder } from "./temporary_store.ts";

/** Answered saves after which each life is ended. */
const LIVES = [1, 7, 2, 19, 3, 40, 5, 64];

const SAVER = join(import.meta.dirname ?? "", "save_for_ever.ts");

/** Runs the saver until it has answered so many saves, kills it at once; the last that it answered. */
async function killedAfter(saves: number, args: readonly string[]): Promise<number> {
  const saver = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-RWE", "--allow-ffi", SAVER, ...args],
    stdout: "piped",
  }).spawn();
  let said = "";
  let killed = false;
  for await (const part of saver.stdout.pipeThrough(new TextDecoderStream())) {
    said += part;
    if (!killed && said.split("\n").length > saves) {
      saver.kill("SIGKILL");
      killed = true;
    }
  }
  await saver.status;
  return Number(said.split("\n").at(-2));
}

Deno.test("A server killed in the middle of saves loses none that it answered and leaves none half", () =>
  withFolder(async (folder) => {
    const store = await openCheapStore(folder);
    const { userId } = await ownerOf(store);
    const original = packageFiles("Hello");
    const { packageId } = await store.packages.create(userId, original);
    await store.close();

    for (const saves of LIVES) {
      const answered = await killedAfter(saves, [folder, userId, packageId]);

      const again = await openCheapStore(folder);
      const base = await again.packages.files(userId, packageId);
      assert.ok(base.revision >= answered && base.revision <= answered + 1, `${base.revision}`);
      const said = `${base.revision}`;
      assert.equal(text(base.files.get("other.md")), said);
      assert.equal(text(base.files.get("notes.md")), said.repeat(2000));
      assert.equal(text(base.files.get("large.md"))?.replaceAll("=", ""), said);
      assert.equal(text(base.files.get(`files/${(base.revision - 1) % 7}.md`)), said);
      const back = await again.revisions.changesBackTo(userId, packageId, { base, revision: 0 });
      assert.equal(text(back.get("notes.md")), "one\n");
      assert.equal(back.get("other.md"), null);
      await again.close();
    }
  }));
