// Reads `tools.yaml` and the modules it names, with all that they import. Modules are text here: what
// runs them decides how.
import { isRecord } from "../../schemas/record.ts";
import { builtInTool } from "./built_in_names.ts";
import type { FieldReader } from "./field_reader.ts";
import { type FindingList, quoted } from "./finding_list.ts";
import type { FlowTool } from "./flow_source.ts";
import { inferParameters } from "./infer_parameters.ts";
import { type ModuleTexts, readModule } from "./read_modules.ts";
import type { SourceFolder } from "./source_folder.ts";
import { yamlFields } from "./yaml_fields.ts";

const TOOL_FILES = ["tools.yaml", "tools.yml"];

const YAML_HINT = 'A tool is YAML such as "word_count: {module: utils.text, call: wordCount}"';

/** What model servers take as the name of a tool. */
const TOOL_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const FUNCTION_NAME = /^[A-Za-z_$][\w$]*$/;

/** What was read. */
export interface ReadTools {
  readonly tools: readonly FlowTool[];
  readonly modules: Readonly<Record<string, string>>;
}

/** The tools of a folder, those with faults left out. */
export function readTools(folder: SourceFolder, findings: FindingList): ReadTools {
  const modules: ModuleTexts = new Map();
  const tools = new Map<string, FlowTool>();
  for (const file of TOOL_FILES) {
    const text = folder.text(file);
    if (text === undefined) continue;
    const fields = yamlFields({ text, file, hint: YAML_HINT }, findings);
    const named = fields.has("tools") && !isTool(fields.raw("tools"))
      ? fields.map("tools")
      : fields;
    for (const name of named.keys()) {
      const tool = readTool(name, named, { folder, findings, modules });
      if (tool) tools.set(name, tool);
    }
    fields.warnOfUnknownKeys();
  }
  return { tools: [...tools.values()], modules: Object.fromEntries(modules) };
}

/** A tool may itself be named `tools`. */
function isTool(value: unknown): boolean {
  return isRecord(value) && typeof value.module === "string";
}

interface ToolReading {
  readonly folder: SourceFolder;
  readonly findings: FindingList;
  readonly modules: ModuleTexts;
}

function readTool(name: string, all: FieldReader, reading: ToolReading): FlowTool | undefined {
  const fields = all.map(name);
  const moduleName = fields.text("module");
  const call = fields.text("call") ?? fields.text("function") ?? name;
  const description = fields.text("description")?.trim();
  const parameters = fields.raw("parameters");
  if (parameters !== undefined) fields.map("parameters");
  fields.raw("function");
  fields.warnOfUnknownKeys();
  const fault = faultOf(name, call);
  if (fault) {
    fields.report("FLOW_ID_INVALID", [], fault.message, fault.hint);
    return undefined;
  }
  if (moduleName === undefined) {
    const hint = 'Write "module: utils.text" for the file utils/text.js';
    fields.report("FLOW_VALUE_INVALID", [], `The tool ${quoted(name)} names no module`, hint);
    return undefined;
  }
  const module = readModule(moduleName, fields, reading);
  const text = module && reading.modules.get(module);
  if (module === undefined || text === undefined) return undefined;
  if (!exportsName(text, call)) {
    const message = `The module ${quoted(module)} exports no ${quoted(call)}`;
    const hint = `Write "export function ${call}({ … }) { … }" in it`;
    fields.report("FLOW_MODULE_EXPORT", ["call"], message, hint);
    return undefined;
  }
  return {
    name,
    description: description || `${call} of ${module}`,
    module,
    call,
    ...(isRecord(parameters)
      ? { parameters: { ...parameters, type: "object" }, declaresParameters: true as const }
      : { parameters: inferParameters(text, call) }),
  };
}

function faultOf(name: string, call: string) {
  if (!TOOL_NAME.test(name)) {
    const message = `The tool's name ${quoted(name)} cannot be used`;
    return { message, hint: 'Use up to 64 letters, digits, "_" and "-"' };
  }
  if (builtInTool(name) || name.startsWith("mcp_")) {
    const message = `The name ${quoted(name)} belongs to a built-in tool`;
    return { message, hint: "Give the tool another name" };
  }
  if (FUNCTION_NAME.test(call)) return undefined;
  return { message: `${quoted(call)} is no name of a function`, hint: "Name an exported function" };
}

/** A rough look; whoever runs the module finds out for certain. */
function exportsName(text: string, name: string): boolean {
  const word = name.replaceAll("$", "\\$");
  return new RegExp(`\\bexport\\b[^;]{0,2000}?(?<![\\w$])${word}(?![\\w$])`, "s").test(text) ||
    /\bexport\s*\*/.test(text);
}
