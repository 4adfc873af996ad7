// What a model does at each node of the package "ledger": rounds of calls, one message each.
import type { PlannedCall, Round, Scene } from "./careful_model.ts";

const LEDGER = "@project/artifacts/ledger.md";
const REPORT = "@project/artifacts/report.md";
const JOURNAL = "@project/journal.txt";
const SECOND = "@project/second.txt";
const COUNTER = "@project/counter.txt";
const NOTES = "@project/notes.md";
const STATE = "@state/workflow.md";

/** The loop is taken so often. */
const ENTRIES = 3;

/** The answer to the question that the ledger asks, as an answers file. */
export const LEDGER_ANSWERS = { answersByNode: { open: ["Autumn"] } };

const NODES: Readonly<Record<string, (scene: Scene) => Round[]>> = {
  open: ({ answer }) => [
    [
      call("fs_list", { path: "@project", depth: 2 }),
      call("fs_read", { path: NOTES }),
      call("fs_search", { query: "total", path: "@project" }),
    ],
    [call("ui_ask_user", { question: "What is the ledger called?", kind: "text" })],
    [
      write(LEDGER, `# ${answer}\n\n`, "overwrite"),
      write(JOURNAL, "opened\n", "append"),
      write(REPORT, "---\nstatus: open\nchecks: []\n---\n\n# Report\n", "overwrite"),
    ],
    [complete("open", { next: "entry", variables: { round: 0 } })],
  ],
  entry({ variables }) {
    const before = Number(variables.round);
    const round = before + 1;
    const count = [`count = ${before}\n`, `count = ${round}\n`] as const;
    return [
      [write(LEDGER, `entry ${round}\n`, "append")],
      [edit(COUNTER, ...count), write(JOURNAL, `entry ${round}\n`, "append")],
      [patchState({ "variables.set": { round } }, `round: ${round}`)],
      [
        patchState(
          { "stepsCompleted.append": "entry", "currentNodeId.set": "more" },
          "currentNodeId: more",
        ),
      ],
    ];
  },
  more: ({ variables }) => [
    [
      Number(variables.round) < ENTRIES
        ? decide("more", "entry", "another")
        : decide("more", "weigh", "enough"),
    ],
  ],
  weigh: () => [[decide("weigh", "long", "long")]],
  long: () => [
    [write(JOURNAL, "long one\n", "append"), write(JOURNAL, "long two\n", "append")],
    [complete("long", { next: "join" })],
  ],
  join: () => [[complete("join", { next: "audit" })]],
  check: () => [
    [
      call("fs_search", { pattern: "^entry \\d", path: LEDGER }),
      call("fs_read", { path: LEDGER, startLine: 1, endLine: 2 }),
    ],
    [
      write(JOURNAL, "checked\n", "append"),
      complete("check", { next: "mend", variables: { checked: true } }),
    ],
  ],
  mend: () => [
    [
      call("fs_apply_patch", { path: NOTES, diff: NOTES_DIFF }, "The total is closed."),
      call("fs_apply_patch", {
        path: REPORT,
        operation: "updateFrontmatter",
        update: { "status.set": "audited", "checks.append": "ledger" },
      }, "status: audited"),
    ],
    [call("fs_edit", EDIT_OF_ENTRIES, "line 1")],
    [complete("mend", { next: "audited", artifacts: ["artifacts/report.md"] })],
  ],
  audited: () => [[complete("audited")]],
  close: () => [
    [
      write(JOURNAL, "closing\n", "append"),
      write(SECOND, "closing\n", "append"),
      complete("close", { next: "done" }),
    ],
  ],
  done: () => [[call("fs_read", { path: LEDGER })], [complete("done")]],
};

const NOTES_DIFF = `--- a/notes.md
+++ b/notes.md
@@ -1,6 +1,6 @@
 # Notes
 
-The total is open.
+The total is closed.
 Nobody has looked yet.
 
 The end.
`;

const EDIT_OF_ENTRIES = { path: LEDGER, oldText: "entry ", newText: "line ", replaceAll: true };

/** The rounds of a node, by what the model knows there. */
export function ledgerRounds(scene: Scene): Round[] {
  return NODES[scene.nodeId]?.(scene) ?? [];
}

function call(
  tool: string,
  args: Readonly<Record<string, unknown>>,
  evidence?: string,
): PlannedCall {
  return { tool, args, ...(evidence !== undefined && { evidence }) };
}

function write(path: string, content: string, mode: "append" | "overwrite"): PlannedCall {
  return call("fs_write", { path, content, mode }, content);
}

function edit(path: string, oldText: string, newText: string): PlannedCall {
  return call("fs_edit", { path, oldText, newText }, newText);
}

function patchState(update: Readonly<Record<string, unknown>>, evidence: string): PlannedCall {
  return call("fs_apply_patch", { path: STATE, operation: "updateFrontmatter", update }, evidence);
}

function complete(nodeId: string, more: Readonly<Record<string, unknown>> = {}): PlannedCall {
  return call("state_complete_node", { nodeId, ...more });
}

function decide(nodeId: string, next: string, label: string): PlannedCall {
  return complete(nodeId, { next, decision: { label, reason: "By the script" } });
}
