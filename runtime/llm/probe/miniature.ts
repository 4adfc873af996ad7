// A workflow of three nodes with two tools, in memory: the engine in small, for one exercise. Not the
// engine: `runtime/run/` plays real packages.
import type { ChatMessage } from "../../../schemas/conversation.ts";
import { type ToolDefinition, toolFailure, type ToolResult } from "../../../schemas/tool.ts";
import { asMap } from "../json_map.ts";
import { excerpt } from "./model_answer.ts";
import { READ_TOOL } from "./probe_tools.ts";

/** A node, and the variable that its step file tells to record. */
interface MiniatureNode {
  readonly id: string;
  readonly title: string;
  readonly variable: string;
  readonly value: string;
}

const NODES: readonly [MiniatureNode, ...MiniatureNode[]] = [
  { id: "gather", title: "Gather", variable: "harbour", value: "Lindisfarne" },
  { id: "weigh", title: "Weigh", variable: "crates", value: "seventeen" },
  { id: "seal", title: "Seal", variable: "wax", value: "crimson" },
];

/** The ids of the nodes in the order of the graph. */
export const NODE_IDS: readonly string[] = NODES.map(({ id }) => id);

/** The tools of the miniature, named and described as in a run. */
export const MINIATURE_TOOLS: readonly ToolDefinition[] = [
  READ_TOOL,
  {
    name: "state_complete_node",
    description:
      "Finish the current node and move on, in one call, after everything of its step is done. Answers what is missing if it is not.",
    parameters: {
      type: "object",
      properties: {
        nodeId: { type: "string", description: "The current node" },
        next: { type: "string", description: "One of allowedNext; not needed at an end node" },
        variables: { type: "object", description: "Variables to set" },
      },
      required: ["nodeId"],
      additionalProperties: false,
    },
  },
];

const RULES =
  `You carry out one node of a workflow at a time, with tools. These rules come before all others.

- NODE_BRIEF names the current node and the transitions it allows. The graph decides; you cannot jump to any other node.
- Begin by reading the node's step file with fs_read. Do what its instructions say, all of it, and nothing of a later node.
- Finish the node with one call of state_complete_node as the last call of your message. The next node's brief follows by itself.
- If a tool answers with an error, read its message: it says what to do instead.`;

/** The workflow while it is played. */
export interface Miniature {
  /** The current node; `undefined` once the workflow is completed. */
  readonly nodeId: string | undefined;
  /** Calls that named a node other than the current one or the one behind it. */
  readonly jumps: readonly string[];
  /** The messages that open the current node's conversation. */
  open(): readonly ChatMessage[];
  /** Does what a tool would do. Never throws. */
  call(name: string, args: Readonly<Record<string, unknown>> | undefined): ToolResult;
}

/** The workflow at its first node. */
export function startMiniature(): Miniature {
  let index = 0;
  const jumps: string[] = [];
  const variables: Record<string, unknown> = {};

  const complete = (args: Readonly<Record<string, unknown>>): ToolResult => {
    const node = NODES[index];
    if (!node) return toolFailure("E_INVALID_TRANSITION", "The workflow is already completed");
    const next = NODES[index + 1];
    const target = args.next || next?.id;
    if (args.nodeId !== node.id || target !== next?.id) {
      const named = args.nodeId === node.id ? target : args.nodeId;
      const jump = `from "${node.id}" to ${excerpt(named)}`;
      jumps.push(jump);
      return toolFailure(
        "E_INVALID_TRANSITION",
        `The graph does not allow to go ${jump}. The current node is "${node.id}": ${
          howToFinish(node, next)
        }`,
      );
    }
    if (asMap(args.variables)[node.variable] !== node.value) {
      return toolFailure(
        "E_STEP_INCOMPLETE",
        `The variable "${node.variable}" does not have the value that the step file tells: read "${
          stepFile(node)
        }" with fs_read and do what it says`,
        { missing: [node.variable] },
      );
    }
    variables[node.variable] = node.value;
    index += 1;
    return { ok: true, completedNodeId: node.id, ...(next && { currentNodeId: next.id }) };
  };

  return {
    get nodeId() {
      return NODES[index]?.id;
    },
    jumps,
    open() {
      const node = NODES[index] ?? NODES[0];
      return [
        { role: "system", content: RULES },
        { role: "user", content: section("NODE_BRIEF", briefOf(node, NODES[index + 1])) },
        {
          role: "user",
          content: section("STATE_SUMMARY", {
            variables,
            stepsCompleted: NODE_IDS.slice(0, index),
          }),
        },
      ];
    },
    call(name, args) {
      if (!args) return toolFailure("E_TOOL_ARGS", "The arguments are not one JSON object");
      if (name === "fs_read") return readStep(args.path);
      if (name === "state_complete_node") return complete(args);
      return toolFailure(
        "E_TOOL_UNKNOWN",
        `There is no tool "${name}": use fs_read or state_complete_node`,
      );
    },
  };
}

function readStep(path: unknown): ToolResult {
  const name = String(path).replace(/^@pkg\//, "");
  const node = NODES.find((candidate) => stepFile(candidate) === `@pkg/${name}`);
  if (!node) {
    return toolFailure(
      "ENOENT",
      `There is no file ${excerpt(path)}: read the stepFile of NODE_BRIEF`,
    );
  }
  const { title, variable, value } = node;
  const content =
    `# ${title}\n\nRecord the variable "${variable}" with the value "${value}": give it to state_complete_node as "variables":{"${variable}":"${value}"}. Nothing else is to be done.\n`;
  return { ok: true, path: stepFile(node), content };
}

function briefOf(node: MiniatureNode, next: MiniatureNode | undefined) {
  return {
    node: { id: node.id, type: next ? "step" : "end", title: node.title },
    stepFile: stepFile(node),
    inputs: [],
    outputs: [],
    setsVariables: [node.variable],
    allowedNext: next ? [{ to: next.id, label: "done", isDefault: true }] : [],
    howToFinish: howToFinish(node, next),
  };
}

function howToFinish({ id }: MiniatureNode, next: MiniatureNode | undefined): string {
  const where = next ? `,"next":"${next.id}"` : "";
  return `When everything is done, call state_complete_node with {"nodeId":"${id}"${where}} and the variables of the step file.`;
}

function stepFile({ id }: MiniatureNode): string {
  return `@pkg/steps/${id}.md`;
}

function section(title: string, value: unknown): string {
  return `${title}\n${JSON.stringify(value, null, 2)}`;
}
