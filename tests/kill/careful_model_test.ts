import assert from "node:assert/strict";
import type { WireMessage } from "../model_server/script.ts";
import { carefulModel, type PlannedCall } from "./careful_model.ts";

const APPEND: PlannedCall = {
  tool: "fs_write",
  args: { path: "@project/a.txt", content: "line\n", mode: "append" },
  evidence: "line\n",
};
const COMPLETE: PlannedCall = { tool: "state_complete_node", args: { nodeId: "n" } };

const model = carefulModel(() => [[APPEND], [COMPLETE]]);

function brief(nodeId = "n"): WireMessage {
  const text = `NODE_BRIEF\n{\n  "node": {\n    "id": "${nodeId}"\n  }\n}`;
  const summary = `STATE_SUMMARY\n{\n  "variables": {}\n}`;
  return { role: "user", content: `${text}\n\n${summary}` };
}

function made({ tool, args }: PlannedCall, result: unknown, id = tool): WireMessage[] {
  const call = { id, function: { name: tool, arguments: JSON.stringify(args) } };
  return [
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", content: JSON.stringify(result), tool_call_id: id },
  ];
}

function interrupted(known: string) {
  return { ok: false, error: { code: "E_INTERRUPTED", details: { known } } };
}

/** Names of the calls that the model makes next. */
function nextAfter(...messages: WireMessage[]): string[] {
  const request = { number: 0, path: "", headers: new Headers(), nodeId: "n", body: { messages } };
  return (model(request)?.toolCalls ?? []).map(({ name }) => name);
}

Deno.test("carefulModel() goes on when a call is done, and repeats one that had no effect", () => {
  assert.deepEqual(nextAfter(brief()), ["fs_write"]);
  assert.deepEqual(nextAfter(brief(), ...made(APPEND, { ok: true })), ["state_complete_node"]);
  assert.deepEqual(
    nextAfter(brief(), ...made(APPEND, interrupted("done")), brief()),
    ["state_complete_node"],
  );
  assert.deepEqual(
    nextAfter(brief(), ...made(APPEND, interrupted("not_done")), brief()),
    ["fs_write"],
  );
});

Deno.test("carefulModel() reads the file first when it is not known whether a call was done", () => {
  const cut = made(APPEND, interrupted("unknown"));
  const read: PlannedCall = { tool: "fs_read", args: { path: "@project/a.txt" } };
  assert.deepEqual(nextAfter(brief(), ...cut, brief()), ["fs_read"]);
  const found = made(read, { ok: true, content: "line\n" });
  assert.deepEqual(nextAfter(brief(), ...cut, brief(), ...found), ["state_complete_node"]);
  const absent = made(read, { ok: true, content: "" });
  assert.deepEqual(nextAfter(brief(), ...cut, brief(), ...absent), ["fs_write"]);
});

Deno.test("carefulModel() reads the outputs that the guard misses before it completes again", () => {
  const refusal = {
    ok: false,
    error: {
      code: "E_STEP_INCOMPLETE",
      details: { missing: [{ what: "output", path: "a.txt" }] },
    },
  };
  const before = [brief(), ...made(APPEND, interrupted("done")), ...made(COMPLETE, refusal)];
  assert.deepEqual(nextAfter(...before), ["fs_read"]);
  const read = made({ tool: "fs_read", args: { path: "@project/a.txt" } }, { ok: true });
  assert.deepEqual(nextAfter(...before, ...read), ["state_complete_node"]);
});

Deno.test("carefulModel() does not take calls of an older node for its own", () => {
  assert.deepEqual(nextAfter(brief("m"), ...made(APPEND, { ok: true }), brief()), ["fs_write"]);
});
