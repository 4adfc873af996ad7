// Reads one agent file: front matter of either form, and the prompt below it. What agents say of each
// other is judged in `check_references.ts`.
import { isRecord } from "../../schemas/record.ts";
import { readFrontMatter } from "../../schemas/front_matter.ts";
import { FieldReader, RULE_HINT } from "./field_reader.ts";
import { type FindingList, quoted } from "./finding_list.ts";
import { isFlowId } from "./flow_id.ts";
import type { AgentMemory, FlowAgent, FlowText } from "./flow_source.ts";
import { readMemoryScope } from "./read_memory_scope.ts";
import type { SourceFolder } from "./source_folder.ts";

/** Fields that only the richer form has; one of them makes a file 2.0. */
const RICH_FIELDS = [
  "persona",
  "tasks",
  "checklists",
  "templates",
  "commands",
  "creates",
  "requires",
  "reads",
  "updates",
] as const;

const AGENT_FOLDER = "agents";
const TEXT_ENDINGS = ["", ".md", ".yaml", ".yml", ".txt"];

/** What reading an agent needs. */
export interface AgentReading {
  readonly folder: SourceFolder;
  readonly findings: FindingList;
  /** For an agent without `memory_scope`. */
  readonly defaultMemory: AgentMemory;
}

/** An agent and the fields it was read from, for findings about what it refers to. */
export interface ReadAgent {
  readonly agent: FlowAgent;
  readonly fields: FieldReader;
}

/** All agents of the folder, sorted by file name; one that cannot be read at all is left out. */
export function readAgents(reading: AgentReading): ReadAgent[] {
  const agents = reading.folder.list(AGENT_FOLDER, ".md").map((name) => readAgent(name, reading));
  return agents.filter((agent) => agent !== undefined);
}

function readAgent(name: string, reading: AgentReading): ReadAgent | undefined {
  const file = `${AGENT_FOLDER}/${name}`;
  const text = reading.folder.text(file);
  if (text === undefined) return undefined;
  const { findings } = reading;
  const read = readFrontMatter(text);
  const missing = !read.ok && read.problem.code === "FRONT_MATTER_MISSING";
  if (!read.ok && !missing) {
    const { message, line, column } = read.problem;
    const code = read.problem.code === "FRONT_MATTER_YAML" ? "FLOW_YAML" : "FLOW_FRONT_MATTER";
    const hint = 'The front matter is YAML between two lines "---"';
    findings.error({ code, file, message, hint, place: { line, column } });
  }
  const data = read.ok ? read.value.data : {};
  const body = read.ok ? read.value.body : missing ? text.replace(/^\uFEFF/, "") : "";
  const locate = read.ok ? read.value.locate : () => undefined;
  const fields = new FieldReader(data, { file, findings, locate });
  const id = readId(name, fields);
  const agent = { ...readFields(id, fields, reading), file, body: body.trim() };
  const isUnread = !read.ok && !missing;
  if (agent.body === "" && agent.persona === "" && !isUnread) warnOfEmptyPrompt(file, findings);
  fields.warnOfUnknownKeys();
  return { agent, fields };
}

function readId(name: string, fields: FieldReader): string {
  const id = fields.text("id") ?? name.replace(/\.md$/i, "");
  if (!isFlowId(id)) {
    fields.report(
      "FLOW_ID_INVALID",
      ["id"],
      `The agent's id ${quoted(id)} cannot be used`,
      RULE_HINT,
    );
  }
  return id;
}

