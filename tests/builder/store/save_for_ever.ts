// A process that saves one edit after another until it is killed, and prints the number of each that
// was answered:  save_for_ever.ts FOLDER USER PACKAGE
import { openStore } from "../../../builder/store/open_store.ts";

const [folder = "", userId = "", packageId = ""] = Deno.args;
const store = await openStore(folder);
const stored = await store.packages.files(userId, packageId);
let base = stored;
for (;;) {
  const next = `${base.revision + 1}`;
  const changes = new Map([
    ["notes.md", new TextEncoder().encode(next.repeat(2000))],
    // Large enough that its changes are stored as splices.
    ["large.md", new TextEncoder().encode(`${"=".repeat(30_000)}${next}${"=".repeat(30_000)}`)],
    ["other.md", new TextEncoder().encode(next)],
    [`files/${base.revision % 7}.md`, new TextEncoder().encode(next)],
  ]);
  const revision = await store.revisions.append(userId, packageId, {
    base,
    scope: "package",
    summary: `Save ${next}`,
    changes,
  });
  base = { revision: revision?.revision ?? 0, files: new Map([...base.files, ...changes]) };
  Deno.stdout.writeSync(new TextEncoder().encode(`${next}\n`));
}
