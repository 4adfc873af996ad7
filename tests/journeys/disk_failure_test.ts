// A disk that fails under the data folder: full, read-only, broken. The system calls of the real
// executable are made to fail by strace, so no disk has to be filled.
import assert from "node:assert/strict";
import { join } from "node:path";
import { binaryPath, journey, runBinary } from "./binary.ts";
import { readRunLog } from "../../runtime/run/run_log.ts";

interface Failure {
  readonly exitCode: number;
  readonly stderr: string;
}

/** Runs the executable with calls that fail from the n-th on; `inject` is strace's. */
async function runWithFault(
  home: string,
  inject: string,
  args: readonly string[],
): Promise<Failure> {
  const { code, stderr } = await new Deno.Command("strace", {
    args: ["-f", "-qq", "-o", join(home, "..", "trace"), "-e", `inject=${inject}`, binaryPath()]
      .concat(args),
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", CREWAGENT_HOME: home, NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return { exitCode: code, stderr: new TextDecoder().decode(stderr) };
}

function runsOf(home: string): string[] {
  try {
    return [...Deno.readDirSync(join(home, "runs"))].map(({ name }) => name);
  } catch {
    return [];
  }
}

const FAULTS: readonly [what: string, inject: string, message: RegExp][] = [
  ["full when names are changed", "rename:error=ENOSPC:when=6+", /the disk is full\. Free some/],
  ["full when bytes are synced", "fdatasync:error=ENOSPC:when=20+", /the disk is full/],
  ["at its quota", "fdatasync:error=EDQUOT:when=25+", /your share of the disk is used up/],
  ["read-only all at once", "rename:error=EROFS:when=8+", /the disk is read-only/],
  ["broken", "fdatasync:error=EIO:when=30+", /the disk reports a fault/],
];

if (Deno.build.os === "linux") {
  journey(
    "crewagent tells of a data folder that fails in words, and the run ends well once it is mended",
    async () => {
      for (const [what, inject, message] of FAULTS) {
        const dir = await Deno.makeTempDir({ prefix: "crewagent-disk-" });
        const [home, project] = [join(dir, "home"), join(dir, "project")];
        await Deno.mkdir(project);
        await Deno.mkdir(home);
        const start = ["run", "examples/review-loop", "--project", project, "--simulate", "--yes"];
        try {
          const { exitCode, stderr } = await runWithFault(home, inject, start);
          assert.equal(exitCode, 1, `${what}: ${stderr}`);
          assert.match(stderr, message, what);
          assert.equal(stderr.trim().split("\n").length, 1, `${what}: ${stderr}`);

          const [run] = runsOf(home);
          const again = await runBinary(run ? ["resume", "last"] : start, { home });
          assert.equal(again.exitCode, 0, `${what}: ${again.stderr}`);
          const [runId = ""] = runsOf(home);
          const events = readRunLog(join(home, "runs", runId, "log.jsonl"));
          assert.deepEqual(events.map(({ seq }) => seq), events.map((_, index) => index + 1));
          assert.ok(await Deno.readTextFile(join(project, "artifacts", "final.md")));
        } finally {
          await Deno.remove(dir, { recursive: true });
        }
      }
    },
  );
}
