import assert from "node:assert/strict";
import { join } from "node:path";
import type { Question } from "../../../schemas/question.ts";
import type { RunEventBody } from "../../../schemas/run_event.ts";
import { answerQuestion, decideApproval, openMatter } from "../../../runtime/run/answer_run.ts";
import { lockRun, type RunFolder, runFolder } from "../../../runtime/run/run_folder.ts";
import { openRunLog, readRunLog } from "../../../runtime/run/run_log.ts";
import { readToolPolicy } from "../../../runtime/run/tool_policy_file.ts";

const RUN_ID = "20261120-101010-aaaaaa";

async function withLog(
  bodies: readonly RunEventBody[],
  work: (folder: RunFolder, dataDir: string) => void,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  const folder = runFolder(dir, RUN_ID);
  await Deno.mkdir(folder.dir, { recursive: true });
  const log = openRunLog(folder.logPath, RUN_ID);
  for (const body of bodies) log.append(body, { nodeId: "draft" });
  log.close();
  try {
    work(folder, dir);
  } finally {
    await Deno.remove(join(dir), { recursive: true });
  }
}

const said: RunEventBody = {
  type: "assistant_message",
  message: {
    role: "assistant",
    content: "",
    toolCalls: [{ id: "1", name: "ui_ask_user", arguments: "{}" }],
  },
  finishReason: "tool_calls",
};
const asked = (question: Question): RunEventBody[] => [
  said,
  { type: "tool_call", callId: "1", tool: "ui.ask_user", arguments: {} },
  { type: "question_asked", callId: "1", question },
];
const approval: RunEventBody[] = [said, {
  type: "approval_requested",
  approval: { callId: "1", tool: "fs.write", arguments: {}, path: "@project/a", diff: "+a" },
}];
const HASH = "a".repeat(64);
const entered: RunEventBody = {
  type: "node_entered",
  node: { id: "draft", type: "step" },
  workflowId: "main",
  agentId: "writer",
  depth: 0,
};
const text: Question = { question: "Which?", kind: "text" };

Deno.test("answerQuestion() reads each kind of answer and writes it to the log", async () => {
  const select: Question = { ...text, kind: "selection", options: ["red", "green"] };
  const rows: [question: Question, given: string, answer: unknown][] = [
    [text, " as is ", " as is "],
    [select, "2", "green"],
    [select, "RED", "red"],
    [{ ...text, kind: "confirmation" }, "Yes", true],
    [{ ...text, kind: "confirmation" }, "n", false],
    [{ ...text, kind: "form", schema: {} }, '{"a": 1}', { a: 1 }],
    [{ ...text, kind: "review", path: "@project/a" }, "", { approved: true, comments: "" }],
    [{ ...text, kind: "review", path: "@project/a" }, "no", { approved: false, comments: "no" }],
  ];
  for (const [question, given, answer] of rows) {
    await withLog(asked(question), (folder) => {
      answerQuestion(folder, given);
      const event = readRunLog(folder.logPath).at(-1);
      assert.ok(event?.type === "question_answered");
      assert.deepEqual([event.answer, event.nodeId, event.seq], [answer, "draft", 4]);
      assert.equal(openMatter(folder), null, "it is answered");
      assert.throws(() => answerQuestion(folder, given), { code: "RUN_PHASE" });
    });
  }
});

Deno.test("answerQuestion() refuses what the question does not want and leaves it open", async () => {
  const rows: [question: Question, given: string, message: RegExp][] = [
    [{ ...text, kind: "selection", options: ["red", "green"] }, "blue", /1\. red, 2\. green/],
    [{ ...text, kind: "selection", options: ["red"] }, "0", /none of the options/],
    [{ ...text, kind: "confirmation" }, "maybe", /neither yes nor no/],
    [{ ...text, kind: "form", schema: {} }, "[1]", /JSON object/],
    [{ ...text, kind: "form", schema: {} }, "words", /JSON object/],
  ];
  for (const [question, given, message] of rows) {
    await withLog(asked(question), (folder) => {
      assert.throws(() => answerQuestion(folder, given), { code: "ANSWERS_INVALID", message });
      assert.equal(openMatter(folder)?.kind, "question");
    });
  }
});

Deno.test("decideApproval() writes the decision, and a question is not answered by it", () =>
  withLog(approval, (folder, dataDir) => {
    assert.throws(() => answerQuestion(folder, "yes"), { code: "RUN_PHASE", message: /--allow/ });
    decideApproval(dataDir, folder, { decision: "deny", scope: "once", reason: "no" });
    const event = readRunLog(folder.logPath).at(-1);
    assert.ok(event?.type === "approval_decided");
    assert.equal(event.decision.reason, "no");
    assert.equal(openMatter(folder), null);
  }));

Deno.test("decideApproval() keeps a consent for always, for the agent that asked", () =>
  withLog([entered, ...approval], (folder, dataDir) => {
    Deno.writeTextFileSync(folder.recordPath, JSON.stringify({ package: { hash: HASH } }));
    decideApproval(dataDir, folder, { decision: "allow", scope: "always" });
    assert.deepEqual(readToolPolicy(dataDir).always, [
      { packageHash: HASH, agentId: "writer", tool: "fs.write", path: "@project/a" },
    ]);
  }));

Deno.test("answerQuestion() refuses while another process drives the run, or where nothing is asked", async () => {
  await withLog(asked(text), (folder) => {
    using _held = lockRun(folder);
    assert.throws(() => answerQuestion(folder, "x"), { code: "RUN_BUSY" });
  });
  await withLog([said], (folder) => {
    assert.throws(() => answerQuestion(folder, "x"), {
      code: "RUN_PHASE",
      message: /crewagent resume/,
    });
  });
});
