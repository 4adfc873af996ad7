// What the exercises with tools share: a tool to read files, and how to ask for its use.
import type { ChatMessage } from "../../../schemas/conversation.ts";
import type { ToolDefinition } from "../../../schemas/tool.ts";

/** The engine's tool to read a file, as far as an exercise needs it. */
export const READ_TOOL: ToolDefinition = {
  name: "fs_read",
  description: "Read a text file and answer its content.",
  parameters: {
    type: "object",
    properties: { path: { type: "string", description: "Such as @project/notes.md" } },
    required: ["path"],
    additionalProperties: false,
  },
};

/** A conversation that asks for calls of tools. */
export function askForCalls(task: string): readonly ChatMessage[] {
  return [
    { role: "system", content: "You work with tools. Call them; do not describe a call in words." },
    { role: "user", content: task },
  ];
}

/** What helps a model that makes no calls. */
export const CALL_ADVICE =
  "choose a model that can call tools, and switch tool calls on in the server (llama.cpp: --jinja; vLLM: --enable-auto-tool-choice)";
