import assert from "node:assert/strict";
import type { NodeCompletion, StateUpdate } from "../../../schemas/state.ts";
import type { GuardOptions } from "../../../runtime/state/guard.ts";
import { readState } from "../../../runtime/state/read_state.ts";
import { codeOf, type Desk, openDesk, stateText } from "./guarded_state.ts";

const DRAFT = "@project/artifacts/draft.md";

/** One proposal: an update, a completion, or a whole text. */
type Proposal =
  | { update: StateUpdate }
  | { complete: NodeCompletion }
  | { replace: [from: string | RegExp, to: string] };

interface Row {
  readonly name: string;
  readonly at?: string;
  readonly done?: readonly string[];
  readonly more?: string;
  readonly files?: readonly string[];
  readonly untouched?: readonly string[];
  readonly guard?: Partial<GuardOptions>;
  readonly do: Proposal;
  readonly code: string;
  readonly message?: RegExp;
}

async function propose({ document }: Desk, proposal: Proposal) {
  if ("update" in proposal) return await document.update(proposal.update);
  if ("complete" in proposal) return await document.complete(proposal.complete);
  return await document.propose((await document.read()).replace(...proposal.replace));
}

const LOG =
  'decisionLog: [{from: decide, to: draft, label: revise, decidedAt: "2026-11-20T10:00:00Z"}]';
const toReview: StateUpdate = { "stepsCompleted.append": "draft", "currentNodeId.set": "review" };

