import { match, strictEqual } from "node:assert/strict";
import { journey, runBinary, startBinary } from "./binary.ts";

journey("crewagent --version prints name and version on one line", async () => {
  const { exitCode, stdout, stderr } = await runBinary(["--version"]);

  strictEqual(exitCode, 0);
  strictEqual(stderr, "");
  match(stdout, /^crewagent \d+\.\d+\.\d+ \(.*\)\n$/);
});

journey("crewagent help prints the command list", async () => {
  const { exitCode, stdout } = await runBinary(["help"]);

  strictEqual(exitCode, 0);
  match(stdout, /^ {2}run {2,}\S/m);
});

journey("crewagent refuses an unknown command with exit code 2 and a guess", async () => {
  const { exitCode, stdout, stderr } = await runBinary(["chekc"]);

  strictEqual(exitCode, 2);
  strictEqual(stdout, "");
  match(stderr, /^Error USAGE: .*"chekc".*"check"/);
});

journey("crewagent ends quietly when the reader of its output is gone", async () => {
  const started = await startBinary(["help"]);
  await started.process.stdout.cancel();
  const stderr = await new Response(started.process.stderr).text();
  await started.process.stdin.close();
  await started.process.status;
  await Deno.remove(started.home, { recursive: true });

  strictEqual(stderr, "");
});
