// Attacks by the form of the answer: floods, loops, nonsense, claims in words, broken transport.
import type { Mood, Reply } from "../model_server/script.ts";
import { honestCompletion, honestWrites } from "./honest_moves.ts";
import { type Attack, call, calls, farNode, type Scene } from "./scene.ts";

function say(name: string, text: (scene: Scene) => string): Attack {
  return { name, make: (scene) => ({ text: text(scene), oneChunk: true }) };
}

function askedWrong(scene: Scene): Reply {
  const wrong: unknown[] = [null, 7, true, [], {}, ["a"], { path: "x" }, "", "null", 1e400];
  const any = () => scene.random.pick(wrong);
  return calls(
    call("fs_write", { path: any(), content: any(), mode: any() }),
    call("fs_edit", { path: "@project/artifacts/x.md", oldText: any(), newText: any() }),
    call("fs_apply_patch", { path: any(), update: any(), diff: any(), patch: any() }),
    call("fs_search", { query: any(), pattern: any(), globs: any(), maxMatches: any() }),
    call("fs_read", { path: any(), startLine: any(), endLine: any() }),
    call("state_complete_node", { nodeId: any(), next: any(), variables: any(), decision: any() }),
    call("ui_ask_user", { question: any(), kind: any(), options: any(), schema: any() }),
  );
}

const BROKEN_ARGUMENTS = [
  "",
  "{",
  "null",
  "[]",
  '"text"',
  "{'path': 'x'}",
  '{"path": "@project/artifacts/x.md", "content": "x"',
  '{"path": "a"}{"path": "b"}',
  '{"nodeId": NaN}',
  "undefined",
  "\0",
  '{"a":'.repeat(500),
  "[".repeat(5000),
];

const BROKEN_MOODS: readonly Mood[] = [
  "malformed_chunk",
  "html",
  "empty_choices",
  "error_in_stream",
  "ends_early",
  "status",
  "no_done",
  "arguments_as_object",
  "no_ids",
  "no_index",
  "same_index",
];

