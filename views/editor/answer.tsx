// The answer of an edit: the marks that have to be drawn anew, and what the page says about it. Not
// here: what an edit touched (`builder/edit/`), and how a browser puts the marks in (`marks_in.js`).
import type { Texts } from "../text/texts.ts";
import { EdgeMark, NodeMark } from "./marks.tsx";
import type { Scene } from "./scene.ts";

/** What happened, for the attributes of the answer. */
export interface AnswerState {
  readonly revision: number;
  /** What the edit was, such as `Move 3 nodes`; empty if nothing was edited. */
  readonly summary: string;
  /** What undo and redo would take back or do again; empty if nothing. */
  readonly undo: string;
  readonly redo: string;
}

/** Props of `Answer`. */
export interface AnswerProps {
  readonly scene: Scene;
  readonly state: AnswerState;
  /** What to draw; `"all"` for the whole workflow. Ids that are gone are named as removed. */
  readonly nodeIds: Iterable<string> | "all";
  readonly edgeRefs: Iterable<string> | "all";
  /** What the person is likely to go on with. */
  readonly select?: readonly string[];
  readonly texts: Texts;
}

/** The answer, an HTML fragment. */
export function Answer({ scene, state, nodeIds, edgeRefs, select = [], texts }: AnswerProps) {
  const isWhole = nodeIds === "all" && edgeRefs === "all";
  const nodes = nodeIds === "all" ? [...scene.nodes.keys()] : [...new Set(nodeIds)];
  const edges = edgeRefs === "all" ? [...scene.edges.keys()] : [...new Set(edgeRefs)];
  const removed = [
    ...nodes.filter((id) => !scene.nodes.has(id)).map((id) => `node:${id}`),
    ...edges.filter((ref) => !isDrawn(scene, ref)).map((ref) => `edge:${ref}`),
  ];
  return (
    <div
      id="answer"
      data-workflow-id={scene.graph.workflowId}
      data-revision={state.revision}
      data-summary={state.summary}
      data-undo={state.undo}
      data-redo={state.redo}
      data-whole={isWhole ? "true" : undefined}
      data-removed={JSON.stringify(removed)}
      data-select={JSON.stringify(select)}
    >
      <svg>
        <Marks scene={scene} nodeIds={nodes} edgeRefs={edges} texts={texts} />
      </svg>
    </div>
  );
}

function isDrawn(scene: Scene, ref: string): boolean {
  const edge = scene.edges.get(ref);
  return edge !== undefined && scene.nodes.has(edge.from) && scene.nodes.has(edge.to);
}

/** Props of `Marks`. */
export interface MarksProps {
  readonly scene: Scene;
  readonly nodeIds: readonly string[];
  readonly edgeRefs: readonly string[];
  readonly texts: Texts;
}

/** Marks of a scene, edges first; ids that are gone draw nothing. */
export function Marks({ scene, nodeIds, edgeRefs, texts }: MarksProps) {
  return (
    <>
      {edgeRefs.map((ref) => {
        const edge = scene.edges.get(ref);
        return edge ? <EdgeMark edge={edge} scene={scene} texts={texts} /> : "";
      })}
      {nodeIds.map((id) => {
        const node = scene.nodes.get(id);
        return node ? <NodeMark node={node} scene={scene} texts={texts} /> : "";
      })}
    </>
  );
}
