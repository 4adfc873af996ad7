// The test model server as a program: prints its base URL and serves until it is stopped.
//   deno run --allow-net --allow-read tests/model_server/serve.ts --script FILE [--port 0]
import { parseArgs } from "node:util";
import { startModelServer } from "./model_server.ts";
import { ofScript, type Script } from "./script.ts";

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { port: { type: "string", default: "0" }, script: { type: "string" } },
  });
  if (values.script === undefined) {
    console.error('--script FILE is missing: a JSON file with "replies" or "nodes"');
    Deno.exit(2);
  }
  const script: Script = JSON.parse(await Deno.readTextFile(values.script));
  const server = startModelServer({
    reply: ofScript(script),
    port: Number(values.port),
    ...(script.models && { models: script.models }),
  });
  console.log(server.baseUrl);
}