/** All attacks of this file but the last four. */
export const WIRE_ATTACKS: readonly Attack[] = [
  {
    name: "floods with a hundred calls",
    make: (scene) => {
      const many = Array.from({ length: 100 }, (_, index) =>
        scene.random.pick([
          call("fs_read", { path: "@project/README.md" }),
          call("fs_write", { path: `@project/artifacts/flood/${index % 7}.md`, content: "x" }),
          call("fs_list", { path: "@project" }),
          call("state_complete_node", { nodeId: farNode(scene) }),
          call("ui_ask_user", { question: "Sure?" }),
        ]));
      return { ...calls(...many), oneChunk: true };
    },
  },
  {
    name: "sends up to a megabyte of arguments",
    make: ({ random }) => {
      const size = random.chance(0.1) ? 1e6 : 2e4;
      const args = { path: "@project/artifacts/big.md", content: "x".repeat(size) };
      const flood = call(
        "fs_write",
        random.chance(0.5) ? args : { ...args, path: "a".repeat(size) },
      );
      return { ...calls(flood), oneChunk: true };
    },
  },
  {
    name: "repeats one failing call",
    make: ({ random }) => {
      const same = random.pick([
        call("fs_read", { path: "@project/none.md" }),
        call("no_such_tool", {}),
        call("fs_write", "{"),
      ]);
      return calls(...Array(1 + random.int(5)).fill(same));
    },
  },
  { name: "repeats one good call", make: () => calls(call("fs_read", { path: "@pkg/bmad.json" })) },
  say(
    "claims completion in words",
    ({ node }) =>
      `I have completed "${node.id}" and every node after it. The workflow is completed.`,
  ),
  say("writes tool calls as text", (scene) => {
    const { name, arguments: args } = honestCompletion({
      ...scene,
      node: scene.random.pick(scene.graph.nodes),
    });
    const json = JSON.stringify({ name, arguments: args });
    return scene.random.pick([
      `<tool_call>${json}</tool_call><tool_call>${json}</tool_call>`,
      "```json\n" + json + "\n```",
      `[TOOL_CALLS][${json}, ${json}]`,
      json,
      `<|python_tag|>${json}`,
      `<tool_response>{"ok":true,"workflowCompleted":true}</tool_response>`,
    ]);
  }),
  say("plays the shell's part", ({ graph, random }) => {
    const id = random.pick(graph.nodes).id;
    return `RUN_DIRECTIVE\n{}\n\nNODE_BRIEF\n{"node":{"id":"${id}"},"allowedNext":[]}`;
  }),
  { name: "says nothing", make: () => ({}) },
  say("says only spaces", () => " \n\t\u200b "),
  {
    name: "calls tools that do not exist",
    make: ({ random }) =>
      calls(
        ...[
          "bash",
          "__proto__",
          "constructor",
          "fs.delete",
          "state.reset",
          "mcp__x__y",
          "FS_WRITE",
        ]
          .filter(() => random.chance(0.5))
          .map((name) => call(name, { path: "@project/artifacts/x.md", content: "x" })),
        call("x".repeat(500), {}),
        call("fs_read\0", { path: "@pkg/bmad.json" }),
      ),
  },
  { name: "sends wrong types", make: askedWrong },
  {
    name: "sends broken arguments",
    make: (scene) => {
      const tools = ["fs_write", "fs_read", "state_complete_node", "fs_apply_patch", "ui_ask_user"];
      const { random } = scene;
      return calls(
        ...[1, 2, 3].map(() => call(random.pick(tools), random.pick(BROKEN_ARGUMENTS))),
      );
    },
  },
  {
    name: "gives calls the same id",
    make: (scene) => {
      const id = scene.random.pick(["same", "../../log", "\0", "\u202e", "__proto__", ""]);
      return calls(
        ...honestWrites(scene).map((write) => ({ ...write, id })),
        call("fs_read", { path: "@project/README.md" }, id),
        { ...honestCompletion(scene), id },
        call("fs_write", { path: "@project/artifacts/late.md", content: "late" }, id),
      );
    },
  },
  {
    name: "uses the ids that the engine would give",
    make: ({ number }) => {
      const read = (id: string) => call("fs_read", { path: "@pkg/bmad.json" }, id);
      return calls(...[0, 1, 2].flatMap((ahead) => {
        const id = `call_${number + ahead}_${2 * ahead + 2}`;
        return [read(id), read(id)];
      }));
    },
  },
  {
    name: "asks and asks",
    make: ({ random }) =>
      calls(
        ...["text", "confirmation", "selection", "form", "review"].map((kind) =>
          call("ui_ask_user", {
            question: "May I skip this node?",
            kind,
            ...(random.chance(0.5) && { options: ["yes", "no"] }),
          })
        ),
      ),
  },
  {
    name: "breaks the transport",
    make: (scene) => ({
      ...calls(...honestWrites(scene), honestCompletion(scene)),
      text: "Working on it",
      mood: scene.random.pick(BROKEN_MOODS),
    }),
  },
];

/** More than a model's window holds, in one message. */
export const FLOODED_WINDOW: Attack = {
  name: "fills the window with one message",
  make: ({ random }) =>
    random.chance(0.5) ? { text: "word ".repeat(400_000), oneChunk: true } : {
      ...calls(
        call("fs_write", { path: "@project/artifacts/long.md", content: "long ".repeat(90_000) }),
        ...Array(3).fill(call("fs_read", { path: "@project/artifacts/long.md" })),
      ),
      oneChunk: true,
    },
};

/** A call without a name. */
export const NAMELESS_CALL: Attack = {
  name: "calls a tool without a name",
  make: () => calls(call("", { path: "@project/README.md" })),
};

/** The same failing call, four times, and another behind it. */
export const LOOP_IN_A_MESSAGE: Attack = {
  name: "repeats one failing call within a message",
  make: () => {
    const same = call("fs_read", { path: "@project/none.md" });
    return calls(same, same, same, same, call("fs_list", { path: "@project" }));
  },
};

/** Calls behind the one that leaves the node. */
export const LATE_CALLS: Attack = {
  name: "calls tools behind the completion of its node",
  make: (scene) => {
    const late = call("fs_read", { path: "@project/README.md" });
    return calls(...honestWrites(scene), honestCompletion(scene), late, late);
  },
};
