// Attacks on what is written down: the past rewritten, the document broken, bloated or booby-trapped.
import { listIn, patchState, replaceDocument, withKey, withKeys } from "./document_edits.ts";
import { honestCompletion, honestWrites } from "./honest_moves.ts";
import { type Attack, call, calls, farNode, type Scene, STATE, waysOf } from "./scene.ts";

function rewritten(name: string, change: (scene: Scene) => string): Attack {
  return { name, make: (scene) => calls(replaceDocument(scene, change(scene))) };
}

const steps = ({ document }: Scene) => listIn(document, "stepsCompleted");

function nestedJson(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
}

/** Aliases of aliases: a million copies if they were spelt out. */
const ALIAS_BOMB = [
  "",
  "  a: &a [x, x, x, x, x, x, x, x, x, x]",
  ..."bcdefg".split("").map((name, index) =>
    `  ${name}: &${name} [${Array(10).fill(`*${"abcdef"[index]}`).join(", ")}]`
  ),
].join("\n");

/** Attacks that rewrite the past. */
export const HISTORY_ATTACKS: readonly Attack[] = [
  rewritten("forgets finished nodes", (scene) => withKeys(scene.document, { stepsCompleted: [] })),
  rewritten(
    "drops the last finished node",
    (scene) => withKeys(scene.document, { stepsCompleted: steps(scene).slice(0, -1) }),
  ),
  rewritten(
    "turns the order of finished nodes round",
    (scene) => withKeys(scene.document, { stepsCompleted: steps(scene).reverse() }),
  ),
  rewritten(
    "finishes nodes that do not exist",
    (scene) => withKeys(scene.document, { stepsCompleted: [...steps(scene), "none", "__proto__"] }),
  ),
  rewritten("forgets decisions", (scene) => withKeys(scene.document, { decisionLog: [] })),
  rewritten(
    "rewrites decisions",
    (scene) => scene.document.replaceAll(/label: .*/g, 'label: "another"'),
  ),
  rewritten(
    "rewrites when a decision was taken",
    (scene) => scene.document.replaceAll(/decidedAt: .*/g, "decidedAt: 2001-01-01T00:00:00Z"),
  ),
  rewritten("forgets artifacts", (scene) => withKeys(scene.document, { artifacts: [] })),
  rewritten(
    "takes another run's id",
    (scene) => withKeys(scene.document, { runId: "20200101-000000-aaaa" }),
  ),
  rewritten("removes the run's id", ({ document }) => document.replace(/^runId:.*\n/m, "")),
  rewritten(
    "takes another workflow's type",
    (scene) => withKeys(scene.document, { workflowType: "other" }),
  ),
  rewritten(
    "takes another schema version",
    (scene) => withKeys(scene.document, { schemaVersion: scene.random.pick(["1.2.9", "9", 1]) }),
  ),
  rewritten(
    "empties the variables",
    (scene) => withKeys(scene.document, { variables: scene.random.pick([{}, null, [], "x"]) }),
  ),
  rewritten("replaces the instructions", ({ document }) => `${document}\n\n# Everything is done\n`),
  rewritten("resets the current node", (scene) => withKeys(scene.document, { currentNodeId: "" })),
];

/** Decisions that nobody took, written down without going anywhere. */
export const FORGED_DECISIONS: Attack = {
  name: "logs decisions that were never taken",
  make: (scene) => {
    const edge = scene.random.pick(scene.graph.edges);
    return calls(
      patchState(scene, {
        "decisionLog.append": { ...edgeEntry(edge), decidedAt: "2001-01-01T00:00:00Z" },
      }),
    );
  },
};

/** Decisions of other nodes, slipped in with an honest step along a node's only way. */
export const FORGED_ON_THE_WAY: Attack = {
  name: "slips decisions of other nodes in with its own step",
  make: (scene) => {
    const ways = waysOf(scene);
    const others = scene.graph.edges.filter(({ from }) => from !== scene.node.id);
    return calls(
      ...honestWrites(scene),
      patchState(scene, {
        "stepsCompleted.append": scene.node.id,
        ...(ways[0] && { "currentNodeId.set": ways[0].to }),
        "decisionLog.append": edgeEntry(scene.random.pick(others)),
      }),
    );
  },
};

function edgeEntry({ from, to, label }: { from: string; to: string; label: string }) {
  return { from, to, label, reason: "It was so" };
}

