// Every code a finding about a package can have, with its severity and the hint that usually fits.
// Codes are public: they never change meaning.
import type { Finding, Severity } from "../../schemas/finding.ts";
import { BUILT_IN_TOOLS } from "../../schemas/tool_names.ts";

interface FindingKind {
  readonly severity: Severity;
  readonly hint: string;
}

function error(hint: string): FindingKind {
  return { severity: "error", hint };
}

function warning(hint: string): FindingKind {
  return { severity: "warning", hint };
}

/** The table of codes. */
export const FINDING_CODES = {
  DOCUMENT_MISSING: error("Add the file, or correct the path."),
  DOCUMENT_TOO_LARGE: error("Move long texts and data into files under assets/."),
  DOCUMENT_NOT_UTF8: error("Save the file as UTF-8."),
  JSON_SYNTAX: error("Correct the JSON at this place."),

  FRONT_MATTER_MISSING: error('Start the file with "---", the keys, and "---" again.'),
  FRONT_MATTER_NOT_CLOSED: error('Put a line "---" behind the last key.'),
  FRONT_MATTER_YAML: error("Correct the YAML at this place."),
  FRONT_MATTER_NOT_A_MAP: error('Write lines such as "key: value" between the "---" lines.'),

  SCHEMA_KEY_UNKNOWN: error("Remove the key, or correct its spelling."),
  SCHEMA_KEY_MISSING: error("Add the key."),
  SCHEMA_KEY_NEWER: error('Set "schemaVersion" to "1.2", or remove the key.'),
  SCHEMA_TYPE: error("Change the value to the type that belongs there."),
  SCHEMA_EMPTY: error("Fill the value in."),
  SCHEMA_VALUE: error("Change the value to one that is allowed."),

  INTEGRITY_MISMATCH: error(
    'Get the package again from its author. If you changed it yourself, remove "integrity" from ' +
      'bmad.json, or pack it with "crewagent pack --integrity".',
  ),
  WORKFLOW_ID_DUPLICATE: error("Give each workflow an id of its own."),
  ENTRY_GRAPH_DIFFERS: error('Make "entry" and "workflows" name the same graph.'),

  AGENT_ID_DUPLICATE: error("Give each agent an id of its own."),
  PROMPT_ID_DUPLICATE: error("Give each prompt of an agent an id of its own."),
  MENU_WORKFLOW_UNKNOWN: error("Name the id of a workflow in bmad.json, or its workflow.md."),
  MENU_WORKFLOW_CLASSIC: error(
    'Turn the old BMAD module into a package with "crewagent import", then name its workflow.',
  ),
  MENU_EXEC_MISSING: error("Add the file to the package, or correct the path."),
  MENU_PROMPT_UNKNOWN: error('Name a prompt of this agent as "#id", or add it to "prompts".'),
  MENU_HIDDEN_EVERYWHERE: error("Keep at most one of the two."),

  SKILL_SOURCE_MISSING: error("Add the folder with its SKILL.md, or correct the path."),
  SKILL_SOURCE_OUTSIDE: error("Move the folder below assets/ and name it from there."),
  SKILL_FILE_MISSING: error("Add a SKILL.md to the folder, in capital letters, with a head."),
  SKILL_NAME: error("Write small letters and digits with single hyphens between, 64 at most."),
  SKILL_NAME_DUPLICATE: error('Give one of the two another "name" in the agent\'s imports.'),
  SKILL_NAME_DIFFERS: warning("Give the folder the name of the skill; other programs ask for it."),
  SKILL_TOOL_UNKNOWN: warning(
    `Write names of this runtime (${BUILT_IN_TOOLS.join(", ")}) or mcp__server__tool.`,
  ),
  SKILL_BODY_EMPTY: warning("Write below the head what is to be done; it is what a model gets."),
  SKILL_BODY_LONG: warning("Move parts that are seldom needed into files beside the SKILL.md."),
  SKILL_SCRIPT: warning(
    "Put the script into a folder with a SKILL.md that says how terminal.run or js.run uses it.",
  ),
  SKILL_CAPABILITY: warning(
    "Turn it off, and let the agent use tools.js, tools.terminal or an MCP server instead.",
  ),

  GRAPH_ENTRY_UNKNOWN: error('Set "entryNodeId" to the id of the node where a run begins.'),
  GRAPH_NODE_ID_DUPLICATE: error("Give each node an id of its own."),
  GRAPH_EDGE_ID_DUPLICATE: error("Give each edge an id of its own, or none."),
  GRAPH_EDGE_SOURCE_UNKNOWN: error('Set "from" to the id of a node, or remove the edge.'),
  GRAPH_EDGE_TARGET_UNKNOWN: error('Set "to" to the id of a node, or remove the edge.'),
  GRAPH_AGENT_UNKNOWN: error("Name an agent of agents.json, or add this one there."),
  GRAPH_NO_END_REACHABLE: warning("Lead a path of edges from the entry to a node of type end."),
  GRAPH_NODE_UNREACHABLE: warning("Add an edge that leads to it, or remove the node."),
  GRAPH_DECISION_TOO_FEW_EDGES: warning("Add the other branch, or make the node a step."),
  GRAPH_DEAD_END: warning("Add an edge that leads on, or make it an end node."),
  GRAPH_DEFAULT_EDGE: warning('Set "isDefault": true on the one edge to take in case of doubt.'),

  NODE_FILE_MISSING: error(
    "Add the step file, or correct the path; it is relative to the package.",
  ),
  STEP_NODE_ID_DIFFERS: error("Make both the same, or give the node a file of its own."),
  STEP_TYPE_DIFFERS: error("Make both the same; the graph decides."),
  STEP_AGENT_UNKNOWN: error("Name an agent of agents.json, or add this one there."),
  STEP_SECTION_MISSING: warning("Add the heading and write below it what the agent needs to know."),
  STEP_SECTION_EMPTY: warning("Write below the heading what the agent needs to know."),
  STEP_TRANSITIONS_DIFFER: warning("Make the step file repeat the graph, which wins."),
  STEP_DIFFERS_FROM_GRAPH: warning("Make the step file repeat the graph, which wins."),

  CHECK_SUBJECT: error('Name one "output" or one "variable", and use a check for each.'),
  CHECK_OUTPUT_UNKNOWN: error("Write the path as it stands in outputs, or add it there."),
  CHECK_VARIABLE_UNKNOWN: warning("Correct the name, or add it to setsVariables."),
  CHECK_NOT_APPLICABLE: error("Remove the condition, or put it into a check where it fits."),
  CHECK_PATTERN: error("Correct the pattern; RE2 has no lookaround and no backreferences."),
  CHECK_RANGE: error("Correct the limits; the lower one may not exceed the upper."),
  CHECK_SCHEMA: error("Correct the schema; docs/checks.md says what it may hold."),

  SUBWORKFLOW_MISSING: error('Add "subworkflowRef" with the id of a workflow in bmad.json.'),
  SUBWORKFLOW_UNKNOWN: error('Name the id of a workflow in bmad.json, section "workflows".'),
  SUBWORKFLOW_CYCLE: error("Break the circle: a workflow may not call itself, not even by detour."),

  STATE_KEY_MISSING: warning("Add the key; until then its default is taken when a run starts."),
  STATE_NODE_UNKNOWN: error("Name a node of the graph; an empty text means the entry node."),
  WORKFLOW_LINK_DEAD: warning("Correct the link, or add the file."),
  ASSET_OUTSIDE_ASSETS: warning("Move it to assets/, or remove it."),
  HIDDEN_FILE_LEFT_OUT: warning("Rename it without the dot in front if it belongs to the package."),
} as const satisfies Record<string, FindingKind>;

/** A word of `FINDING_CODES`. */
export type FindingCode = keyof typeof FINDING_CODES;

/** Where a finding is. */
export type FindingPlace = Pick<Finding, "file" | "pointer" | "line" | "column">;

/** Makes a finding; severity and, unless given, the hint come from the table. */
export function finding(
  code: FindingCode,
  place: FindingPlace,
  message: string,
  hint: string = FINDING_CODES[code].hint,
): Finding {
  return { severity: FINDING_CODES[code].severity, code, ...place, message, hint };
}
