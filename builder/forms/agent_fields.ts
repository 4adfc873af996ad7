// The fields of an agent's form: each leads to a place in the agent, and its changes become one edit.
import { isRecord } from "../../schemas/record.ts";
import type { Texts } from "../../views/text/texts.ts";
import { type Codec, flag, json, line, lineList, number, prose } from "./codec.ts";
import { items, textItems } from "./item_codec.ts";
import type { FormField } from "./submission.ts";
import { type JsonObject, valueAt, withValueAt } from "./value_at.ts";

const PROMPTS = items([
  { key: "id", codec: required(line) },
  { key: "description", codec: line },
  { key: "content", codec: required(prose) },
], { isOpen: false });

const MENU = items([
  { key: "trigger", codec: line },
  { key: "description", codec: required(line) },
  { key: "workflow", codec: line },
  { key: "exec", codec: line },
  { key: "action", codec: prose },
  { key: "data", codec: line },
  { key: "validate-workflow", codec: line },
  { key: "ide-only", codec: flag() },
  { key: "web-only", codec: flag() },
  { key: "triggers", codec: json("objects") },
], { isOpen: true });

const IMPORTS = items([
  { key: "source", codec: required(line) },
  { key: "name", codec: line },
], { isOpen: false });

const bytes = number({ least: 1, isWhole: true });

/** Name of a field → how it is shown. The name is the path in the agent, with dots. */
const FIELDS: readonly (readonly [string, Codec])[] = [
  ["metadata.name", line],
  ["metadata.title", line],
  ["metadata.icon", line],
  ["metadata.module", line],
  ["metadata.sourceId", line],
  ["metadata.description", prose],
  ["persona.role", prose],
  ["persona.identity", prose],
  ["persona.communication_style", prose],
  ["persona.principles", textItems],
  ["systemPrompt", prose],
  ["userPromptTemplate", prose],
  ["critical_actions", textItems],
  ["prompts", PROMPTS],
  ["menu", MENU],
  ["tools.fs.enabled", flag("on")],
  ["tools.fs.maxReadBytes", bytes],
  ["tools.fs.maxWriteBytes", bytes],
  ["tools.mcp.enabled", flag()],
  ["tools.mcp.allowedServers", lineList],
  ["tools.csv.enabled", flag()],
  ["tools.js.enabled", flag()],
  ["tools.terminal.enabled", flag()],
  ["tools.terminal.allow", lineList],
  ["skills.capabilities.filesystem.enabled", flag("on")],
  ["skills.capabilities.python.enabled", flag()],
  ["skills.capabilities.browser.enabled", flag()],
  ["skills.imports", IMPORTS],
  ["discussion", flag()],
  ["webskip", flag()],
  ["conversational_knowledge", items([], { isOpen: true })],
];

const KNOWN = new Set(["id", ...FIELDS.map(([name]) => name.split(".")[0] ?? "")]);

/** A required text of an item stays as an empty text, so that the edit says what is missing. */
function required(codec: Codec): Codec {
  return {
    show: codec.show,
    read: (entries, old) => {
      const { value, faults } = codec.read(entries, old);
      return { value: value ?? "", faults };
    },
  };
}

/** The fields of an agent, as it stands in `agents.json`. */
export function agentFields(agent: JsonObject, { agent: texts }: Texts): readonly FormField[] {
  const blanks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "persona.principles": { text: texts.newPrinciple },
    critical_actions: { text: texts.newCriticalAction },
    prompts: { id: freePromptId(agent), description: "", content: texts.newPrompt },
    menu: { description: texts.newMenuItem, trigger: "", more: "" },
    "skills.imports": { source: "", name: "" },
    conversational_knowledge: { more: "{}" },
  };
  const known = FIELDS.map(([name, codec]): FormField => ({
    name,
    codec,
    value: valueAt(agent, name.split(".")),
    ...blanks[name] && { blank: blanks[name] },
  }));
  const others = othersOf(agent);
  const value = Object.keys(others).length === 0 ? undefined : others;
  return [...known, { name: "other", codec: json("object"), value }];
}

function othersOf(agent: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(agent).filter(([key]) => !KNOWN.has(key)));
}

function freePromptId({ prompts }: JsonObject): string {
  const taken = new Set(
    (Array.isArray(prompts) ? prompts : []).map((item) => isRecord(item) && item.id),
  );
  let number = taken.size + 1;
  while (taken.has(`prompt-${number}`)) number++;
  return `prompt-${number}`;
}

/** `fields` of `agent.change`: metadata and persona are merged there, all else is replaced whole. */
export function agentChanges(
  agent: JsonObject,
  changes: ReadonlyMap<string, unknown>,
): Readonly<Record<string, unknown>> {
  const fields = new Map<string, unknown>();
  for (const [name, value] of changes) {
    const [top = "", ...rest] = name.split(".");
    if (name === "other") {
      const after = isRecord(value) ? value : {};
      for (const key of Object.keys(othersOf(agent))) fields.set(key, null);
      for (const [key, item] of Object.entries(after)) if (!KNOWN.has(key)) fields.set(key, item);
    } else if (rest.length === 0) fields.set(top, value);
    else if (top === "metadata" || top === "persona") {
      const so = fields.get(top);
      fields.set(top, { ...isRecord(so) ? so : {}, [rest.join(".")]: value });
    } else {
      const so = fields.get(top) ?? agent[top];
      const after = withValueAt(isRecord(so) ? so : {}, rest, value);
      fields.set(top, Object.keys(after).length === 0 ? null : after);
    }
  }
  return Object.fromEntries(fields);
}
