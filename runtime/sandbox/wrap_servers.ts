// How MCP servers are put into a sandbox: which folders they get. Starting them is for `tools/mcp/`.
import { join } from "node:path";
import { toPathPart } from "../../schemas/ids.ts";
import type { Sandbox, WrappedCommand } from "./sandbox.ts";

/** A server that is about to be started. */
export interface StartingServer {
  readonly id: string;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * Wraps the commands of servers that work on a project: they write the project and a cache folder of
 * their own in the data folder, which is made here, and see nothing else of the data folder.
 */
export function wrapServers(
  sandbox: Sandbox,
  { projectDir, dataDir }: { readonly projectDir: string; readonly dataDir: string },
): (command: string, args: readonly string[], server: StartingServer) => WrappedCommand {
  return (command, args, { id, env, cwd }) => {
    if (sandbox.kind === "none") return { command, args };
    const cacheDir = join(dataDir, "mcp-cache", toPathPart(id));
    Deno.mkdirSync(cacheDir, { recursive: true, mode: 0o700 });
    const hidden = [dataDir];
    return sandbox.wrap(command, args, { projectDir, cwd, readOnly: [], env, hidden, cacheDir });
  };
}
