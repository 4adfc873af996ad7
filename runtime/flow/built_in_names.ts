// Names of tools that an agent may list without a `tools.yaml`. What they do is `built_in_tools.ts`.

/** Tools over documents and memory that every agent may have. */
export const BUILT_IN_TOOLS = [
  "fs_read",
  "fs_list",
  "fs_write",
  "memory_get",
  "memory_set",
  "memory_list",
  "memory_delete",
] as const;

/** A word of `BUILT_IN_TOOLS`. */
export type BuiltInTool = (typeof BUILT_IN_TOOLS)[number];

/** How an agent names all tools of an MCP server: `mcp:SERVER`. */
const MCP_PATTERN = /^mcp:([A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*)$/;

/** The built-in tool of a name, also written with a dot (`fs.read`). */
export function builtInTool(name: string): BuiltInTool | undefined {
  const wireName = name.replace(".", "_");
  return BUILT_IN_TOOLS.find((tool) => tool === wireName);
}

/** The server of `mcp:SERVER`; `undefined` for any other name. */
export function mcpServerOf(name: string): string | undefined {
  return MCP_PATTERN.exec(name)?.[1];
}
