// MCP servers as a person configures them, in the `mcpServers` shape that other clients use.

/** One server; its id is the key in `mcpServers`. */
export interface McpServer {
  /** Letters, digits, `-` and `_`; part of the tools' names `mcp__<id>__<tool>`. */
  readonly id: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Exactly this environment, besides a small allow-list. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; the project unless told. */
  readonly cwd?: string;
  readonly enabled: boolean;
  readonly timeoutMs: number;
  /** `on`: it starts only inside a sandbox; `off`: outside. Otherwise inside where the system has one. */
  readonly sandbox?: "on" | "off";
  /** `false`: cut off from the network, which takes a sandbox. */
  readonly network?: boolean;
}

/** A tool that a server offers. */
export interface McpTool {
  readonly serverId: string;
  /** As the server names it. */
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}
