// The sources that three servers serve, and the model behind each of them.
import type { ModelRequest, Reply } from "../../model_server/script.ts";

/** Stages, groups, a document that is waited for, tools, shared memory, a checklist, small limits. */
export const SOURCES: Readonly<Record<string, string>> = {
  "bmad/agents/analyst.md": `---
description: Analyses "the idea" with \`tools\` and \${words}
tools: [count_words, broken, memory_set, fs_write]
memory_scope: shared:terms
checklists: [review]
creates: [analysis]
commands: [analyse]
persona: {role: Analyst, style: Plain}
---
I am analyst. Keep \\ backslashes, "quotes" and */ as they are.
`,
  "bmad/agents/left.md": "---\nparallel: true\nwait_for: {agents: [analyst]}\n---\nI am left.\n",
  "bmad/agents/right.md": "---\nparallel: true\nwait_for: {agents: [analyst]}\n---\nI am right.\n",
  "bmad/agents/summarizer.md": `---
wait_for: {agents: [left, right], docs: [brief]}
memory_scope: shared:terms
---
I am summarizer.
`,
  "bmad/agents/asker.md": "---\nid: asker\n---\nI am asker.\n",
  "bmad/agents/failing.md": "---\nid: failing\n---\nI am failing.\n",
  "bmad/agents/after.md": "---\nid: after\nwait_for: {agents: [failing]}\n---\nI am after.\n",
  "bmad/checklists/review.md": "- [ ] It says \`Analysis\`\n- [ ] It is short\n",
  "bmad/workflow.yaml": `flows:
  default:
    description: Analysis, two views, one summary
    sequence: [analyst, {parallel: [left, right]}, summarizer]
  ask: {sequence: [asker]}
  fail: {steps: [{name: first, agents: [failing]}, {name: second, agents: [after]}]}
`,
  "bmad/tools.yaml": `count_words:
  module: utils.text
  call: countWords
  description: Count words
  parameters: {properties: {text: {type: string, pattern: "^[a-z ]+$"}}, required: [text]}
broken: {module: utils.text, call: broken, description: Fails}
`,
  "bmad/utils/text.js": `import { split } from "./words.js";
export function countWords({ text }) { return { words: split(text), count: split(text).length }; }
export function broken() { throw new TypeError("It is broken"); }
`,
  "bmad/utils/words.js": "export const split = (text) => String(text).split(/\\s+/);\n",
  "config/runtime.yaml": `on_missing_doc: wait
limits: {body_bytes: 4096, workers: 2}
retry: {attempts: 2, min_s: 0, max_s: 0}
cors: {origins: ["https://app.example.org"]}
`,
};

/** What the model says: by the agent that asks, and by how far its conversation is. */
export function reply({ body }: ModelRequest): Reply {
  const messages = body.messages ?? [];
  const agent = /I am (\w+)\./.exec(messages[0]?.content ?? "")?.[1] ?? "nobody";
  const answers = messages.filter(({ role }) => role === "tool").length;
  return (SAID[agent] ?? (() => ({ text: `The ${agent} has done it.` })))(answers);
}

const SAID: Readonly<Record<string, (toolAnswers: number) => Reply>> = {
  analyst: (toolAnswers) =>
    toolAnswers > 0 ? { text: "# Analysis\n\nShort.\n\n```checklist\n2. yes\n```" } : {
      toolCalls: [
        { name: "count_words", arguments: { text: "one two  three" } },
        { name: "count_words", arguments: { text: "ONE" } },
        { name: "broken", arguments: {} },
        { name: "memory_set", arguments: { key: "term", value: "A word" } },
        { name: "fs_write", arguments: { path: "note", content: "# Note\n" } },
        { name: "unknown_tool", arguments: {} },
      ],
    },
  asker: () => ({ text: "NEEDS_INPUT\n- the name\n- the place" }),
  failing: () => ({ mood: "status", status: 400, error: { message: "No such thing" } }),
};
