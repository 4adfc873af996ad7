// The tools of a flow's agents: built-in ones, functions of the project's modules, MCP servers. What runs
// a module and what speaks MCP is handed in, since the executable and a generated project differ there.
import { type ToolDefinition, toolFailure, type ToolResult } from "../../schemas/tool.ts";
import { builtInTool, mcpServerOf } from "./built_in_names.ts";
import { BUILT_IN_DEFINITIONS, type BuiltInPorts, runBuiltIn } from "./built_in_tools.ts";
import type { ToolCaller, ToolRunner } from "./flow_ports.ts";
import type { FlowAgent, FlowSource, FlowTool } from "./flow_source.ts";

/** Calls the function of a tool. Never throws. */
export type RunModuleTool = (
  tool: FlowTool,
  args: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
) => Promise<ToolResult>;

/** The tools of MCP servers. Never throws. */
export interface ServerTools {
  /** Those of one server by wire name, `mcp__<server>__<tool>`; a server that fails has none. */
  definitions(serverId: string): Promise<readonly ToolDefinition[]>;
  call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ToolResult>;
}

/** What the runner is made of. */
export interface ToolRunnerParts extends BuiltInPorts {
  readonly runModule: RunModuleTool;
  /** Left out where there are no servers: then their tools do not exist. */
  readonly servers?: ServerTools;
}

/** The tools of a source. An agent can call only what it lists. */
export function toolRunner(source: Pick<FlowSource, "tools">, parts: ToolRunnerParts): ToolRunner {
  const modules = new Map(source.tools.map((tool) => [tool.name, tool]));
  return {
    async definitions(agent) {
      const lists = await Promise.all(
        agent.tools.map((name) => definitionsOf(name, modules, parts)),
      );
      return lists.flat();
    },
    async call(name, args, caller) {
      if (caller.signal.aborted) {
        return toolFailure("E_INTERRUPTED", "The flow was stopped before this call");
      }
      const builtIn = builtInTool(name);
      if (builtIn && lists(caller.agent, (listed) => builtInTool(listed) === builtIn)) {
        return await runBuiltIn(builtIn, args, { caller, ports: parts });
      }
      const tool = modules.get(name);
      if (tool && caller.agent.tools.includes(name)) {
        const wrong = tool.declaresParameters && await wrongIn(tool, args);
        if (wrong) return toolFailure("E_TOOL_ARGS", `${name}: ${wrong}`);
        return await parts.runModule(tool, args, caller.signal);
      }
      return await callServer(name, args, { caller, parts });
    },
  };
}

/** Loaded late: most flows declare no parameters, and their start should not wait for it. */
async function wrongIn(
  { parameters }: FlowTool,
  args: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const { checkArguments } = await import("./check_arguments.ts");
  return checkArguments(parameters, args);
}

async function definitionsOf(
  name: string,
  modules: ReadonlyMap<string, FlowTool>,
  { servers }: ToolRunnerParts,
): Promise<readonly ToolDefinition[]> {
  const builtIn = builtInTool(name);
  if (builtIn) return [BUILT_IN_DEFINITIONS[builtIn]];
  const tool = modules.get(name);
  if (tool) return [{ name, description: tool.description, parameters: tool.parameters }];
  const serverId = mcpServerOf(name);
  return serverId === undefined ? [] : await servers?.definitions(serverId) ?? [];
}

function lists(agent: FlowAgent, test: (name: string) => boolean): boolean {
  return agent.tools.some(test);
}

interface ServerCall {
  readonly caller: ToolCaller;
  readonly parts: ToolRunnerParts;
}

/** A name alone does not say whose tool it is, so the agent's servers are asked. */
async function callServer(
  name: string,
  args: Readonly<Record<string, unknown>>,
  { caller, parts: { servers } }: ServerCall,
): Promise<ToolResult> {
  const serverIds = caller.agent.tools.map(mcpServerOf).filter((id) => id !== undefined);
  for (const serverId of servers ? serverIds : []) {
    const offered = await servers?.definitions(serverId) ?? [];
    if (servers && offered.some((tool) => tool.name === name)) {
      return await servers.call(name, args, caller.signal);
    }
  }
  return toolFailure("E_TOOL_UNKNOWN", `There is no tool ${JSON.stringify(name)} here`);
}
