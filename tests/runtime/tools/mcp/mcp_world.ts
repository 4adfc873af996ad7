// A project, a data folder and a host of servers in a temporary folder; all is gone at the end.
import { fileURLToPath } from "node:url";
import type { McpServer } from "../../../../schemas/mcp.ts";
import type { ToolResult } from "../../../../schemas/tool.ts";
import type { McpLimits } from "../../../../runtime/tools/mcp/mcp_limits.ts";
import {
  type McpCallOptions,
  type McpHost,
  type McpHostOptions,
  openMcpHost,
} from "../../../../runtime/tools/mcp/open_mcp_host.ts";
import { identityOf } from "../../../../runtime/tools/mcp/process_identity.ts";
import { PATIENCE_MS } from "../../../patience.ts";

/** Short where a test waits for it; a busy machine needs seconds to start a program. */
export const TEST_LIMITS: Partial<McpLimits> = { closeMs: 1000, terminateMs: 300 };

export interface McpWorld extends AsyncDisposable {
  /** Real path. */
  readonly project: string;
  readonly dataDir: string;
  readonly host: McpHost;
  call(
    tool: string,
    args?: Readonly<Record<string, unknown>>,
    options?: Partial<McpCallOptions>,
  ): Promise<ToolResult>;
}

/** A server of `tests/mcp_servers`, under the name of its file unless told. */
export function scriptServer(script: string, more: Partial<McpServer> = {}): McpServer {
  const path = fileURLToPath(new URL(`../../../mcp_servers/${script}.ts`, import.meta.url));
  return {
    id: script,
    command: Deno.execPath(),
    args: ["run", "-A", "--quiet", "--no-config", "--no-lock", path],
    env: {},
    enabled: true,
    timeoutMs: PATIENCE_MS,
    ...more,
  };
}

export function stubbornServer(id: string): McpServer {
  return scriptServer("stubborn", { id });
}

export async function openMcpWorld(
  servers: readonly McpServer[],
  options: Partial<McpHostOptions> = {},
): Promise<McpWorld> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "crewagent-mcp-" }));
  const project = `${root}/project`;
  const dataDir = `${root}/data`;
  await Deno.mkdir(project);
  const host = await openMcpHost({
    servers,
    projectDir: project,
    dataDir,
    ...options,
    limits: { ...TEST_LIMITS, ...options.limits },
  });
  return {
    project,
    dataDir,
    host,
    call: (tool, args = {}, options = {}) =>
      host.call(tool, args, {
        signal: new AbortController().signal,
        timeoutMs: PATIENCE_MS,
        maxBytes: 512 * 1024,
        ...options,
      }),
    async [Symbol.asyncDispose]() {
      await host.close();
      await Deno.remove(root, { recursive: true });
    },
  };
}

/** The text of a result; of a failure its code and message. */
export function textOf(result: ToolResult): string {
  return result.ok ? String(result.text) : `${result.error.code} ${result.error.message}`;
}

/** Those of some processes that still run, a moment later if need be. */
export async function stillRunning(pids: readonly number[]): Promise<number[]> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await Promise.all(pids.map(identityOf));
    const running = pids.filter((_, index) => found[index] !== undefined);
    if (running.length === 0 || Date.now() > until) return running;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Names of the files about processes. */
export function pidFiles(dataDir: string): string[] {
  return [...Deno.readDirSync(`${dataDir}/mcp`)].map(({ name }) => name);
}
