// Changes of the configured MCP servers, for `changeMcpFile`. Pure; who asks for them says what is
// missing.
import type { McpDocument, McpEntry } from "./mcp_file.ts";

/** The document with these servers, each in the place of the one of its id or at the end. */
export function withMcpServers(
  document: McpDocument,
  added: Readonly<Record<string, McpEntry>>,
): McpDocument {
  return { ...document, mcpServers: { ...document.mcpServers, ...added } };
}

/** The document without the server of this id. */
export function withoutMcpServer(document: McpDocument, id: string): McpDocument {
  const { [id]: _, ...mcpServers } = document.mcpServers;
  return { ...document, mcpServers };
}

/** The entry, used by runs or kept for later. */
export function enabledEntry(entry: McpEntry, use: "enable" | "disable"): McpEntry {
  const { enabled: _, disabled: __, ...rest } = entry;
  return (use === "disable" ? { ...rest, disabled: true } : rest) as McpEntry;
}

/** The entry of an id; `undefined` if there is none. */
export function mcpEntryOf({ mcpServers }: McpDocument, id: string): McpEntry | undefined {
  return Object.hasOwn(mcpServers, id) ? mcpServers[id] : undefined;
}

/** What stands in an entry as `${…}`, the first of them: CrewAgent fills in nothing. */
export function placeholderOf(entry: McpEntry): string | undefined {
  return /\$\{[^}]*\}/.exec(JSON.stringify(entry))?.[0];
}
