// Whether the program of an MCP server is there at all, told without starting it.
import { isAbsolute } from "node:path";
import type { McpServer } from "../../schemas/mcp.ts";
import type { SandboxTools } from "../sandbox/sandbox_tools.ts";

/** Why a server cannot start on this machine; `undefined` if nothing speaks against it. */
export function faultOfProgram(
  { command, cwd, env }: McpServer,
  tools: SandboxTools,
): string | undefined {
  if (cwd !== undefined && tools.kindOf(cwd) !== "folder") {
    return `its working folder "${cwd}" is not there`;
  }
  if (isAbsolute(command)) {
    return tools.kindOf(command) === "file" ? undefined : `its program "${command}" is not there`;
  }
  // A path depends on the project, and on Windows a name may lack its ending.
  if (/[\\/]/.test(command) || Deno.build.os === "windows") return undefined;
  if (tools.find(command, env.PATH) !== undefined) return undefined;
  return `its program "${command}" is not on the PATH: install it`;
}
