// The built-in tools of flows: documents as files, and the agent's memory. They work through the ports,
// so no path and no scope of another agent can be reached. Their texts are prose for a model.
import { AppError, messageOf } from "../../schemas/error.ts";
import { type ToolDefinition, toolFailure, type ToolResult } from "../../schemas/tool.ts";
import type { BuiltInTool } from "./built_in_names.ts";
import type { Documents } from "./documents.ts";
import { FLOW_ID_RULE, isFlowId, storyDocumentId } from "./flow_id.ts";
import type { ToolCaller } from "./flow_ports.ts";
import { readStoryDocument, scopeOf, sortedEntries } from "./gather_facts.ts";
import type { Memory } from "./memory.ts";

/** What the tools work on. */
export interface BuiltInPorts {
  readonly documents: Documents;
  readonly memory: Memory;
}

const PATH = { type: "string", description: 'Name of a document, such as "prd.md"' } as const;
const KEY = { type: "string", description: "Name of the entry" } as const;

/** The tools as models see them, by wire name. */
export const BUILT_IN_DEFINITIONS: Readonly<Record<BuiltInTool, ToolDefinition>> = {
  fs_read: {
    name: "fs_read",
    description: "Read a document: the one of this story, else the one that all stories share.",
    parameters: closed({ path: PATH }, ["path"]),
  },
  fs_list: {
    name: "fs_list",
    description: "List the documents of this story and those that all stories share.",
    parameters: closed({}, []),
  },
  fs_write: {
    name: "fs_write",
    description: "Write a whole document of this story. An older one of that name is replaced.",
    parameters: closed({ path: PATH, content: { type: "string" } }, ["path", "content"]),
  },
  memory_get: {
    name: "memory_get",
    description: "Look up an entry of your memory.",
    parameters: closed({ key: KEY }, ["key"]),
  },
  memory_set: {
    name: "memory_set",
    description: "Remember a value for later, yourself or the agents that share your memory.",
    parameters: closed({ key: KEY, value: { description: "Any JSON" } }, ["key", "value"]),
  },
  memory_list: {
    name: "memory_list",
    description: "List the entries of your memory.",
    parameters: closed({}, []),
  },
  memory_delete: {
    name: "memory_delete",
    description: "Forget an entry of your memory.",
    parameters: closed({ key: KEY }, ["key"]),
  },
};

type Args = Readonly<Record<string, unknown>>;

/** Runs a built-in tool. Never throws: what a port throws is the tool's failure. */
export async function runBuiltIn(
  tool: BuiltInTool,
  args: Args,
  at: { readonly caller: ToolCaller; readonly ports: BuiltInPorts },
): Promise<ToolResult> {
  const wanted = BUILT_IN_DEFINITIONS[tool].parameters.required as readonly string[];
  const absent = wanted.filter((name) => args[name] === undefined);
  if (absent.length > 0) {
    return toolFailure("E_TOOL_ARGS", `${tool}: these arguments are missing: ${absent.join(", ")}`);
  }
  try {
    return tool.startsWith("fs_")
      ? await useDocuments(tool, args, at)
      : await useMemory(tool, args, at);
  } catch (thrown) {
    const message = thrown instanceof AppError ? messageOf(thrown) : "It failed unexpectedly";
    return toolFailure("E_INTERNAL", `${tool}: ${message}`);
  }
}

interface At {
  readonly caller: ToolCaller;
  readonly ports: BuiltInPorts;
}

async function useDocuments(tool: BuiltInTool, args: Args, at: At): Promise<ToolResult> {
  const { documents } = at.ports;
  const { storyId } = at.caller;
  if (tool === "fs_list") return { ok: true, documents: await listDocuments(storyId, documents) };
  const name = typeof args.path === "string" ? args.path.replace(/\.md$/i, "") : args.path;
  if (!isFlowId(name) || name.includes("__")) return notAName(tool, "path", args.path);
  if (tool === "fs_read") {
    const { text } = await readStoryDocument(name, storyId, documents);
    if (text !== undefined) return { ok: true, path: `${name}.md`, content: text };
    return toolFailure("ENOENT", `There is no document "${name}.md". fs_list shows what there is`);
  }
  if (typeof args.content !== "string") {
    return toolFailure("E_TOOL_ARGS", 'fs_write: "content" has to be a text');
  }
  await documents.write(storyDocumentId(storyId, name), args.content);
  return { ok: true, path: `${name}.md` };
}

/** Names without the story's own part; those of other stories stay unseen. */
async function listDocuments(storyId: string, documents: Documents): Promise<string[]> {
  const own = storyDocumentId(storyId, "");
  const names = (await documents.list()).flatMap(({ id }) => {
    if (id.startsWith(own)) return [id.slice(own.length)];
    return id.includes("__") ? [] : [id];
  });
  return [...new Set(names)].sort().map((name) => `${name}.md`);
}

async function useMemory(tool: BuiltInTool, args: Args, at: At): Promise<ToolResult> {
  const { memory } = at.ports;
  const scope = scopeOf(at.caller.agent, at.caller.storyId);
  if (tool === "memory_list") {
    const entries = sortedEntries(await memory.list(scope));
    return { ok: true, entries: entries.map(({ key, value }) => ({ key, value })) };
  }
  const { key } = args;
  if (!isFlowId(key)) return notAName(tool, "key", key);
  if (tool === "memory_set") {
    await memory.set(scope, key, args.value);
    return { ok: true, key };
  }
  if (tool === "memory_delete") return { ok: true, deleted: await memory.delete(scope, key) };
  const entry = await memory.get(scope, key);
  return entry
    ? { ok: true, key, value: entry.value }
    : toolFailure("ENOENT", `The memory has no entry "${key}". memory_list shows what there is`);
}

function notAName(tool: BuiltInTool, argument: string, value: unknown): ToolResult {
  const shown = JSON.stringify(value)?.slice(0, 120) ?? "undefined";
  const message = `${tool}: "${argument}" is ${shown}. A name has ${FLOW_ID_RULE}, without "__"`;
  return toolFailure("E_TOOL_ARGS", message);
}

function closed(
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[],
): Readonly<Record<string, unknown>> {
  return { type: "object", properties, required, additionalProperties: false };
}