function readFields(
  id: string,
  fields: FieldReader,
  { folder, defaultMemory }: AgentReading,
): Omit<FlowAgent, "file" | "body"> {
  const waitFor = fields.map("wait_for");
  const docs = [...waitFor.ids("docs"), ...fields.ids("requires")];
  const agents = waitFor.ids("agents");
  waitFor.warnOfUnknownKeys();
  return {
    id,
    description: fields.text("description") ?? "",
    formatVersion: readVersion(fields),
    persona: readPersona(fields),
    tools: [...new Set(fields.texts("tools"))],
    memory: readMemoryScope(fields, "memory_scope") ?? defaultMemory,
    waitFor: { docs: [...new Set(docs)], agents },
    parallel: fields.flag("parallel") ?? null,
    tasks: readTexts("tasks", fields, folder),
    checklists: readTexts("checklists", fields, folder),
    templates: readTexts("templates", fields, folder),
    commands: readCommands(fields),
    creates: fields.ids("creates"),
    reads: fields.ids("reads"),
    updates: fields.ids("updates"),
  };
}

function readVersion(fields: FieldReader): FlowAgent["formatVersion"] {
  const text = fields.text("format_version");
  const isRich = RICH_FIELDS.some((field) => fields.has(field));
  if (text === undefined) return isRich ? "2.0" : "1.0";
  if (/^1(\.0)?$/.test(text)) return "1.0";
  if (/^2(\.0)?$/.test(text)) return "2.0";
  const message = `"format_version" is ${quoted(text)}`;
  fields.report("FLOW_VALUE_INVALID", ["format_version"], message, 'Write "1.0" or "2.0"');
  return "2.0";
}

/** A text, or a map whose keys become the beginnings of lines. */
function readPersona(fields: FieldReader): string {
  const value = fields.raw("persona");
  if (!isRecord(value)) return fields.text("persona")?.trim() ?? "";
  return Object.entries(value)
    .filter(([, item]) => item !== null && item !== "")
    .map(([key, item]) => `${titleOf(key)}: ${wordsOf(item)}`).join("\n");
}

function titleOf(key: string): string {
  const words = key.replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `\n- ${wordsOf(item)}`).join("");
  return typeof value === "string" ? value.trim() : JSON.stringify(value);
}

/** A list of texts, or of maps from name to description; or one such map. */
function readCommands(fields: FieldReader): string[] {
  const value = fields.raw("commands");
  if (isRecord(value)) return commandTexts(value);
  return fields.entries("commands").flatMap(({ value }) =>
    isRecord(value) ? commandTexts(value) : [wordsOf(value)]
  );
}

function commandTexts(map: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(map).map(([name, about]) => `${name}: ${wordsOf(about)}`);
}

/** The texts that an agent names, from the folder of their kind. A missing one is a finding. */
function readTexts(
  kind: "tasks" | "checklists" | "templates",
  fields: FieldReader,
  folder: SourceFolder,
): FlowText[] {
  return fields.texts(kind).flatMap((name, index): FlowText[] => {
    if (!isFlowId(name)) {
      fields.report("FLOW_ID_INVALID", [kind, index], `${quoted(name)} is no name`, RULE_HINT);
      return [];
    }
    for (const ending of TEXT_ENDINGS) {
      const file = `${kind}/${name}${ending}`;
      const text = folder.text(file);
      if (text !== undefined) {
        return [{ name: name.replace(/\.md$/i, ""), file, text: withoutHead(text) }];
      }
    }
    const message = `There is no ${kind.slice(0, -1)} ${quoted(name)}`;
    const hint = `Put it into ${kind}/${name.replace(/\.md$/i, "")}.md, or take it out of the list`;
    fields.report("FLOW_DOCUMENT_UNKNOWN", [kind, index], message, hint);
    return [];
  });
}

/** Front matter of a task is bookkeeping of its authors, nothing for a model. */
function withoutHead(text: string): string {
  const read = readFrontMatter(text);
  return (read.ok ? read.value.body : text.replace(/^\uFEFF/, "")).trim();
}

function warnOfEmptyPrompt(file: string, findings: FindingList): void {
  findings.warning({
    code: "FLOW_PROMPT_EMPTY",
    file,
    message: "The agent has no prompt",
    hint: "Write below the front matter what the agent is to do",
  });
}
