// A server that neither ends with its input nor by SIGTERM, with one child in its group and one that
// has left it; both ignore SIGTERM, too. Told once it runs: their pids, on standard error.
import { serve, text } from "./protocol.ts";

const waits = 'trap "" TERM; while :; do sleep 1; done';
const child = (detached: boolean) =>
  new Deno.Command("sh", { args: ["-c", waits], detached, stdin: "null", stdout: "inherit" })
    .spawn()
    .pid;
const pids = [Deno.pid, child(false), child(true)];
Deno.addSignalListener("SIGTERM", () => {});
setInterval(() => {}, 1000);
await serve({ tools: () => [{ name: "pids", run: () => text(JSON.stringify(pids)) }] });
