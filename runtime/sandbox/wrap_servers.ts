// How MCP servers are put into a sandbox: which folders they get. Starting them is for `tools/mcp/`.
import { join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { toPathPart } from "../../schemas/ids.ts";
import type { Sandbox, WrappedCommand } from "./sandbox.ts";

/** A server that is about to be started. */
export interface StartingServer {
  readonly id: string;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** `on`: not without a sandbox; `off`: without. Otherwise as the system has it. */
  readonly sandbox?: "on" | "off";
  /** `false`: not with a network. */
  readonly network?: boolean;
}

/**
 * Wraps the commands of servers that work on a project: they write the project and a cache folder of
 * their own in the data folder, which is made here, and see nothing else of the data folder. A server
 * that asks for more than the system has is not started: what it returns throws `MCP_CONFIG_INVALID`.
 */
export function wrapServers(
  sandbox: Sandbox,
  { projectDir, dataDir }: { readonly projectDir: string; readonly dataDir: string },
): (command: string, args: readonly string[], server: StartingServer) => WrappedCommand {
  return (command, args, server) => {
    const { id, env, cwd } = server;
    if (server.sandbox === "off") return { command, args };
    if (sandbox.kind === "none") {
      const lack = lackOf(sandbox, server);
      if (lack !== undefined) throw new AppError("MCP_CONFIG_INVALID", lack);
      return { command, args };
    }
    const cacheDir = join(dataDir, "mcp-cache", toPathPart(id));
    Deno.mkdirSync(cacheDir, { recursive: true, mode: 0o700 });
    const hidden = [dataDir];
    return sandbox.wrap(command, args, {
      ...{ projectDir, cwd, readOnly: [], env, hidden, cacheDir },
      ...(server.network === false && { network: "none" }),
    });
  };
}

/** Why a server may not start where there is no sandbox; `undefined` if it may. */
export function lackOf(
  { kind, description, advice }: Pick<Sandbox, "kind" | "description" | "advice">,
  { sandbox, network }: Pick<StartingServer, "sandbox" | "network">,
): string | undefined {
  const wish = network === false ? '"network": false' : sandbox === "on" ? '"sandbox": "on"' : "";
  if (kind !== "none" || wish === "") return undefined;
  const way = advice === undefined ? "" : `. ${advice}`;
  return `It is configured with ${wish}, which takes a sandbox, and here is none (${description})${way}`;
}
