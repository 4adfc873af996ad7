// Plays the recorded answers of `tests/fixtures/transcripts` through the repair that every adapter
// uses, and through both adapters, each talking to a real server.
import assert from "node:assert/strict";
import { parseArguments } from "../../../runtime/llm/repair.ts";
import { repairAnswer } from "../../../runtime/llm/repair_reply.ts";
import type { ToolCall, ToolDefinition } from "../../../schemas/tool.ts";
import type { ScriptedCall } from "../../model_server/script.ts";
import { ask } from "./served_model.ts";
import { askOllama } from "./served_ollama.ts";

interface Transcript {
  readonly source: string | null;
  readonly family: string;
  readonly server: string | null;
  readonly shape: string;
  readonly offered: readonly string[];
  readonly answer: {
    readonly content: string;
    readonly reasoning?: string;
    readonly toolCalls?: readonly ToolCall[];
    readonly finishReason?: string;
  };
  readonly expected: {
    /** `null` as arguments: the call is refused, since it was cut off. */
    readonly calls: readonly {
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>> | null;
    }[];
    readonly text: string;
    readonly thinking?: string;
    readonly repairs: "some" | "none";
  };
}

const TEXT = { type: "string" };

/** The tools a transcript may offer: name, properties, and which of these are required. */
const TOOLS: readonly ToolDefinition[] = [
  tool("fs_read", { path: TEXT, startLine: { type: "integer" } }, ["path"]),
  tool("fs_write", { path: TEXT, content: TEXT, mode: TEXT }, ["path", "content"]),
  tool("fs_list", { path: TEXT }, []),
  tool("fs_search", {
    pattern: TEXT,
    globs: { type: "array", items: TEXT },
    regex: { type: "boolean" },
  }, ["pattern"]),
];

function tool(name: string, properties: object, required: readonly string[]): ToolDefinition {
  return { name, description: name, parameters: { type: "object", properties, required } };
}

const FOLDER = new URL("../../fixtures/transcripts/", import.meta.url);
const TRANSCRIPTS = Array.from(Deno.readDirSync(FOLDER), ({ name }) => name)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => ({
    name: name.slice(0, -".json".length),
    ...JSON.parse(Deno.readTextFileSync(new URL(name, FOLDER))) as Transcript,
  }));

for (const { name, shape, offered, answer, expected } of TRANSCRIPTS) {
  const tools = TOOLS.filter((tool) => offered.includes(tool.name));

  Deno.test(`repairAnswer() absorbs ${name}: ${shape}`, () => {
    const { content, toolCalls = [] } = answer;
    const repaired = repairAnswer({ content, toolCalls }, tools, new Set());
    assert.deepEqual(repaired.toolCalls.map(outcome), expected.calls);
    assert.equal(repaired.content.trim(), expected.text);
    assert.equal(repaired.thinking, expected.thinking ?? "");
    assert.equal(repaired.repairs.length > 0 ? "some" : "none", expected.repairs);
  });

  Deno.test(`openAiLlm() absorbs ${name}`, async () => {
    const { content: text, reasoning = "", toolCalls, finishReason = "stop" } = answer;
    const reply = { text, reasoning, finishReason, ...(toolCalls && { toolCalls }) };
    const { reply: received } = await ask([reply], {}, { tools });
    assert.deepEqual(received?.toolCalls.map(outcome), expected.calls);
    assert.equal(received?.content.trim(), expected.text);
    assert.equal(received?.extras?.thinking ?? "", expected.thinking ?? "");
    assert.equal(received?.repairs ? "some" : "none", expected.repairs);
    assert.ok(received?.toolCalls.every(({ id }) => id !== ""));
  });

  Deno.test(`ollamaLlm() absorbs ${name}`, async () => {
    const { content: text, reasoning = "", toolCalls = [], finishReason = "stop" } = answer;
    const doneReason = DONE_REASON[finishReason] ?? finishReason;
    const calls = toolCalls.map(ollamaCall);
    const reply = { text, thinking: reasoning, doneReason, toolCalls: calls };
    const { reply: received } = await askOllama({ replies: [reply] }, {}, { tools });
    assert.deepEqual(received?.toolCalls.map(outcome), expected.calls);
    assert.equal(received?.content.trim(), expected.text);
    assert.equal(received?.extras?.thinking ?? "", expected.thinking ?? reasoning);
    assert.equal(received?.repairs ? "some" : "none", expected.repairs);
    assert.ok(received?.toolCalls.every(({ id }) => id !== ""));
  });
}

Deno.test("every transcript names a thread on GitHub or says that there is none", () => {
  for (const { name, source } of TRANSCRIPTS) {
    const isThread = /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(issues|pull)\/\d+$/;
    assert.ok(source === null || isThread.test(source), name);
  }
  assert.ok(TRANSCRIPTS.filter(({ source }) => source !== null).length >= 40);
});

/** Ollama has no word of its own for an answer that ends in calls. */
const DONE_REASON: Readonly<Record<string, string>> = { tool_calls: "stop" };

/** As `/api/chat` has it: arguments as an object; what is none stays the text that it is. */
function ollamaCall({ id, name, arguments: text }: ToolCall): ScriptedCall {
  const value = parsedOrText(text);
  return { id, name, arguments: value };
}

function parsedOrText(text: string): ScriptedCall["arguments"] {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value as Record<string, unknown> : text;
  } catch {
    return text;
  }
}

/** A call as it would be done; arguments that cannot be read are refused. */
function outcome({ name, arguments: text }: ToolCall) {
  const parsed = parseArguments(text);
  return { name, arguments: parsed.ok ? parsed.args : null };
}
