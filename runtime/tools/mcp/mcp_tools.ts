// Tools of servers as the model sees them: names that every model server takes, descriptions and
// schemas of bounded size. Pure.
import { createHash } from "node:crypto";
import type { McpTool } from "../../../schemas/mcp.ts";
import type { ToolDefinition } from "../../../schemas/tool.ts";
import type { PathMapping } from "./path_mapping.ts";

/** What OpenAI-compatible servers take: 64 of `[A-Za-z0-9_-]`. */
const MAX_NAME_CHARS = 64;
const MAX_DESCRIPTION_CHARS = 1024;
const MAX_SCHEMA_CHARS = 64 * 1024;
const MAX_TOOLS = 256;
const MAX_TOOL_NAME_CHARS = 512;
const HASH_CHARS = 8;

/**
 * The name of a tool, `mcp__<server>__<tool>`. It depends on nothing but the two; where characters had
 * to be replaced or cut, a hash of both ends the name, so that different tools never share one.
 */
export function mcpToolName(serverId: string, tool: string): string {
  const plain = `mcp__${serverId}__${tool}`;
  const fits = /^[A-Za-z0-9_-]+$/.test(plain) && plain.length <= MAX_NAME_CHARS;
  // "a__b" + "c" and "a" + "b__c" would be one name.
  if (fits && !serverId.includes("__") && !serverId.endsWith("_")) return plain;
  const hash = createHash("sha256").update(JSON.stringify([serverId, tool])).digest("hex");
  const start = clean(plain).slice(0, MAX_NAME_CHARS - HASH_CHARS - 1);
  return `${start}_${hash.slice(0, HASH_CHARS)}`;
}

/** What the names of all tools of a server begin with; those of another server may, too. */
export function mcpToolPrefix(serverId: string): string {
  return clean(`mcp__${serverId}__`).slice(0, MAX_NAME_CHARS - HASH_CHARS - 1);
}

/** The tools in one page of `tools/list`; what is no tool is left out. */
export function readTools(serverId: string, listed: unknown): McpTool[] {
  if (!Array.isArray(listed)) return [];
  return listed.slice(0, MAX_TOOLS).flatMap((item): McpTool[] => {
    const { name, description, inputSchema } = asRecord(item);
    if (typeof name !== "string" || name === "" || name.length > MAX_TOOL_NAME_CHARS) return [];
    return [{
      serverId,
      name,
      description: typeof description === "string" ? description : "",
      inputSchema: asRecord(inputSchema),
    }];
  });
}

/** A list that more pages are added to: the first of a name stays, and there is an end. */
export function addTools(known: readonly McpTool[], more: readonly McpTool[]): McpTool[] {
  const names = new Set(known.map(({ name }) => name));
  const fresh = more.filter(({ name }) => !names.has(name) && names.add(name));
  return [...known, ...fresh].slice(0, MAX_TOOLS);
}

/** The definition for a model. Real paths in it become mounts. */
export function toDefinition(tool: McpTool, paths: PathMapping): ToolDefinition {
  const description = paths.toMounts(tool.description).trim();
  return {
    name: mcpToolName(tool.serverId, tool.name),
    description: description.length > MAX_DESCRIPTION_CHARS
      ? `${description.slice(0, MAX_DESCRIPTION_CHARS - 1).trimEnd()}…`
      : description,
    parameters: readParameters(tool.inputSchema, paths),
  };
}

/** A schema of type object that model servers take; one that is huge says only that. */
function readParameters(
  schema: Readonly<Record<string, unknown>>,
  paths: PathMapping,
): Record<string, unknown> {
  const mapped = paths.valueToMounts(schema) as Record<string, unknown>;
  if (JSON.stringify(mapped).length > MAX_SCHEMA_CHARS) return { type: "object", properties: {} };
  // Some model servers refuse an object without properties.
  return { ...mapped, type: "object", properties: asRecord(mapped.properties) };
}

function clean(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_");
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : {};
}
