import assert from "node:assert/strict";
import type { RunEventBody } from "../../../schemas/run_event.ts";
import { createRunPrinter } from "../../../runtime/commands/run_printer.ts";
import { palette } from "../../../runtime/commands/terminal.ts";

function printed(...bodies: (RunEventBody & { nodeId?: string })[]): string {
  let text = "";
  const printer = createRunPrinter({
    write: (piece) => void (text += piece),
    paint: palette(false),
    width: 100,
    nodeCount: 3,
  });
  bodies.forEach((body, index) =>
    printer.event({ seq: index + 1, at: "2026-11-20T22:15:30.000Z", runId: "r", ...body })
  );
  printer.closeLine();
  return text;
}

const entered = (id: string, depth = 0): RunEventBody => ({
  type: "node_entered",
  node: { id, type: "step", title: `Do ${id}` },
  workflowId: "main",
  depth,
});
const call = (tool: string, args: Record<string, unknown>): RunEventBody => ({
  type: "tool_call",
  callId: "1",
  tool,
  arguments: args,
});
const result = (tool: string, outcome: Record<string, unknown>): RunEventBody => ({
  type: "tool_result",
  callId: "1",
  tool,
  durationMs: 1,
  result: { ok: true, ...outcome },
});

Deno.test("createRunPrinter() prints a run as nodes with progress, calls and transitions", () => {
  const text = printed(
    {
      type: "run_started",
      package: { name: "story", version: "1.0.0", hash: "h" },
      workflowId: "main",
      model: "simulation",
      provider: "simulate",
      simulated: true,
      options: {},
    },
    entered("draft"),
    call("fs.write", { path: "artifacts/a.md" }),
    result("fs.write", { path: "@project/artifacts/a.md", bytesWritten: 1200 }),
    { type: "node_completed", next: "review", label: "written", nodeId: "draft" },
    call("state.complete_node", { nodeId: "draft" }),
    result("state.complete_node", {}),
    entered("review"),
    { type: "node_completed", nodeId: "review" },
  );
  assert.equal(
    text,
    [
      "story 1.0.0 · workflow main · SIMULATION, no model",
      "run r",
      "● 1/3 draft Do draft",
      "  fs.write @project/artifacts/a.md 1.2 kB",
      "  ✓ → review (written)",
      "● 2/3 review Do review",
      "  ✓ end",
      "",
    ].join("\n"),
  );
});

Deno.test("createRunPrinter() counts only the nodes of the first workflow", () => {
  const text = printed(
    entered("call"),
    { type: "subworkflow_called", workflowId: "child", depth: 1 },
    entered("inner", 1),
    { type: "node_completed", nodeId: "inner" },
    { type: "subworkflow_returned", workflowId: "child", artifacts: [], depth: 1 },
    { type: "node_completed", next: "end", nodeId: "call" },
    entered("end"),
  );
  assert.match(text, /● 1\/3 call[^]*↳ workflow child\n {2}● inner[^]*↲ back[^]*● 2\/3 end/);
});

Deno.test("createRunPrinter() prints a refused call with its code and keeps it on one line", () => {
  const text = printed(call("fs.read", { path: "@project/\x1b[2Ja\nb" }), {
    type: "tool_result",
    callId: "1",
    tool: "fs.read",
    durationMs: 1,
    result: { ok: false, error: { code: "E_SANDBOX_VIOLATION", message: "No\nway" } },
  });
  assert.equal(text, "  ✗ fs.read @project/\\x1b[2Ja b E_SANDBOX_VIOLATION No way\n");
});

Deno.test("createRunPrinter() streams text and does not repeat it when the message is whole", () => {
  let text = "";
  const write = (piece: string) => void (text += piece);
  const printer = createRunPrinter({ write, paint: palette(false), width: 100, nodeCount: 1 });
  printer.delta({ type: "text_delta", runId: "r", text: "Hel" });
  printer.delta({ type: "text_delta", runId: "r", text: "lo\nyou" });
  printer.event({
    seq: 1,
    at: "2026-11-20T22:15:30.000Z",
    runId: "r",
    type: "assistant_message",
    message: { role: "assistant", content: "Hello\nyou" },
    finishReason: "stop",
  });
  assert.equal(text, "  Hello\n  you\n");
});

Deno.test("createRunPrinter() says in one line where a resumed run goes on", () => {
  assert.equal(
    printed({ type: "run_resumed", finishedCalls: 7, interruptedCalls: ["x"], nodeId: "review" }),
    'Resumed at "review": 7 finished tool calls are not repeated; 1 began and were cut off, the model is told what the disk says\n',
  );
});
