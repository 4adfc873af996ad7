// Owns servers until it is killed: opens a host, starts two stubborn ones, and prints their pids.
import { openMcpHost } from "../../runtime/tools/mcp/open_mcp_host.ts";
import { stubbornServer } from "../runtime/tools/mcp/mcp_world.ts";

const [projectDir = "", dataDir = ""] = Deno.args;
const servers = [stubbornServer("one"), stubbornServer("two")];
const host = await openMcpHost({ servers, projectDir, dataDir });
const options = { signal: new AbortController().signal, timeoutMs: 30_000, maxBytes: 100_000 };
const lists = await Promise.all(
  servers.map(({ id }) => host.call(`mcp__${id}__pids`, {}, options)),
);
console.log(JSON.stringify(lists));
setInterval(() => {}, 1000);
