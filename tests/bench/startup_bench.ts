// How long a person waits for the executable's first answer. Needs dist/crewagent.

import { fileURLToPath } from "node:url";

const binary = fileURLToPath(new URL("../../dist/crewagent", import.meta.url));

function run(...args: readonly string[]): Deno.CommandOutput {
  return new Deno.Command(binary, { args: [...args], stdout: "null", stderr: "null" }).outputSync();
}

Deno.bench("crewagent --version", { n: 30, warmup: 3 }, () => void run("--version"));

Deno.bench("crewagent run --help", { n: 30, warmup: 3 }, () => void run("run", "--help"));

Deno.bench("crewagent check examples/create-story", { n: 30, warmup: 3 }, () => {
  run("check", fileURLToPath(new URL("../../examples/create-story", import.meta.url)));
});