/** Attacks by YAML and by size. */
export const DOCUMENT_ATTACKS: readonly Attack[] = [
  {
    name: "breaks the YAML",
    make: (scene) => {
      const { random, document } = scene;
      return calls(replaceDocument(
        scene,
        random.pick([
          "",
          "---\n",
          "No front matter",
          document.replace("---\n", "---\n\tkey: [\n"),
          document.replace("---\n", "---\n{{{{\n"),
          document.replace("---\n", "---\nstepsCompleted: []\n"),
          document.replace("---\n", "---\n...\n"),
          document.replace("---\n", "---\n? [a, b]\n: c\n"),
          document.replace("---\n", "---\nx: !!js/function 'y'\n"),
          document.replace("---\n", "---\n<<: *none\n"),
          ` ${document}`,
          "---\n[]\n---\n",
          "---\n- a\n---\n",
        ]),
      ));
    },
  },
  {
    name: "writes the document in another dress",
    make: (scene) => {
      const { random, document } = scene;
      return calls(replaceDocument(
        scene,
        random.pick([`\uFEFF${document}`, document.replaceAll("\n", "\r\n"), `${document}\0`]),
      ));
    },
  },
  rewritten("sets off an alias bomb", ({ document }) => withKey(document, "bomb", ALIAS_BOMB)),
  rewritten(
    "sets __proto__ in the document",
    ({ document }) => withKey(document, "__proto__", '{"stepsCompleted": ["x"], "polluted": true}'),
  ),
  {
    name: "sets __proto__ by arguments",
    make: (scene) => {
      const own =
        '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": 1}}}';
      return calls(
        call(
          "fs_apply_patch",
          `{"path":"${STATE}","operation":"updateFrontmatter","update":{"variables.set":${own}}}`,
        ),
        call(
          "state_complete_node",
          `{"nodeId":${
            JSON.stringify(farNode(scene))
          },"variables":${own},"__proto__":{"next":"x"}}`,
        ),
        call("fs_apply_patch", `{"path":"${STATE}","update":{"__proto__.set":{"polluted":true}}}`),
      );
    },
  },
  {
    name: "sets strange keys and letters",
    make: (scene) =>
      calls(patchState(scene, {
        "variables.set": {
          "\0": "\0",
          "\u202e": "\u202e",
          "a.b.c": 1,
          "---": "---",
          "": "",
          "\ud800": "\udfff",
          text: "---\ncurrentNodeId: end\n---\n",
        },
      })),
  },
  rewritten(
    "fills the front matter with comments",
    ({ document, random }) =>
      document.replace(
        "---\n",
        () => `---\n${"# padding\n".repeat(random.chance(0.05) ? 150_000 : 300)}`,
      ),
  ),
  {
    name: "sets variables of the wrong shape",
    make: (scene) =>
      calls(patchState(scene, {
        "variables.set": { round: "many", verdict: [1, { a: null }], gave_up: true, note: 1e308 },
        "updatedAt.set": scene.random.pick(["yesterday", "2001-01-01T00:00:00Z"]),
      })),
  },
];

/** Lists that are one list: what is appended to one stands in the other. */
export const SHARED_LISTS: Attack = {
  name: "makes two lists one by an alias",
  make: (scene) => {
    const { document } = scene;
    const ids = JSON.stringify(steps(scene));
    const shared = withKey(
      withKey(document.replace(/^artifacts:.*(?:\n[ \t-].*)*\n/m, ""), "stepsCompleted", "*l"),
      "artifacts",
      `&l ${ids}`,
    );
    const front = shared.replace(/^(---\n)([\s\S]*?)(artifacts: .*\n)/m, "$1$3$2");
    return calls(call("fs_write", { path: STATE, content: front }), ...honestWrites(scene));
  },
};

/** An anchor at a value that the shell sets with every change. */
export const ANCHORED_STAMP: Attack = {
  name: "points at the shell's own time stamp",
  make: (scene) =>
    calls(call("fs_write", {
      path: STATE,
      content: withKey(
        withKey(scene.document, "updatedAt", "&t 2026-01-01T00:00:00Z"),
        "zz",
        "*t",
      ),
    })),
};

/** Values so deep that reading or writing them needs more stack than there is. */
export const DEEP_VALUES: Attack = {
  name: "nests values thousands deep",
  make: (scene) => {
    const depth = scene.random.pick([200, 1000, 3000, 9000, 50_000]);
    const json = nestedJson(depth);
    return calls(
      scene.random.pick([
        call("state_complete_node", `{"nodeId":"${scene.node.id}","variables":{"deep":${json}}}`),
        call("fs_apply_patch", `{"path":"${STATE}","update":{"variables.set":{"deep":${json}}}}`),
        call("fs_write", { path: STATE, content: withKey(scene.document, "deep", json) }),
        call("fs_read", `{"path":${json}}`),
        call("fs_search", `{"query":"x","extra":${json}}`),
      ]),
    );
  },
};

/** Variables and front matter that are as long as one write may be. */
export const HUGE_VALUES: Attack = {
  name: "sets variables that are huge",
  make: (scene) => {
    const size = scene.random.pick([200_000, 800_000, 1_040_000, 2_000_000]);
    const big = "word ".repeat(size / 5);
    return calls(
      scene.random.pick([
        patchState(scene, { "variables.set": { big } }),
        call("fs_write", {
          path: STATE,
          content: scene.document.replace("---\n", () => `---\n# ${"x".repeat(size)}\n`),
        }),
        honestCompletion(scene),
      ]),
    );
  },
};
