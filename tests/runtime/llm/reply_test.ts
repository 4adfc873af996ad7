import assert from "node:assert/strict";
import type { WireAnswer } from "../../../runtime/llm/openai_answer.ts";
import { parseArguments } from "../../../runtime/llm/repair.ts";
import { toReply } from "../../../runtime/llm/reply.ts";

const tool = { name: "fs_write", description: "", parameters: { type: "object" } };
const request = { messages: [], tools: [tool], signal: new AbortController().signal };

function argumentsOf(finishReason: string, text: string) {
  const call = { id: "1", name: "fs_write", arguments: text, extras: {} };
  const answer = { content: "", calls: [call], reasoning: {}, finishReason };
  const { toolCalls } = toReply(answer as unknown as WireAnswer, request);
  return parseArguments(toolCalls[0]?.arguments ?? "");
}

Deno.test("toReply() never passes arguments as whole that were cut off by the end of the tokens", () => {
  const cut = '{"path":"@project/a.md","content":"half"';
  assert.equal(argumentsOf("length", cut).ok, false);
  assert.equal(argumentsOf("tool_calls", cut).ok, true, "a forgotten bracket is mended");
  assert.equal(argumentsOf("length", `${cut}}`).ok, true, "what is whole stays whole");
});
