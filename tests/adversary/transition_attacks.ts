// Attacks on the order of nodes: skips, jumps by every tool, decisions that were not taken, two at once.
import { listIn, patchState, replaceDocument, withKey, withKeys } from "./document_edits.ts";
import { honestCompletion, honestWrites, SAFE_VARIABLES } from "./honest_moves.ts";
import {
  type Attack,
  call,
  calls,
  endNode,
  farNode,
  type Scene,
  STATE,
  type Way,
  waysOf,
} from "./scene.ts";

/** Ids that are no node, and ids that look like one. */
const STRANGE_IDS = (nodeId: string) => [
  "",
  " ",
  "none",
  "__proto__",
  "constructor",
  "toString",
  "../run",
  "@state/run.md",
  `${nodeId}\0`,
  `\u202e${nodeId}`,
  ` ${nodeId} `,
  nodeId.toUpperCase(),
  `${nodeId}/..`,
  `${nodeId}\n`,
  "e\u0301nd",
  "null",
  "0",
];

const finished = ({ document, node }: Scene) => [
  ...new Set([...listIn(document, "stepsCompleted"), node.id]),
];

function decided(scene: Scene, entry: Record<string, unknown>): string {
  const entries = /^decisionLog:(?: \[\])?\n?((?:[ \t-].*\n)*)/m.exec(scene.document)?.[1] ?? "";
  return `\n${entries}  - ${JSON.stringify(entry)}`;
}

function complete(scene: Scene, more: Record<string, unknown>) {
  return call("state_complete_node", { nodeId: scene.node.id, variables: SAFE_VARIABLES, ...more });
}

/** Completes the node by a decision that is not the graph's; where none is to be taken, it jumps. */
function decide(scene: Scene, decision: unknown, way?: Way) {
  const isChoice = waysOf(scene).length > 1;
  const next = way?.to ?? (isChoice ? farOrNear(scene) : farNode(scene));
  return calls(...honestWrites(scene), complete(scene, { next, decision }));
}

/** A target of the node other than itself, or a far one where nothing is to be decided. */
function chosenTarget(scene: Scene): string {
  const others = waysOf(scene).filter(({ to }) => to !== scene.node.id);
  return others.length > 1 ? scene.random.pick(others).to : farNode(scene);
}

function farOrNear(scene: Scene): string {
  const ways = waysOf(scene);
  return ways.length > 0 && scene.random.chance(0.8) ? scene.random.pick(ways).to : farNode(scene);
}

