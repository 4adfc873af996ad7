// Flow sources by somebody who wants to break the generated code, or to get out of it.

/** Texts that end a literal, a comment or a line, or hide. */
export const HOSTILE_TEXTS: readonly string[] = [
  `"; globalThis.injected = 1; "`,
  `'; globalThis.injected = 1; '`,
  "`; globalThis.injected = 1; `",
  "${globalThis.injected = 1}",
  "*/ globalThis.injected = 1; /*",
  "</script><script>",
  "back\\slash \\\" \\' \\` \\${1} \\u0041 \\",
  "line\u2028separator\u2029here",
  "controls \u0001\u0007\u001b[31m\u007f\u0085",
  "hidden \u202e\u2066\u200b\u{e0041}\ufeff end",
  "half \ud83d pair, whole 😀",
  "tab\there\r\nnext // comment\n# heading\n```ts\ncode\n```",
  "äöü 漢字 العربية",
  "x".repeat(300),
];

/** Ids that the rule for ids allows and that mean something to a language, a tool or a disk. */
export const HOSTILE_IDS: readonly string[] = [
  "class",
  "default",
  "constructor",
  "toString",
  "agent",
  "flow",
  "stage",
  "CON",
  "index",
  "a.d",
  "a-d",
  "a_d",
  "a--d",
  "story_test",
  "story.bench",
  "1st",
  "x".repeat(100),
];

/** A folder of sources: each id and each text in some agent, a tool with keys that are no names. */
export function hostileSources(): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  HOSTILE_IDS.forEach((id, index) => {
    const text = HOSTILE_TEXTS[index % HOSTILE_TEXTS.length] ?? "";
    files[`bmad/agents/file-${index}.md`] = `---
id: ${JSON.stringify(id)}
description: ${JSON.stringify(text)}
persona: ${JSON.stringify(text)}
tools: [count]
commands: [${JSON.stringify(text)}]
---
${HOSTILE_TEXTS.join("\n\n").replaceAll("\ud83d ", "")}
`;
  });
  files["bmad/tools.yaml"] = `count:
  module: utils.count
  call: count
  description: ${JSON.stringify(HOSTILE_TEXTS[0])}
  parameters:
    type: object
    properties:
      "__proto__": {type: string, description: "x"}
      "a-b": {type: string}
      "quote'\\"": {type: string}
      "1": {type: string, description: ${JSON.stringify(HOSTILE_TEXTS[4])}}
`;
  files["bmad/utils/count.js"] = `export function count({ text }) { return text.length }`;
  files["config/runtime.yaml"] = `llm:
  base_url: "https://user:s3cret-password@models.example.org/v1"
  model: ${JSON.stringify(HOSTILE_TEXTS[3])}
memory:
  redis: {url: "redis://:s3cret-password@redis.example.org", key_prefix: "*/\\u2028"}
`;
  files[".env"] = "OPENAI_API_KEY=s3cret-key\nFLOWS_TOKEN=s3cret-token\n";
  return files;
}
