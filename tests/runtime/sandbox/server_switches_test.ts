// The switches of a server, with a real server that tries the network, in a real sandbox.
import { match, strictEqual } from "node:assert/strict";
import { wrapServers } from "../../../runtime/sandbox/wrap_servers.ts";
import { sandboxFor } from "../../../runtime/sandbox/sandbox.ts";
import { machineTools } from "../../../runtime/sandbox/sandbox_tools.ts";
import { openMcpHost } from "../../../runtime/tools/mcp/open_mcp_host.ts";
import type { McpServer } from "../../../schemas/mcp.ts";
import { scriptServer, TEST_LIMITS, textOf } from "../tools/mcp/mcp_world.ts";
import { walled, type WalledWorld } from "./walled_world.ts";

/** What the server says that dials this process, started with these switches. */
async function dial(
  { project, dataDir, sandbox }: Pick<WalledWorld, "project" | "dataDir" | "sandbox">,
  switches: Pick<McpServer, "sandbox" | "network">,
): Promise<string> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const host = await openMcpHost({
    servers: [scriptServer("dials", switches)],
    projectDir: project,
    dataDir,
    wrap: wrapServers(sandbox, { projectDir: project, dataDir }),
    limits: TEST_LIMITS,
  });
  try {
    await host.definitions(null);
    const options = {
      signal: new AbortController().signal,
      timeoutMs: 300_000,
      maxBytes: 10_000,
    };
    return textOf(await host.call("mcp__dials__dial", { port: listener.addr.port }, options));
  } finally {
    await host.close();
  }
}

const SWITCHES: readonly [Pick<McpServer, "sandbox" | "network">, RegExp][] = [
  [{}, /^connected/],
  [{ network: true }, /^connected/],
  [{ network: false }, /^not connected: ConnectionRefused/],
  [{ sandbox: "on" }, /^connected/],
  [{ sandbox: "on", network: false }, /^not connected: ConnectionRefused/],
  [{ sandbox: "off" }, /^connected/],
];

for (const [switches, says] of SWITCHES) {
  walled(`a server with ${JSON.stringify(switches)} dials and is ${says.source}`, async (world) => {
    match(await dial(world, switches), says);
  });
}

/** A machine without bubblewrap. */
const bare = sandboxFor("linux", { ...machineTools, find: () => undefined });

const DEMANDS: readonly [Pick<McpServer, "sandbox" | "network">, RegExp][] = [
  [
    { sandbox: "on" },
    /configured with "sandbox": "on".*bubblewrap is not installed.*apt-get install/,
  ],
  [{ network: false }, /configured with "network": false, which takes a sandbox/],
];

for (const [switches, says] of DEMANDS) {
  Deno.test(`a server with ${JSON.stringify(switches)} does not start where there is no sandbox, and says why`, async () => {
    const dir = await Deno.makeTempDir({ prefix: "crewagent-wall-" });
    const said = await dial({ project: dir, dataDir: dir, sandbox: bare }, switches);

    match(said, says);
    await Deno.remove(dir, { recursive: true });
  });
}

Deno.test("a server without switches starts where there is no sandbox", async () => {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-wall-" });

  strictEqual(await dial({ project: dir, dataDir: dir, sandbox: bare }, {}), "connected to tcp");
  await Deno.remove(dir, { recursive: true });
});
