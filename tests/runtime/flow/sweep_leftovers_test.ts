import assert from "node:assert/strict";
import { join } from "node:path";
import { sweepLeftovers } from "../../../runtime/flow/sweep_leftovers.ts";

const UUID = "0a1b2c3d-0000-4000-8000-0123456789ab";

const LEFTOVERS = [
  `.crewagent-${UUID}.tmp`,
  ".brief.md.lock",
  ".brief.md.lock.dead",
  `team.jsonl.lock.${UUID}.tmp`,
  `.brief.md.lock.dead.${UUID}.tmp`,
];

const OTHERS = [
  "brief.md",
  "team.jsonl",
  "team.jsonl.damaged",
  ".env",
  "yarn.lock",
  ".hidden.md",
  ".crewagent-notes.tmp",
  `report-${UUID}.tmp`,
];

Deno.test("sweepLeftovers() removes what the dead left, an hour later, and nothing else", async () => {
  const folder = await Deno.makeTempDir();
  const hourAgo = new Date(Date.now() - 3_700_000);
  try {
    for (const name of [...LEFTOVERS, ...OTHERS]) {
      await Deno.writeTextFile(join(folder, name), "");
      await Deno.utime(join(folder, name), hourAgo, hourAgo);
    }
    const fresh = `.crewagent-${UUID.replace("0a", "ff")}.tmp`;
    await Deno.writeTextFile(join(folder, fresh), "at work");
    await sweepLeftovers([join(folder, "missing"), folder]);
    const left = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    assert.deepEqual(left, [...OTHERS, fresh].sort());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