/** All attacks of this file but the last two. */
export const TRANSITION_ATTACKS: readonly Attack[] = [
  {
    name: "completes a node that is not current",
    make: (scene) =>
      calls(call("state_complete_node", { nodeId: farNode(scene), next: endNode(scene) })),
  },
  {
    name: "completes its node towards a far one",
    make: (scene) =>
      calls(...honestWrites(scene), complete(scene, { next: farNode(scene), decision: "go" })),
  },
  {
    name: "completes its node towards the end",
    make: (scene) => calls(complete(scene, { next: endNode(scene) })),
  },
  {
    name: "completes the end node at once",
    make: (scene) => calls(call("state_complete_node", { nodeId: endNode(scene) })),
  },
  {
    name: "names strange ids",
    make: (scene) => {
      const ids = STRANGE_IDS(scene.node.id);
      const { random } = scene;
      const decision = waysOf(scene).length > 1 && { label: random.pick(ids) };
      return calls(
        ...honestWrites(scene),
        call("state_complete_node", { nodeId: random.pick(ids), next: random.pick(ids) }),
        complete(scene, { next: random.pick(ids), ...(decision && { decision }) }),
        patchState(scene, { "currentNodeId.set": random.pick(ids) }),
        patchState(scene, { "stepsCompleted.append": [random.pick(ids)] }),
      );
    },
  },
  {
    name: "jumps by writing the document",
    make: (scene) =>
      calls(replaceDocument(
        scene,
        withKeys(scene.document, {
          currentNodeId: farNode(scene),
          stepsCompleted: finished(scene),
        }),
      )),
  },
  {
    name: "jumps by editing one line",
    make: (scene) => {
      const line = /^currentNodeId:.*$/m.exec(scene.document)?.[0] ?? "currentNodeId:";
      const newText = `currentNodeId: ${farNode(scene)}`;
      return calls(call("fs_edit", { path: STATE, oldText: line, newText }));
    },
  },
  {
    name: "jumps by an update of front matter",
    make: (scene) =>
      calls(patchState(scene, {
        "stepsCompleted.append": scene.node.id,
        "currentNodeId.set": farNode(scene),
      })),
  },
  {
    name: "claims every node and the end",
    make: (scene) => {
      const all = scene.graph.nodes.map(({ id }) => id);
      const end = endNode(scene);
      return calls(
        scene.random.chance(0.5)
          ? patchState(scene, { "stepsCompleted.append": all, "currentNodeId.set": end })
          : replaceDocument(
            scene,
            withKeys(scene.document, { stepsCompleted: all, currentNodeId: end }),
          ),
      );
    },
  },
  {
    name: "claims later nodes without moving",
    make: (scene) => calls(patchState(scene, { "stepsCompleted.append": [farNode(scene)] })),
  },
  {
    name: "goes on without claiming its node",
    make: (scene) =>
      calls(...honestWrites(scene), patchState(scene, { "currentNodeId.set": farOrNear(scene) })),
  },
  {
    name: "goes on along an edge by writing the document, without its outputs",
    make: (scene) =>
      calls(replaceDocument(
        scene,
        withKeys(scene.document, {
          currentNodeId: farOrNear(scene),
          stepsCompleted: finished(scene),
        }),
      )),
  },
  {
    name: "does all a node asks by writing the document",
    make: (scene) => {
      const way = waysOf(scene)[0];
      const entry = { from: scene.node.id, to: way?.to, label: way?.label };
      const next = withKeys(scene.document, {
        stepsCompleted: finished(scene),
        ...(way && { currentNodeId: way.to }),
      });
      const withDecision = waysOf(scene).length > 1
        ? withKey(next, "decisionLog", decided(scene, entry))
        : next;
      return calls(...honestWrites(scene), replaceDocument(scene, withDecision));
    },
  },
  { name: "decides without a decision", make: (scene) => decide(scene, undefined) },
  {
    name: "decides by a label that is none",
    make: (scene) => decide(scene, { label: scene.random.pick(["", "yes", "__proto__", "\0"]) }),
  },
  {
    name: "decides by another edge's label",
    make: (scene) => decide(scene, { label: scene.random.pick(scene.graph.edges).label }),
  },
  {
    name: "takes every way in turn, closed ones too",
    make: (scene) => {
      const ways = waysOf(scene);
      if (ways.length === 0) return calls(complete(scene, { next: farNode(scene) }));
      const way = scene.random.pick(ways);
      return decide(scene, { label: way.label, reason: "Because" }, way);
    },
  },
  {
    name: "leaves a decision by a log entry of another node",
    make: (scene) => {
      const to = chosenTarget(scene);
      const entry = { from: farNode(scene), to, label: scene.random.pick(scene.graph.edges).label };
      return calls(patchState(scene, {
        "stepsCompleted.append": scene.node.id,
        "currentNodeId.set": to,
        "decisionLog.append": entry,
      }));
    },
  },
  {
    name: "logs every decision of a node and takes one",
    make: (scene) => {
      const ways = waysOf(scene);
      return calls(patchState(scene, {
        "stepsCompleted.append": scene.node.id,
        "currentNodeId.set": chosenTarget(scene),
        "decisionLog.append": ways.map(({ to, label }) => ({ from: scene.node.id, to, label })),
      }));
    },
  },
  {
    name: "finishes its node twice in one message",
    make: (scene) => {
      const once = honestCompletion(scene);
      return calls(...honestWrites(scene), once, once);
    },
  },
  {
    name: "carries out the next node in the same message",
    make: (scene) => {
      const then = { ...scene, node: scene.random.pick(scene.graph.nodes) };
      return calls(
        ...honestWrites(scene),
        honestCompletion(scene),
        ...honestWrites(then),
        honestCompletion(then),
      );
    },
  },
  {
    name: "crosses a second edge by another tool",
    make: (scene) => {
      const first = honestCompletion(scene);
      const to = scene.random.pick(scene.graph.nodes).id;
      return calls(
        ...honestWrites(scene),
        first,
        patchState(scene, { "stepsCompleted.append": to, "currentNodeId.set": farNode(scene) }),
        call("fs_write", { path: STATE, content: withKeys(scene.document, { currentNodeId: to }) }),
      );
    },
  },
  {
    name: "goes round itself without an edge",
    make: (scene) => calls(complete(scene, { next: scene.node.id, decision: "again" })),
  },
  {
    name: "relies on an outdated hash",
    make: (scene) =>
      calls(call("fs_write", {
        path: STATE,
        content: scene.document,
        ifMatchSha256: "0".repeat(64),
      })),
  },
];

/** Every node of the graph in one message. */
export const WHOLE_PLAN: Attack = {
  name: "carries out the whole plan in one message",
  make: (scene) => {
    const later = scene.graph.nodes.filter(({ id }) => id !== scene.node.id);
    return calls(
      ...honestWrites(scene),
      honestCompletion(scene),
      ...later.flatMap((node) => {
        const then = { ...scene, node };
        return [...honestWrites(then), honestCompletion(then)];
      }),
    );
  },
};

/** A closed edge to a target that an open edge reaches as well; only the maze has one. */
export const BACK_DOOR: Attack = {
  name: "decides for a closed edge beside an open one",
  make: (scene) => {
    const closed = waysOf(scene).find(({ label }) => label === "left by the back door");
    return closed
      ? decide(scene, { label: closed.label, reason: "It looked open" }, closed)
      : calls(...honestWrites(scene), honestCompletion(scene));
  },
};