const ROWS: readonly Row[] = [
  // Rule 1: the front matter parses.
  ...([
    ["an unquoted colon", "custom_key: kept", "custom_key: a: b"],
    ["a tab for indentation", "custom_key: kept", "custom_key:\n\t- x"],
    ["an open quote", "custom_key: kept", 'custom_key: "kept'],
    ["an open bracket", "stepsCompleted: []", "stepsCompleted: ["],
    ["a key twice", "custom_key: kept", "custom_key: kept\ncustom_key: again"],
    ["no opening line", /^---\n/, ""],
    ["no closing line", /---\n# Demo/, "# Demo"],
    ["a list instead of a map", /---\n[^]*---\n/, "---\n- a\n---\n"],
    ["an unknown alias", "custom_key: kept", "custom_key: *nothing"],
    ["nothing at all", /[^]*/, ""],
  ] as const).map(([what, from, to]): Row => ({
    name: `1: ${what}`,
    do: { replace: [from, to] },
    code: "E_INVALID_FRONTMATTER",
    message: /would be broken.*Nothing was changed.*fs_apply_patch/,
  })),
  // Rule 2: it matches the schema.
  ...([
    ["a number in stepsCompleted's place", "stepsCompleted: []", "stepsCompleted: 3"],
    ["a map in stepsCompleted's place", "stepsCompleted: []", "stepsCompleted: {a: b}"],
    ["stepsCompleted removed", "stepsCompleted: []\n", ""],
    ["currentNodeId removed", 'currentNodeId: ""\n', ""],
    ["workflowType empty", "workflowType: demo", 'workflowType: ""'],
    ["an unknown schemaVersion", '"1.1"', '"2.0"'],
    ["variables as a list", "custom_key: kept", "variables: [a]"],
    ["a decision without label", "custom_key: kept", "decisionLog: [{from: a, to: b}]"],
    [
      "a decision with an unknown key",
      "custom_key: kept",
      "decisionLog: [{from: a, to: b, label: c, by: me}]",
    ],
    ["a date that is none", "custom_key: kept", 'updatedAt: "yesterday"'],
  ] as const).map(([what, from, to]): Row => ({
    name: `2: ${what}`,
    do: { replace: [from, to] },
    code: "E_SCHEMA_VALIDATION",
  })),
  // Rule 3: an edge leads from the old node to the new one.
  ...["decide", "finish", "island"].map((to): Row => ({
    name: `3: a jump from draft to ${to}`,
    files: [DRAFT],
    do: { update: { "stepsCompleted.append": "draft", "currentNodeId.set": to } },
    code: "E_INVALID_TRANSITION",
    message:
      /no edge from "draft" to.*may go to: "review" \(written, default\).*state_complete_node/,
  })),
  ...["nowhere", "Review", " review", "__proto__", "draft2"].map((to): Row => ({
    name: `3: a node that does not exist (${to})`,
    files: [DRAFT],
    do: { update: { "currentNodeId.set": to } },
    code: "E_INVALID_TRANSITION",
    message: /There is no node .* Its nodes are: draft, review/,
  })),
  {
    name: "3: back along an edge",
    at: "review",
    done: ["draft"],
    do: { update: { "stepsCompleted.append": "review", "currentNodeId.set": "draft" } },
    code: "E_INVALID_TRANSITION",
  },
  {
    name: "3: completing a node that is not the current one",
    do: { complete: { nodeId: "review" } },
    code: "E_INVALID_TRANSITION",
    message: /current node is "draft", not "review"/,
  },
  {
    name: "3: completing with a jump",
    files: [DRAFT],
    do: { complete: { nodeId: "draft", next: "finish" } },
    code: "E_INVALID_TRANSITION",
  },
  {
    name: "3: out of an end node",
    at: "finish",
    done: ["draft", "review", "decide"],
    do: { update: { "currentNodeId.set": "draft" } },
    code: "E_INVALID_TRANSITION",
    message: /has no way on/,
  },
  // Rule 4: stepsCompleted only grows, and only by the node that is left.
  ...["review", "decide", "finish", "nothing", "Draft"].map((id): Row => ({
    name: `4: claiming ${id}`,
    do: { update: { "stepsCompleted.append": id } },
    code: "E_SCHEMA_VALIDATION",
    message: /stepsCompleted/,
  })),
  ...([
    ["emptied", "stepsCompleted: []"],
    ["reordered", "stepsCompleted: [review, draft]"],
    ["shortened", "stepsCompleted: [draft]"],
    ["replaced", "stepsCompleted: [island, review]"],
  ] as const).map(([what, to]): Row => ({
    name: `4: ${what}`,
    at: "decide",
    done: ["draft", "review"],
    do: { replace: ["stepsCompleted: [draft, review]", to] },
    code: "E_SCHEMA_VALIDATION",
    message: /only grows at its end/,
  })),
  // Rule 5: leaving a node completes it.
  {
    name: "5: leaving without completing",
    files: [DRAFT],
    do: { update: { "currentNodeId.set": "review" } },
    code: "E_STEP_INCOMPLETE",
    message: /stepsCompleted lacks "draft"/,
  },
  // Rule 7: a choice is written down.
  ...([
    ["no decision", {}],
    ["a label that no edge has", { decision: { label: "whatever" } }],
    ["the label of the other way", { decision: { label: "revise" } }],
    ["an empty label", { decision: { label: "" } }],
  ] as const).map(([what, more]): Row => ({
    name: `7: ${what}`,
    at: "decide",
    done: ["draft", "review"],
    do: { complete: { nodeId: "decide", next: "finish", ...more } },
    code: "E_STEP_INCOMPLETE",
    message: /decision/,
  })),
  {
    name: "7: neither next nor decision",
    at: "decide",
    done: ["draft", "review"],
    do: { complete: { nodeId: "decide" } },
    code: "E_STEP_INCOMPLETE",
    message: /3 ways on; say which/,
  },
  {
    name: "7: a decision of another node",
    at: "decide",
    done: ["draft", "review"],
    do: {
      update: {
        "stepsCompleted.append": "decide",
        "currentNodeId.set": "finish",
        "decisionLog.append": { from: "review", to: "finish", label: "accept" },
      },
    },
    code: "E_STEP_INCOMPLETE",
  },
  {
    name: "7: two decisions at once",
    at: "decide",
    done: ["draft", "review"],
    do: {
      update: {
        "stepsCompleted.append": "decide",
        "currentNodeId.set": "finish",
        "decisionLog.append": [
          { from: "decide", to: "finish", label: "accept" },
          { from: "decide", to: "finish", label: "accept" },
        ],
      },
    },
    code: "E_STEP_INCOMPLETE",
    message: /2 were added/,
  },
  {
    name: "7: the decision of the round before does not count",
    at: "decide",
    done: ["draft", "review", "decide"],
    more: LOG,
    do: { update: { "currentNodeId.set": "draft" } },
    code: "E_STEP_INCOMPLETE",
  },
  // Rule 8: declared outputs exist and were worked on.
  {
    name: "8: an output that does not exist",
    do: { complete: { nodeId: "draft" } },
    code: "E_STEP_INCOMPLETE",
    message: /@project\/artifacts\/draft\.md does not exist; write it with fs_write/,
  },
  {
    name: "8: an output that was not touched in this visit",
    untouched: [DRAFT],
    do: { complete: { nodeId: "draft" } },
    code: "E_STEP_INCOMPLETE",
    message: /neither read nor written in this node/,
  },
  {
    name: "8: an output whose variable has no value",
    at: "finish",
    done: ["draft", "review", "decide"],
    do: { complete: { nodeId: "finish" } },
    code: "E_STEP_INCOMPLETE",
    message: /needs the variable "name"/,
  },
  {
    name: "8: claiming the node without leaving it",
    do: { update: { "stepsCompleted.append": "draft" } },
    code: "E_STEP_INCOMPLETE",
  },
  // History stays written.
  ...([
    ["decision removed", /decisionLog:.*\n/, ""],
    ["decision changed", "label: revise", "label: accept"],
    ["decision emptied", /decisionLog:.*\n/, "decisionLog: []\n"],
    ["run id changed", "aaaaaa", "bbbbbb"],
    ["workflow type changed", "demo", "other"],
    ["artifact removed", "artifacts: [a.md]\n", ""],
  ] as const).map(([what, from, to]): Row => ({
    name: `history: ${what}`,
    more: `${LOG}\nartifacts: [a.md]`,
    do: { replace: [from, to] },
    code: "E_SCHEMA_VALIDATION",
    message: /only grows|cannot be changed/,
  })),
  // Binding conditions.
  {
    name: "binding: an edge whose condition is false",
    at: "decide",
    done: ["draft", "review"],
    more: "variables: {round: 3}",
    guard: { conditionsBinding: true },
    do: { complete: { nodeId: "decide", next: "draft", decision: { label: "revise" } } },
    code: "E_INVALID_TRANSITION",
    message: /condition .* is false at present/,
  },
  // What compatible still refuses.
  ...([
    ["3: a jump", { update: { "currentNodeId.set": "finish" } }, "E_INVALID_TRANSITION"],
    ["4: an unknown step", { update: { "stepsCompleted.append": "none" } }, "E_SCHEMA_VALIDATION"],
    [
      "2: a broken type",
      { replace: ["stepsCompleted: []", "stepsCompleted: 1"] },
      "E_SCHEMA_VALIDATION",
    ],
    ["1: broken YAML", { replace: ["custom_key: kept", "custom_key: ["] }, "E_INVALID_FRONTMATTER"],
  ] as const).map(([what, action, code]): Row => ({
    name: `compatible, ${what}`,
    guard: { strictness: "compatible" },
    do: action as unknown as Proposal,
    code,
  })),
];

for (const row of ROWS) {
  Deno.test(`guard refuses, rule ${row.name}`, async () => {
    const desk = openDesk(stateText(row), row);
    const before = await desk.text();
    const result = await propose(desk, row.do);
    assert.equal(codeOf(result), row.code, JSON.stringify(result));
    assert.ok(!result.ok);
    if (row.message) assert.match(result.error.message, row.message);
    assert.equal(await desk.text(), before, "the document is byte for byte what it was");
    assert.deepEqual(desk.saved, []);
    assert.deepEqual(desk.changes, []);
    assert.deepEqual(desk.rejections, [row.code]);
  });
}

const ACCEPTED: readonly Omit<Row, "code">[] = [
  { name: "a step with its output", files: [DRAFT], do: { complete: { nodeId: "draft" } } },
  { name: "the same as an update", files: [DRAFT], do: { update: toReview } },
  {
    name: "a decision with its label in other case and spaces",
    at: "decide",
    done: ["draft", "review"],
    do: { complete: { nodeId: "decide", decision: { label: " ACCEPT " } } },
  },
  {
    name: "the other of two edges to one node",
    at: "decide",
    done: ["draft", "review"],
    do: { complete: { nodeId: "decide", next: "finish", decision: { label: "give up" } } },
  },
  {
    name: "a node that is left for the second time",
    at: "decide",
    done: ["draft", "review", "decide"],
    more: LOG,
    do: { complete: { nodeId: "decide", next: "draft", decision: { label: "revise" } } },
  },
  {
    name: "a self-loop",
    at: "review",
    done: ["draft"],
    do: { complete: { nodeId: "review", next: "review", decision: { label: "again" } } },
  },
  {
    name: "an end node with its output",
    at: "finish",
    done: ["draft", "review", "decide"],
    files: ["@project/artifacts/all.md"],
    do: { complete: { nodeId: "finish", variables: { name: "all" } } },
  },
  {
    name: "an end node although the model names a next",
    at: "finish",
    done: ["draft", "review", "decide"],
    files: ["@project/artifacts/all.md"],
    do: { complete: { nodeId: "finish", next: "draft", variables: { name: "all" } } },
  },
  {
    name: "a missing output where that only warns",
    guard: { outputs: "warn" },
    do: { complete: { nodeId: "draft" } },
  },
  {
    name: "compatible, leaving without completing",
    guard: { strictness: "compatible" },
    do: { update: { "currentNodeId.set": "review" } },
  },
  {
    name: "compatible, another step claimed",
    guard: { strictness: "compatible" },
    do: { update: { "stepsCompleted.append": "island" } },
  },
  { name: "variables alone", do: { update: { "variables.set": { a: 1, "b.c": [2] } } } },
  {
    name: "binding, an edge whose condition is true",
    at: "decide",
    done: ["draft", "review"],
    more: "variables: {round: 1}",
    guard: { conditionsBinding: true },
    do: { complete: { nodeId: "decide", next: "draft", decision: { label: "revise" } } },
  },
];

for (const row of ACCEPTED) {
  Deno.test(`guard lets through ${row.name}`, async () => {
    const desk = openDesk(stateText(row), row);
    const result = await propose(desk, row.do);
    assert.equal(codeOf(result), "ok", JSON.stringify(result));
    const text = await desk.text();
    assert.equal(desk.saved.at(-1), text);
    assert.match(text, /schemaVersion: "1\.1" # the format/);
    assert.match(text, /custom_key: kept\n/);
    assert.ok(text.endsWith("---\n# Demo\n"));
    assert.ok(readState(text).ok);
  });
}

Deno.test("guard says where a refused jump could go, with the present value of conditions", async () => {
  const desk = openDesk(
    stateText({ at: "decide", done: ["draft", "review"], more: "variables: {round: 5}" }),
  );
  const result = await desk.document.complete({ nodeId: "decide", next: "island" });
  assert.ok(!result.ok);
  assert.deepEqual(result.error.details, {
    from: "decide",
    to: "island",
    allowedNext: [
      { to: "draft", label: "revise", isDefault: false, conditionNow: false },
      { to: "finish", label: "accept", isDefault: true },
      { to: "finish", label: "give up", isDefault: false },
    ],
  });
});

Deno.test("guard lets one assistant message cross one edge (rule 6)", async () => {
  const desk = openDesk(stateText(), { files: [DRAFT] });
  desk.document.beginMessage();
  assert.equal(codeOf(await desk.document.complete({ nodeId: "draft" })), "ok");
  const second = await desk.document.complete({
    nodeId: "review",
    next: "decide",
    decision: { label: "reviewed" },
  });
  assert.equal(codeOf(second), "E_NODE_CHANGED");
  desk.document.beginMessage();
  const third = await desk.document.complete({
    nodeId: "review",
    next: "decide",
    decision: { label: "reviewed" },
  });
  assert.equal(codeOf(third), "ok");
});

Deno.test("guard refuses a change that was made for another text (rule 10)", async () => {
  const desk = openDesk(stateText());
  const first = await desk.document.update({ "variables.set": { a: 1 } });
  assert.ok(first.ok);
  const stale = await desk.document.update(
    { "variables.set": { a: 2 } },
    String(first.sha256Before),
  );
  assert.equal(codeOf(stale), "E_PRECONDITION_FAILED");
  const fresh = await desk.document.update(
    { "variables.set": { a: 2 } },
    String(first.sha256After),
  );
  assert.equal(codeOf(fresh), "ok");
});

Deno.test("guard stamps decisions and the change, and lists what was written under artifacts/", async () => {
  const desk = openDesk(stateText({ at: "decide", done: ["draft", "review"] }));
  desk.document.noteWritten("@project/artifacts/note.md");
  desk.document.noteWritten("@project/src/code.ts");
  await desk.document.complete({
    nodeId: "decide",
    next: "finish",
    decision: { label: "accept", reason: "good" },
  });
  const { decisionLog, artifacts, updatedAt } = desk.document.state;
  assert.match(decisionLog?.[0]?.decidedAt ?? "", /^\d{4}-\d\d-\d\dT/);
  assert.equal(decisionLog?.[0]?.reason, "good");
  assert.deepEqual(artifacts, ["artifacts/note.md"]);
  assert.equal(updatedAt, decisionLog?.[0]?.decidedAt);
  assert.equal(desk.changes[0]?.edge?.label, "accept");
});

Deno.test("guard completes a workflow at an end node only (rule 9)", async () => {
  const desk = openDesk(stateText({ at: "finish", done: ["draft", "review", "decide"] }), {
    files: ["@project/artifacts/all.md"],
  });
  assert.deepEqual(desk.document.position(), { nodeId: "finish", completed: false });
  await desk.document.complete({ nodeId: "finish", variables: { name: "all" } });
  assert.deepEqual(desk.document.position(), { nodeId: "finish", completed: true });
  const elsewhere = openDesk(stateText({ at: "island", done: ["island"] }));
  assert.equal(elsewhere.document.position().completed, false);
});

const STORY_CHECKS = {
  draft: [
    { output: "artifacts/draft.md", headings: ["Goal"], notMatches: "TODO" },
    { variable: "score", range: { min: 0, max: 10 } },
  ],
};

Deno.test("guard refuses to leave a node whose checks fail, and says what would be right", async () => {
  const desk = openDesk(stateText(), {
    checks: STORY_CHECKS,
    texts: { [DRAFT]: "# Draft\n\nTODO\n" },
  });
  const result = await desk.document.complete({ nodeId: "draft", variables: { score: "7" } });
  assert.ok(!result.ok);
  assert.equal(result.error.code, "E_STEP_INCOMPLETE");
  assert.match(result.error.message, /Node "draft" is not done: .*lacks the heading "Goal"/);
  assert.deepEqual(
    (result.error.details?.missing as { reason: string }[]).map(({ reason: _, ...rest }) => rest),
    [
      { what: "check", path: DRAFT, check: "headings" },
      { what: "check", path: DRAFT, check: "notMatches" },
      { what: "check", variable: "score", check: "range" },
    ],
  );
  assert.deepEqual(desk.saved, []);
});

Deno.test("guard lets a node go whose checks hold", async () => {
  const desk = openDesk(stateText(), {
    checks: STORY_CHECKS,
    texts: { [DRAFT]: "# Draft\n\n## goal\n" },
  });
  const result = await desk.document.complete({ nodeId: "draft", variables: { score: 7 } });
  assert.equal(codeOf(result), "ok", JSON.stringify(result));
  assert.equal(result.ok && result.warnings, undefined);
});

Deno.test("guard makes the checks of an end node when it is claimed as done", async () => {
  const desk = openDesk(stateText({ at: "finish", done: ["draft", "review", "decide"] }), {
    checks: { finish: [{ variable: "name", matches: "^[a-z]+$" }] },
    files: ["@project/artifacts/all.md", "@project/artifacts/A1.md"],
  });
  const wrong = await desk.document.complete({ nodeId: "finish", variables: { name: "A1" } });
  assert.equal(codeOf(wrong), "E_STEP_INCOMPLETE");
  const right = await desk.document.complete({ nodeId: "finish", variables: { name: "all" } });
  assert.equal(codeOf(right), "ok", JSON.stringify(right));
});

Deno.test("guard names an output that is missing once, although a check asks for it too", async () => {
  const desk = openDesk(stateText(), { checks: STORY_CHECKS });
  const result = await desk.document.complete({ nodeId: "draft", variables: { score: 1 } });
  assert.ok(!result.ok);
  const missing = result.error.details?.missing as { what: string }[];
  assert.deepEqual(missing.map(({ what }) => what), ["output"]);
});

Deno.test("guard makes no checks while the node is worked on", async () => {
  const desk = openDesk(stateText(), { checks: STORY_CHECKS });
  assert.equal(codeOf(await desk.document.update({ "variables.set": { score: 99 } })), "ok");
});

for (
  const [why, options] of [
    ["outputs only warn", { guard: { outputs: "warn" } }],
    ["the run is compatible", { guard: { strictness: "compatible" } }],
    ["checks only warn", { checksOnlyWarn: true }],
  ] as const
) {
  Deno.test(`guard warns of failed checks where ${why}`, async () => {
    const desk = openDesk(stateText(), {
      ...options,
      checks: STORY_CHECKS,
      texts: { [DRAFT]: "## Goal\n" },
    });
    const result = await desk.document.complete({ nodeId: "draft", variables: { score: 99 } });
    assert.ok(result.ok, JSON.stringify(result));
    assert.match(String(result.warnings), /variable "score" is 99/);
  });
}

Deno.test("guard passes on what its checks could not judge as a warning", async () => {
  const desk = openDesk(stateText(), {
    checks: { draft: [{ output: "artifacts/draft.md", matches: "x" }] },
    texts: { [DRAFT]: "y".repeat(2 * 1024 * 1024 + 1) },
  });
  const result = await desk.document.complete({ nodeId: "draft" });
  assert.ok(result.ok, JSON.stringify(result));
  assert.match(String(result.warnings), /its content was not checked/);
});
