// What an attacker knows when it is asked: the request, the graphs of the package, and, so that its
// attacks are as sharp as they can be, the state document on disk and where the run's folders lie.
import type { GraphNode, WorkflowGraph } from "../../schemas/package.ts";
import type { ModelRequest, Reply, ScriptedCall } from "../model_server/script.ts";
import type { Random } from "./random.ts";

/** Places on this machine; an attacker may name them, the engine may not. */
export interface Places {
  readonly root: string;
  readonly project: string;
  readonly data: string;
  readonly outside: string;
  readonly runDir: string;
}

/** One moment of a run as an attacker sees it. */
export interface Scene {
  readonly node: GraphNode;
  readonly graph: WorkflowGraph;
  /** The state document as it is saved now. */
  readonly document: string;
  readonly places: Places;
  readonly random: Random;
  /** Number of the request, from 0. */
  readonly number: number;
}

/** A way to misbehave. */
export interface Attack {
  readonly name: string;
  make(scene: Scene): Reply;
}

/** A way out of the node of a scene. */
export interface Way {
  readonly to: string;
  readonly label: string;
}

/** The transitions that the graph allows from the node of a scene. */
export function waysOf({ graph, node }: Scene): Way[] {
  return graph.edges.filter(({ from }) => from === node.id);
}

/** A node that is neither current nor one edge away, or any other where all are near. */
export function farNode(scene: Scene): string {
  const near = new Set([scene.node.id, ...waysOf(scene).map(({ to }) => to)]);
  const others = scene.graph.nodes.filter(({ id }) => id !== scene.node.id);
  const far = others.filter(({ id }) => !near.has(id));
  return scene.random.pick(far.length > 0 ? far : others).id;
}

/** The end node of a scene's graph. */
export function endNode({ graph, random }: Scene): string {
  return random.pick(graph.nodes.filter(({ type }) => type === "end")).id;
}

/** A reply that makes these calls. */
export function calls(...toolCalls: readonly ScriptedCall[]): Reply {
  return { toolCalls };
}

/** One call. */
export function call(name: string, args: ScriptedCall["arguments"], id?: string): ScriptedCall {
  return { name, arguments: args, ...(id !== undefined && { id }) };
}

/** The active state document in the tools' words. */
export const STATE = "@state/workflow.md";

/** The node that the latest brief of a request is about. */
export function briefedNode(request: ModelRequest, graphs: readonly WorkflowGraph[]): {
  graph: WorkflowGraph;
  node: GraphNode;
} {
  for (const graph of graphs) {
    const node = graph.nodes.find(({ id }) => id === request.nodeId);
    if (node) return { graph, node };
  }
  throw new Error(`The request briefs the node "${request.nodeId}", which no graph has`);
}
