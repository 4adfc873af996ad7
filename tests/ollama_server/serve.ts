// The test Ollama as a program: prints its base URL and serves until it is stopped.
//   deno run --allow-net --allow-read tests/ollama_server/serve.ts --script FILE [--port 0]
import { parseArgs } from "node:util";
import { startOllamaServer } from "./ollama_server.ts";
import type { OllamaOptions } from "./script.ts";

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { port: { type: "string", default: "0" }, script: { type: "string" } },
  });
  if (values.script === undefined) {
    console.error('--script FILE is missing: a JSON file with "replies" and what the server is');
    Deno.exit(2);
  }
  const options: OllamaOptions = JSON.parse(await Deno.readTextFile(values.script));
  console.log(startOllamaServer({ ...options, port: Number(values.port) }).baseUrl);
}
