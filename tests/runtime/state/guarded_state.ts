// A guarded state document in memory, for the tests of this folder.
import type { GraphEdge, GraphNode, StepCheck, WorkflowGraph } from "../../../schemas/package.ts";
import type { ToolResult } from "../../../schemas/tool.ts";
import type { GuardOptions } from "../../../runtime/state/guard.ts";
import {
  type GuardedState,
  openStateDocument,
  type StateChange,
} from "../../../runtime/state/state_document.ts";

/** draft → review → decide → (draft | finish), with a self-loop at review and two edges to `finish`. */
export const GRAPH: WorkflowGraph = {
  schemaVersion: "1.1",
  entryNodeId: "draft",
  nodes: [
    node("draft", "step", { outputs: ["artifacts/draft.md"] }),
    node("review", "step"),
    node("decide", "decision"),
    node("finish", "end", { outputs: ["artifacts/{{name}}.md"] }),
    node("island", "step"),
  ],
  edges: [
    edge("draft", "review", "written", { isDefault: true }),
    edge("review", "decide", "reviewed", { isDefault: true }),
    edge("review", "review", "again"),
    edge("decide", "draft", "revise", { conditionExpr: { "<": [{ var: "round" }, 3] } }),
    edge("decide", "finish", "accept", { isDefault: true }),
    edge("decide", "finish", "give up"),
  ],
};

function node(id: string, type: GraphNode["type"], more: Partial<GraphNode> = {}): GraphNode {
  return { id, type, file: `steps/${id}.md`, ...more };
}

function edge(from: string, to: string, label: string, more: Partial<GraphEdge> = {}): GraphEdge {
  return { from, to, label, ...more };
}

/** A state document at a node; `more` is YAML of further keys. */
export function stateText(
  { at = "", done = [], more = "" }: { at?: string; done?: readonly string[]; more?: string } = {},
): string {
  return [
    "---",
    'schemaVersion: "1.1" # the format',
    "workflowType: demo",
    "runId: 20261120-101010-aaaaaa",
    `stepsCompleted: [${done.join(", ")}]`,
    `currentNodeId: "${at}"`,
    ...(more ? [more] : []),
    "custom_key: kept",
    "---",
    "# Demo",
    "",
  ].join("\n");
}

/** A document in memory with everything that was saved, changed and rejected. */
export interface Desk {
  readonly document: GuardedState;
  readonly saved: string[];
  readonly changes: StateChange[];
  readonly rejections: string[];
  text(): Promise<string>;
}

/** Opens a document; `files` exist in the project, and are touched in this visit unless `untouched`. */
export function openDesk(
  text: string,
  {
    guard = {},
    files = [],
    untouched = [],
    graph = GRAPH,
    checks = {},
    texts = {},
    checksOnlyWarn = false,
  }: {
    guard?: Partial<GuardOptions>;
    files?: readonly string[];
    untouched?: readonly string[];
    graph?: WorkflowGraph;
    /** Node id → the checks of its step. */
    checks?: Readonly<Record<string, readonly StepCheck[]>>;
    /** Content of files that exist and are touched. */
    texts?: Readonly<Record<string, string>>;
    checksOnlyWarn?: boolean;
  } = {},
): Desk {
  const saved: string[] = [];
  const changes: StateChange[] = [];
  const rejections: string[] = [];
  const document = openStateDocument({
    text,
    graph,
    guard: { strictness: "strict", outputs: "required", conditionsBinding: false, ...guard },
    outputsOf: (nodeId) => graph.nodes.find(({ id }) => id === nodeId)?.outputs ?? [],
    checksOnlyWarn,
    checksOf: (nodeId) => checks[nodeId] ?? [],
    files: {
      inspect: (path) => {
        const text = texts[path];
        const exists = text !== undefined || [...files, ...untouched].includes(path);
        return Promise.resolve({ exists, bytes: new TextEncoder().encode(text).length });
      },
      read: (path) => Promise.resolve({ ok: true, text: texts[path] ?? "" }),
    },
    save: (next) => void saved.push(next),
    onChange: (change) => void changes.push(change),
    onReject: ({ error }) => void rejections.push(error.code),
  });
  for (const path of [...files, ...Object.keys(texts)]) document.noteRead(path);
  return { document, saved, changes, rejections, text: () => document.read() };
}

/** The code of a result, `ok` if it is none. */
export function codeOf(result: ToolResult): string {
  return result.ok ? "ok" : result.error.code;
}
