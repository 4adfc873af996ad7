import assert from "node:assert/strict";
import { toOllamaMessages, toOllamaTools } from "../../../runtime/llm/ollama_messages.ts";

Deno.test("toOllamaMessages() joins neighbours, names the tool of a result and sends arguments as objects", () => {
  const wire = toOllamaMessages([
    { role: "system", content: "Rules" },
    { role: "system", content: "Persona" },
    { role: "user", content: "RUN_DIRECTIVE" },
    { role: "user", content: "NODE_BRIEF" },
    {
      role: "assistant",
      content: "Reading",
      toolCalls: [
        { id: "c1", name: "fs.read", arguments: '{"path":"a.md","lines":[1,2]}' },
        { id: "c2", name: "fs_write", arguments: '{"path": "cut' },
      ],
    },
    { role: "tool", callId: "c1", content: '{"ok":true}' },
    { role: "tool", callId: "c2", content: '{"ok":false}' },
  ]);
  assert.deepEqual(wire, [
    { role: "system", content: "Rules\n\nPersona" },
    { role: "user", content: "RUN_DIRECTIVE\n\nNODE_BRIEF" },
    {
      role: "assistant",
      content: "Reading",
      tool_calls: [
        {
          id: "c1",
          type: "function",
          function: { name: "fs_read", arguments: { path: "a.md", lines: [1, 2] } },
        },
        { id: "c2", type: "function", function: { name: "fs_write", arguments: {} } },
      ],
    },
    { role: "tool", content: '{"ok":true}', tool_name: "fs_read", tool_call_id: "c1" },
    { role: "tool", content: '{"ok":false}', tool_name: "fs_write", tool_call_id: "c2" },
  ]);
});

Deno.test("toOllamaMessages() gives thoughts back and leaves out the fields of other providers", () => {
  const extras = { thinking: "I see", reasoning_content: "of another", tool_call_extras: {} };
  assert.deepEqual(toOllamaMessages([{ role: "assistant", content: "So", extras }]), [
    { role: "assistant", content: "So", thinking: "I see" },
  ]);
});

Deno.test("toOllamaMessages() sends no empty thoughts and no empty list of calls", () => {
  assert.deepEqual(
    toOllamaMessages([
      { role: "assistant", content: "So", toolCalls: [], extras: { thinking: "" } },
    ]),
    [{ role: "assistant", content: "So" }],
  );
});

Deno.test("toOllamaMessages() sends a result whose call is not in the conversation", () => {
  assert.deepEqual(toOllamaMessages([{ role: "tool", callId: "gone", content: "{}" }]), [
    { role: "tool", content: "{}", tool_name: "unknown", tool_call_id: "gone" },
  ]);
});

Deno.test("toOllamaTools() makes an object of a parameter's schema that is none", () => {
  const parameters = {
    type: "object",
    properties: { any: true, path: { type: "string" } },
    required: ["path"],
  };
  assert.deepEqual(toOllamaTools([{ name: "find", description: "Finds", parameters }]), [{
    type: "function",
    function: {
      name: "find",
      description: "Finds",
      parameters: {
        type: "object",
        properties: { any: {}, path: { type: "string" } },
        required: ["path"],
      },
    },
  }]);
});
