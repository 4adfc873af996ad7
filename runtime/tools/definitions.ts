// The tools as models see them: names, descriptions and parameters. Besides `run/prompt.ts` the only
// prose for a model. `additionalProperties: false` marks the tools that change something.
import type { ToolDefinition } from "../../schemas/tool.ts";

const PATH = {
  type: "string",
  description: 'Mount path: "@project/…" or "@pkg/…" or "@state/workflow.md"',
} as const;

const IF_MATCH = {
  type: "string",
  description: "Refuse unless the file still has this sha256 (from your last read)",
} as const;

const NAMES = { type: "array", items: { type: "string" } } as const;

/** Every tool of the host in the order offered; dotted names. */
export const TOOL_DEFINITIONS: readonly ToolDefinition[] = [
  {
    name: "fs.read",
    description:
      "Read a text file, whole or a window of lines. Answers content, size and sha256 of the whole file. A file over the limit comes as a preview: search it, then read a window.",
    parameters: object({ path: PATH, startLine: line("First line"), endLine: line("Last line") }, [
      "path",
    ]),
  },
  {
    name: "fs.list",
    description: "List a folder: files with their size, and folders. Hidden files are left out.",
    parameters: object({
      path: PATH,
      depth: { type: "integer", minimum: 1, maximum: 10, description: "Levels; 1 by default" },
    }, []),
  },
  {
    name: "fs.search",
    description:
      'Search text files line by line. Give "query" for plain text (case counts only if it holds a capital letter) or "pattern" for a regular expression (RE2: no lookaround, no backreferences; "(?i)" ignores case).',
    parameters: object({
      query: { type: "string", description: "Plain text" },
      pattern: { type: "string", description: "Regular expression, instead of query" },
      path: { type: "string", description: "File or folder to search; @project by default" },
      globs: { ...NAMES, description: 'Such as "*.md", "@pkg/**/*.json", "!drafts/**"' },
      before: { type: "integer", minimum: 0, maximum: 20, description: "Lines of context before" },
      after: { type: "integer", minimum: 0, maximum: 20, description: "Lines of context after" },
      maxMatches: { type: "integer", minimum: 1, maximum: 500, description: "50 by default" },
    }, []),
  },
  {
    name: "csv.read",
    description:
      "Read a CSV file as a table: columns with their types, the number of rows, and a window of rows (the first 100 by default). Cells are texts, as they stand in the file. Row 1 is the first row below the header.",
    parameters: object({
      path: PATH,
      startRow: line("First row"),
      endRow: line("Last row"),
      columns: { ...NAMES, description: "Only these columns, by name or number" },
      delimiter: {
        type: "string",
        description: 'Such as ";" or "tab"; found out by default',
      },
      header: { type: "boolean", description: "The first row holds the names; true by default" },
    }, ["path"]),
  },
  {
    name: "js.run",
    description:
      "Calculate in JavaScript instead of in your head. Answers the value of the last expression, or of a return. There are no files, network, modules, timers or clock, and 5 seconds of time. BigInt results come as text.",
    parameters: object({
      code: { type: "string", minLength: 1, description: "The program" },
      input: { description: 'Any JSON; the program finds it in the variable "input"' },
    }, ["code"]),
  },
  {
    name: "fs.write",
    description:
      "Write a text file, whole or at its end. Folders are made as needed. To change part of a file use fs_edit.",
    parameters: closed({
      path: PATH,
      content: { type: "string", description: "The text" },
      mode: { type: "string", enum: ["overwrite", "append"], description: "overwrite by default" },
      ifMatchSha256: IF_MATCH,
    }, ["path", "content"]),
  },
  {
    name: "fs.edit",
    description:
      "Replace a passage of a text file. oldText has to stand in the file exactly once, character for character; take enough lines to make it unique, or set replaceAll.",
    parameters: closed({
      path: PATH,
      oldText: { type: "string", minLength: 1, description: "The passage as it stands now" },
      newText: { type: "string", description: "What it becomes; empty deletes it" },
      replaceAll: { type: "boolean", description: "Replace every occurrence" },
      ifMatchSha256: IF_MATCH,
    }, ["path", "oldText", "newText"]),
  },
  {
    name: "fs.apply_patch",
    description:
      'Change a file by a unified diff, or update the front matter of a Markdown file (operation "updateFrontmatter" with "update").',
    parameters: closed({
      path: PATH,
      diff: { type: "string", description: "Unified diff of this one file" },
      operation: { type: "string", enum: ["updateFrontmatter"] },
      update: {
        type: "object",
        description:
          'Keys: "stepsCompleted.append", "artifacts.append", "variables.set" (object, merged), "decisionLog.append", "currentNodeId.set", "updatedAt.set"; in other Markdown files also "<key>.set" and "<key>.append"',
      },
      ifMatchSha256: IF_MATCH,
    }, ["path"]),
  },
  {
    name: "terminal.run",
    description:
      "Run a program in the project. The user is asked first. There is no shell: no pipes, redirections, variables or globs. Answers exitCode, stdout and stderr. Changes that the program makes cannot be undone.",
    parameters: closed({
      command: {
        ...NAMES,
        description: 'The program and its arguments, each an item: ["git", "status", "--short"]',
      },
      cwd: { type: "string", description: "Folder to run in; @project by default" },
      timeoutSeconds: { type: "integer", minimum: 1, description: "60 by default" },
      stdin: { type: "string", description: "Text for its standard input" },
    }, ["command"]),
  },
  {
    name: "skill.activate",
    description:
      "Take up one of your skills for the rest of this node. Answers its instructions and the files that belong to it. A skill may narrow the tools that can be called until the node ends.",
    parameters: closed({
      name: { type: "string", minLength: 1, description: "Its name, as listed under Skills" },
    }, ["name"]),
  },
  {
    name: "state.complete_node",
    description:
      "Finish the current node and move on, in one call, after everything of its step is done. Answers what is missing if it is not.",
    parameters: closed({
      nodeId: { type: "string", minLength: 1, description: "The current node" },
      next: { type: "string", description: "One of allowedNext; not needed at an end node" },
      variables: { type: "object", description: "Variables to set" },
      artifacts: { ...NAMES, description: "Files you made, project-relative" },
      decision: {
        type: "object",
        description: "Where several ways lead on: the label of the chosen one, and why",
        properties: { label: { type: "string", minLength: 1 }, reason: { type: "string" } },
        required: ["label"],
      },
    }, ["nodeId"]),
  },
  {
    name: "ui.ask_user",
    description:
      "Ask the user, when something only they know is missing. The run waits for the answer.",
    parameters: closed({
      question: { type: "string", minLength: 1, description: "The question, complete in itself" },
      kind: {
        type: "string",
        enum: ["text", "form", "selection", "confirmation", "review"],
        description:
          "text by default; form needs schema, selection needs options, review needs path",
      },
      options: { ...NAMES, description: "For selection" },
      schema: { type: "object", description: "For form: JSON Schema of type object" },
      path: { type: "string", description: "For review: mount path of the file to look at" },
    }, ["question"]),
  },
];

type Properties = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Unknown parameters do no harm in a tool that only reads. */
function object(properties: Properties, required: readonly string[]) {
  return { type: "object", properties, required };
}

function closed(properties: Properties, required: readonly string[]) {
  return { ...object(properties, required), additionalProperties: false };
}

function line(text: string) {
  return { type: "integer", minimum: 1, description: `${text}, counted from 1` };
}

/** The definition of a tool that is known to exist. */
export function definitionOf(name: string): ToolDefinition {
  const definition = TOOL_DEFINITIONS.find((tool) => tool.name === name);
  if (!definition) throw new Error(`There is no tool "${name}"`);
  return definition;
}
