import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { checkPackage } from "../../../runtime/package/check.ts";
import { FINDING_CODES, type FindingCode } from "../../../runtime/package/finding_codes.ts";
import { integrityHash } from "../../../runtime/package/integrity.ts";
import type { Finding } from "../../../schemas/finding.ts";
import {
  asFiles,
  formAPackage,
  largePackage,
  samplePackage,
  skillText,
  stepText,
  type Texts,
  workflowText,
  writeTexts,
} from "./sample_package.ts";
import { buildZip } from "./zip_builder.ts";

const GRAPH = "workflows/main/workflow.graph.json";
const WORKFLOW = "workflows/main/workflow.md";
const PLAN = "workflows/main/steps/plan.md";
const DONE = "workflows/main/steps/done.md";

async function check(texts: Texts): Promise<readonly Finding[]> {
  const dir = await Deno.makeTempDir();
  try {
    await writeTexts(dir, texts);
    return (await checkPackage(dir)).findings;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

// deno-lint-ignore no-explicit-any -- tests break documents in ways no type describes
type Document = any;

/** A sample package with one JSON document changed in place. */
function changed(
  file: string,
  change: (document: Document) => void,
  texts = samplePackage(),
): Texts {
  const document = JSON.parse(texts[file] ?? "");
  change(document);
  return { ...texts, [file]: JSON.stringify(document, null, 2) };
}

const graph = (change: (document: Document) => void) => changed(GRAPH, change);
const manifest = (change: (document: Document) => void) => changed("bmad.json", change);
const menu = (item: Document) =>
  changed(
    "agents.json",
    (document) => document.agents[0].menu.push({ description: "New", ...item }),
  );

function replaced(file: string, from: string, to: string): Texts {
  const texts = samplePackage();
  const text = texts[file] ?? "";
  ok(text.includes(from), `${file} holds "${from}"`);
  return { ...texts, [file]: text.replace(from, to) };
}

function without(file: string): Texts {
  const { [file]: _, ...rest } = samplePackage();
  return rest;
}

/** The sample package whose step "plan" has these checks, given as YAML of a list's items. */
function checks(...items: readonly string[]): Texts {
  const keys = [
    "outputs: [artifacts/plan.md]",
    "setsVariables: [score]",
    "checks:",
    ...items.map((item) => `  - ${item}`),
  ];
  const text = stepText("plan", "step").replace('"1.1"', '"1.2"');
  return {
    ...samplePackage(),
    [PLAN]: text.replace("type: step", `type: step\n${keys.join("\n")}`),
  };
}

/** The sample package whose agent has these skills; `read-tables` is there and in order. */
function skills(skills: Document, texts: Texts = {}): Texts {
  const sample = changed("agents.json", (it) => (it.agents[0].skills = skills));
  return { ...sample, [SKILL]: skillText("read-tables"), ...texts };
}

const SKILL = "assets/skills/read-tables/SKILL.md";
const imports = (...sources: string[]) => ({ imports: sources.map((source) => ({ source })) });
const IMPORT = imports("assets/skills/read-tables");

interface Row {
  readonly what: string;
  readonly code: FindingCode;
  readonly texts: Texts;
  readonly file?: string;
  readonly pointer?: string;
  /** `line` or `line:column`. */
  readonly at?: string;
  readonly says: RegExp;
  /** Codes that come along. */
  readonly also?: readonly FindingCode[];
}

const ROWS: readonly Row[] = [
  {
    what: "a skill that is not there",
    code: "SKILL_SOURCE_MISSING",
    texts: skills(imports("assets/skills/none")),
    file: "agents.json",
    pointer: "/agents/0/skills/imports/0/source",
    says: /"assets\/skills\/none"/,
  },
  {
    what: "a skill outside the assets",
    code: "SKILL_SOURCE_OUTSIDE",
    texts: skills(imports("workflows/main")),
    pointer: "/agents/0/skills/imports/0/source",
    says: /does not lie below assets\//,
  },
  {
    what: "a skill's folder without a SKILL.md",
    code: "SKILL_FILE_MISSING",
    texts: skills(imports("assets/skills/low"), { "assets/skills/low/skill.md": "x" }),
    pointer: "/agents/0/skills/imports/0/source",
    says: /no SKILL\.md, but a "skill\.md"/,
  },
  {
    what: "a name of an import that is none",
    code: "SKILL_NAME",
    texts: skills({ imports: [{ name: "Tables!", source: "assets/skills/read-tables" }] }),
    pointer: "/agents/0/skills/imports/0/name",
    says: /"Tables!"/,
  },
  {
    what: "a skill that is imported twice",
    code: "SKILL_NAME_DUPLICATE",
    texts: skills({ imports: [...IMPORT.imports, ...IMPORT.imports] }),
    pointer: "/agents/0/skills/imports/1",
    says: /0 and 1 of "ann" both have the name "read-tables"/,
  },
  {
    what: "a skill in a folder of another name",
    code: "SKILL_NAME_DIFFERS",
    texts: skills(IMPORT, { [SKILL]: skillText("tables") }),
    file: SKILL,
    at: "2:",
    says: /"tables".*"read-tables"/,
  },
  {
    what: "tools that a skill allows and nobody has",
    code: "SKILL_TOOL_UNKNOWN",
    texts: skills(IMPORT, {
      [SKILL]: skillText("read-tables", "allowed-tools: Read Bash(git add:*)"),
    }),
    file: SKILL,
    says: /"Bash\(git add:\*\)"/,
  },
  {
    what: "a skill without instructions",
    code: "SKILL_BODY_EMPTY",
    texts: skills(IMPORT, { [SKILL]: "---\nname: read-tables\ndescription: d\n---\n\n" }),
    file: SKILL,
    says: /nothing below its head/,
  },
  {
    what: "a skill of very long instructions",
    code: "SKILL_BODY_LONG",
    texts: skills(IMPORT, { [SKILL]: skillText("read-tables") + "x".repeat(20_000) }),
    file: SKILL,
    says: /characters long/,
  },
  {
    what: "a script as a skill",
    code: "SKILL_SCRIPT",
    texts: skills(imports("assets/do.md")),
    pointer: "/agents/0/skills/imports/0/source",
    says: /"assets\/do\.md" is a file/,
  },
  {
    what: "a capability that is not offered",
    code: "SKILL_CAPABILITY",
    texts: skills({ capabilities: { python: { enabled: true }, browser: { enabled: false } } }),
    pointer: "/agents/0/skills/capabilities/python/enabled",
    says: /"ann" asks for the capability "python"/,
  },
  {
    what: "a workflow document that is missing",
    code: "DOCUMENT_MISSING",
    texts: without(WORKFLOW),
    file: "bmad.json",
    pointer: "/workflows/0/workflow",
    at: "13:7",
    says: /workflows\/main\/workflow.md/,
  },
  {
    what: "a graph that is missing",
    code: "DOCUMENT_MISSING",
    says: /names/,
    texts: manifest((it) => (it.workflows[1].graph = "nowhere.json")),
    pointer: "/workflows/1/graph",
    also: ["ASSET_OUTSIDE_ASSETS"],
  },
  {
    what: "agents that are missing",
    code: "DOCUMENT_MISSING",
    texts: without("agents.json"),
    file: "bmad.json",
    pointer: "/entry/agents",
    says: /"agents.json"/,
  },
  {
    what: "an empty path",
    code: "DOCUMENT_MISSING",
    says: /no file ""/,
    pointer: "/entry/agents",
    texts: manifest((it) => (it.entry.agents = "")),
    also: ["ASSET_OUTSIDE_ASSETS"],
  },
  {
    what: "a document beyond 8 MiB",
    code: "DOCUMENT_TOO_LARGE",
    file: PLAN,
    says: /8 MiB/,
    texts: { ...samplePackage(), [PLAN]: stepText("plan", "step") + "x".repeat(8 * 1024 * 1024) },
  },
  {
    what: "a document of too many values",
    code: "DOCUMENT_TOO_LARGE",
    file: GRAPH,
    says: /200000/,
    texts: graph((it) => (it.edges = Array.from({ length: 200_001 }, () => ({})))),
  },
  {
    what: "a comma too many",
    code: "JSON_SYNTAX",
    file: GRAPH,
    at: "3:1",
    says: /comma/i,
    texts: { ...samplePackage(), [GRAPH]: '{\n  "schemaVersion": "1.2",\n}' },
  },

  {
    what: "no front matter",
    code: "FRONT_MATTER_MISSING",
    file: PLAN,
    at: "1:1",
    says: /"---"/,
    texts: { ...samplePackage(), [PLAN]: "# Plan\n" },
  },
  {
    what: "front matter behind an empty line",
    code: "FRONT_MATTER_MISSING",
    file: PLAN,
    says: /start/,
    texts: { ...samplePackage(), [PLAN]: "\n" + stepText("plan", "step") },
  },
  {
    what: "front matter without an end",
    code: "FRONT_MATTER_NOT_CLOSED",
    file: PLAN,
    says: /closed/,
    texts: { ...samplePackage(), [PLAN]: "---\nnodeId: plan\n" },
  },
  {
    what: "broken YAML",
    code: "FRONT_MATTER_YAML",
    file: PLAN,
    at: "5:1",
    says: /./,
    texts: replaced(PLAN, "nodeId: plan", "nodeId: 'plan"),
  },
  {
    what: "a repeated key",
    code: "FRONT_MATTER_YAML",
    file: PLAN,
    at: "4:1",
    says: /"nodeId".*twice/,
    texts: replaced(PLAN, "nodeId: plan", "nodeId: plan\nnodeId: plan"),
  },
  {
    what: "front matter that is a list",
    code: "FRONT_MATTER_NOT_A_MAP",
    file: PLAN,
    says: /map/,
    texts: { ...samplePackage(), [PLAN]: "---\n- plan\n---\n" },
  },

  {
    what: "an unknown key",
    code: "SCHEMA_KEY_UNKNOWN",
    file: GRAPH,
    pointer: "/nodes/0/titel",
    at: "10:7",
    says: /"titel" is not known here; known keys: id, type, file/,
    texts: graph((it) => (it.nodes[0].titel = "x")),
  },
  {
    what: "a missing key",
    code: "SCHEMA_KEY_MISSING",
    file: GRAPH,
    pointer: "/edges/0",
    at: "32:5",
    says: /"label" is missing in "edges\[0\]"/,
    texts: graph((it) => delete it.edges[0].label),
  },
  {
    what: "a key of version 1.2 in 1.1",
    code: "SCHEMA_KEY_NEWER",
    file: GRAPH,
    pointer: "/nodes/2/subworkflowRef",
    says: /1\.2.*1\.1/,
    texts: graph((it) => (it.schemaVersion = "1.1")),
  },
  {
    what: "a wrong type",
    code: "SCHEMA_TYPE",
    file: PLAN,
    pointer: "/inputs",
    at: "5:9",
    says: /"inputs" must be a list, but is "x"/,
    texts: replaced(PLAN, "type: step", "type: step\ninputs: x"),
  },
  {
    what: "an empty required text",
    code: "SCHEMA_EMPTY",
    file: "agents.json",
    pointer: "/agents/0/persona/role",
    says: /"role" is empty/,
    texts: changed("agents.json", (it) => (it.agents[0].persona.role = "")),
  },
  {
    what: "a value that is not allowed",
    code: "SCHEMA_VALUE",
    file: "bmad.json",
    pointer: "/version",
    says: /"version" must be a version of three numbers.*"1"/,
    texts: manifest((it) => (it.version = "1")),
  },

  {
    what: "content that was changed",
    code: "INTEGRITY_MISMATCH",
    file: "bmad.json",
    pointer: "/integrity/sha256",
    says: /changed/,
    texts: manifest((it) => (it.integrity = { sha256: "0".repeat(64) })),
  },
  {
    what: "a repeated workflow id",
    code: "WORKFLOW_ID_DUPLICATE",
    pointer: "/workflows/1/id",
    says: /Workflows 0 and 1.*"main"/,
    texts: manifest((it) => (it.workflows[1].id = "main")),
    also: ["SUBWORKFLOW_UNKNOWN"],
  },
  {
    what: "two graphs for the default workflow",
    code: "ENTRY_GRAPH_DIFFERS",
    pointer: "/entry/graph",
    says: /side/,
    texts: manifest((it) => (it.entry.graph = "workflows/side/workflow.graph.json")),
  },

  {
    what: "a repeated agent id",
    code: "AGENT_ID_DUPLICATE",
    pointer: "/agents/1/id",
    says: /"ann"/,
    texts: changed("agents.json", (it) => it.agents.push(it.agents[0])),
  },
  {
    what: "a repeated prompt id",
    code: "PROMPT_ID_DUPLICATE",
    pointer: "/agents/0/prompts/1/id",
    says: /"hello"/,
    texts: changed("agents.json", (it) => it.agents[0].prompts.push({ id: "hello", content: "x" })),
  },
  {
    what: "a menu item for an unknown workflow",
    code: "MENU_WORKFLOW_UNKNOWN",
    texts: menu({ workflow: "mian" }),
    pointer: "/agents/0/menu/3/workflow",
    says: /"mian"; the package has: main, side/,
  },
  {
    what: "a menu item for a path that is no workflow",
    code: "MENU_WORKFLOW_UNKNOWN",
    texts: menu({ workflow: "assets/do.md" }),
    says: /assets\/do.md/,
  },
  {
    what: "a menu item for a classic workflow",
    code: "MENU_WORKFLOW_CLASSIC",
    says: /classic BMAD/,
    texts: menu({ workflow: "{project-root}/_bmad/x/workflow.yaml" }),
  },
  {
    what: "a menu item for a missing file",
    code: "MENU_EXEC_MISSING",
    texts: menu({ exec: "assets/no.md" }),
    pointer: "/agents/0/menu/3/exec",
    says: /"assets\/no.md"/,
  },
  {
    what: "a menu item for an unknown prompt",
    code: "MENU_PROMPT_UNKNOWN",
    texts: menu({ action: "#bye" }),
    pointer: "/agents/0/menu/3/action",
    says: /"#bye"; the prompts of "ann" are: hello/,
  },
  {
    what: "a handler for a missing file",
    code: "MENU_EXEC_MISSING",
    texts: menu({ triggers: [{ type: "handler", exec: "no.md" }] }),
    pointer: "/agents/0/menu/3/triggers/0/exec",
    says: /"no.md"/,
  },
  {
    what: "a menu item for nobody",
    code: "MENU_HIDDEN_EVERYWHERE",
    says: /nobody/,
    texts: menu({ "ide-only": true, "web-only": true }),
  },

  {
    what: "an unknown entry",
    code: "GRAPH_ENTRY_UNKNOWN",
    file: GRAPH,
    pointer: "/entryNodeId",
    at: "3:3",
    says: /"start"/,
    texts: graph((it) => (it.entryNodeId = "start")),
  },
  {
    what: "a repeated node id",
    code: "GRAPH_NODE_ID_DUPLICATE",
    pointer: "/nodes/4/id",
    says: /Nodes 0 and 4.*"plan"/,
    texts: graph((it) => it.nodes.push(it.nodes[0])),
  },
  {
    what: "a repeated edge id",
    code: "GRAPH_EDGE_ID_DUPLICATE",
    pointer: "/edges/1/id",
    says: /"e"/,
    texts: graph((it) => (it.edges[0].id = it.edges[1].id = "e")),
  },
  {
    what: "an edge from nowhere",
    code: "GRAPH_EDGE_SOURCE_UNKNOWN",
    pointer: "/edges/4/from",
    says: /starts at "x"/,
    texts: graph((it) => it.edges.push({ from: "x", to: "done", label: "l" })),
  },
  {
    what: "an edge to nowhere",
    code: "GRAPH_EDGE_TARGET_UNKNOWN",
    pointer: "/edges/0/to",
    says: /leads to "x"/,
    texts: graph((it) => (it.edges[0].to = "x")),
    also: ["GRAPH_NODE_UNREACHABLE", "GRAPH_NO_END_REACHABLE"],
  },
  {
    what: "an unknown agent in the graph",
    code: "GRAPH_AGENT_UNKNOWN",
    pointer: "/nodes/0/agentId",
    says: /"bob"/,
    texts: graph((it) => (it.nodes[0].agentId = "bob")),
  },
  {
    what: "an end that cannot be reached",
    code: "GRAPH_NO_END_REACHABLE",
    pointer: "/entryNodeId",
    says: /no run completes/,
    texts: graph((it) => it.edges.splice(2, 1)),
    also: ["GRAPH_NODE_UNREACHABLE", "GRAPH_DECISION_TOO_FEW_EDGES"],
  },
  {
    what: "a node that cannot be reached",
    code: "GRAPH_NODE_UNREACHABLE",
    pointer: "/nodes/2",
    says: /"call" cannot be reached/,
    texts: graph((it) => (it.edges[1].to = "done")),
  },
  {
    what: "a decision with one way out",
    code: "GRAPH_DECISION_TOO_FEW_EDGES",
    pointer: "/nodes/1",
    says: /only one/,
    texts: graph((it) => it.edges.splice(1, 1)),
    also: ["GRAPH_NODE_UNREACHABLE"],
  },
  {
    what: "a node without a way on",
    code: "GRAPH_DEAD_END",
    pointer: "/nodes/2",
    says: /subworkflow "call" has no outgoing edge/,
    texts: graph((it) => it.edges.splice(3, 1)),
  },
  {
    what: "branches without a default",
    code: "GRAPH_DEFAULT_EDGE",
    pointer: "/nodes/1",
    says: /2 outgoing edges, and none/,
    texts: graph((it) => delete it.edges[2].isDefault),
  },
  {
    what: "branches with two defaults",
    code: "GRAPH_DEFAULT_EDGE",
    says: /2 of them are/,
    texts: graph((it) => (it.edges[1].isDefault = true)),
  },

  {
    what: "a step file that is missing",
    code: "NODE_FILE_MISSING",
    texts: without(DONE),
    file: GRAPH,
    pointer: "/nodes/3/file",
    says: /"done" names the file/,
  },
  {
    what: "a step file outside the package",
    code: "NODE_FILE_MISSING",
    says: /\.\.\/x.md/,
    texts: graph((it) => (it.nodes[3].file = "../x.md")),
  },
  {
    what: "a step file of another node",
    code: "STEP_NODE_ID_DIFFERS",
    file: PLAN,
    pointer: "/nodeId",
    at: "3:9",
    says: /"plann".*"plan"/,
    texts: replaced(PLAN, "nodeId: plan", "nodeId: plann"),
  },
  {
    what: "a step file of another type",
    code: "STEP_TYPE_DIFFERS",
    file: PLAN,
    pointer: "/type",
    says: /"merge".*"step"/,
    texts: replaced(PLAN, "type: step", "type: merge"),
  },
  {
    what: "an unknown agent in a step file",
    code: "STEP_AGENT_UNKNOWN",
    file: PLAN,
    says: /"bob"/,
    texts: replaced(PLAN, "type: step", "type: step\nagentId: bob"),
    also: ["STEP_DIFFERS_FROM_GRAPH"],
  },
  {
    what: "a step without a goal",
    code: "STEP_SECTION_MISSING",
    file: PLAN,
    at: "6:1",
    says: /"## Goal"/,
    texts: replaced(PLAN, "## Goal", "## Aim"),
  },
  {
    what: "a step whose goal stands in code",
    code: "STEP_SECTION_MISSING",
    file: PLAN,
    says: /Goal/,
    texts: replaced(PLAN, "## Goal", "```\n## Goal\n```"),
  },
  {
    what: "a step with empty instructions",
    code: "STEP_SECTION_EMPTY",
    file: PLAN,
    at: "13:1",
    says: /"## Instructions" is empty/,
    texts: replaced(PLAN, "1. Do it.", ""),
  },
  {
    what: "a transition that the graph lacks",
    code: "STEP_TRANSITIONS_DIFFER",
    file: PLAN,
    pointer: "/transitions/1",
    at: "8:5",
    says: /no edge "x" to "done"/,
    texts: replaced(
      PLAN,
      "type: step",
      "type: step\ntransitions:\n  - to: choose\n    label: planned\n  - to: done\n    label: x",
    ),
  },
  {
    what: "a transition that the step lacks",
    code: "STEP_TRANSITIONS_DIFFER",
    file: PLAN,
    pointer: "/transitions",
    says: /"planned" to "choose" of the graph is missing/,
    texts: replaced(PLAN, "type: step", "type: step\ntransitions: []"),
  },
  {
    what: "a transition with another default",
    code: "STEP_TRANSITIONS_DIFFER",
    says: /not the default/,
    texts: replaced(
      PLAN,
      "type: step",
      "type: step\ntransitions:\n  - to: choose\n    label: planned\n    isDefault: true",
    ),
  },
  {
    what: "a title that differs",
    code: "STEP_DIFFERS_FROM_GRAPH",
    file: PLAN,
    pointer: "/title",
    says: /"title" is "B" here, but "A"/,
    texts: {
      ...graph((it) => (it.nodes[0].title = "A")),
      [PLAN]: stepText("plan", "step").replace("type:", "title: B\ntype:"),
    },
  },

  {
    what: "a check that names nothing",
    code: "CHECK_SUBJECT",
    file: PLAN,
    pointer: "/checks/0",
    at: "8:5",
    says: /neither an output nor a variable/,
    texts: checks("nonEmpty: true"),
  },
  {
    what: "a check that names two things",
    code: "CHECK_SUBJECT",
    pointer: "/checks/1",
    says: /an output and a variable/,
    texts: checks("variable: score", "{output: artifacts/plan.md, variable: score}"),
  },
  {
    what: "a check of a path that is no output",
    code: "CHECK_OUTPUT_UNKNOWN",
    pointer: "/checks/0/output",
    says: /"artifacts\/plna.md"; the outputs of the node are: "artifacts\/plan.md"/,
    texts: checks("output: artifacts/plna.md"),
  },
  {
    what: "a check of a variable that the step does not set",
    code: "CHECK_VARIABLE_UNKNOWN",
    pointer: "/checks/0/variable",
    says: /"scroe"/,
    texts: checks("variable: scroe"),
  },
  {
    what: "a range for a file",
    code: "CHECK_NOT_APPLICABLE",
    pointer: "/checks/0/range",
    says: /a variable, not a file/,
    texts: checks("{output: artifacts/plan.md, range: {min: 1}}"),
  },
  {
    what: "headings for a variable",
    code: "CHECK_NOT_APPLICABLE",
    pointer: "/checks/0/headings",
    says: /a file, not a variable/,
    texts: checks("{variable: score, headings: [Goal]}"),
  },
  {
    what: "a check of a subworkflow",
    code: "CHECK_NOT_APPLICABLE",
    file: "workflows/main/steps/call.md",
    pointer: "/checks/0",
    says: /never made/,
    texts: {
      ...samplePackage(),
      "workflows/main/steps/call.md": stepText("call", "subworkflow").replace('"1.1"', '"1.2"')
        .replace("type: subworkflow", "type: subworkflow\nchecks: [{variable: a}]"),
    },
  },
  ...[
    ["an open bracket", "'['", /missing closing/],
    ["a lookahead", "'a(?=b)'", /\(\?=/],
    ["a backreference", "'(a)\\1'", /\\1/],
    ["large repetitions", "'(a{1,30}){1,30}b'", /repetitions/],
    ["no end", "a".repeat(1001), /longer than 1000/],
  ].map(([what, pattern, says]): Row => ({
    what: `a pattern with ${what}`,
    code: "CHECK_PATTERN",
    pointer: "/checks/0/matches",
    says: says as RegExp,
    texts: checks(`{variable: score, matches: ${pattern}}`),
  })),
  {
    what: "a range without ends",
    code: "CHECK_RANGE",
    pointer: "/checks/0/range",
    says: /neither "min" nor "max"/,
    texts: checks("{variable: score, range: {}}"),
  },
  {
    what: "a range that is empty",
    code: "CHECK_RANGE",
    pointer: "/checks/0/range",
    says: /between 3 and 2.5/,
    texts: checks("{variable: score, range: {min: 3, max: 2.5}}"),
  },
  {
    what: "sizes that exclude each other",
    code: "CHECK_RANGE",
    pointer: "/checks/0/minBytes",
    says: /at least 10 and at most 9/,
    texts: checks("{output: artifacts/plan.md, minBytes: 10, maxBytes: 9}"),
  },
  ...[
    ["an unknown type", "{type: strng}", /not well-formed.*\/type/],
    ["an unknown keyword", "{tpye: string}", /"tpye" is not supported/],
    ["a circle", "{$ref: '#/$defs/a', $defs: {a: {items: {$ref: '#/$defs/a'}}}}", /recursion/],
    ["a reference out of it", "{$ref: 'https://example.org/x'}", /leads nowhere/],
  ].map(([what, schema, says]): Row => ({
    what: `a JSON Schema with ${what}`,
    code: "CHECK_SCHEMA",
    pointer: "/checks/0/jsonSchema",
    says: says as RegExp,
    texts: checks(`{variable: score, jsonSchema: ${schema}}`),
  })),
  {
    what: "a misspelt condition",
    code: "SCHEMA_KEY_UNKNOWN",
    pointer: "/checks/0/notEmpty",
    says: /"notEmpty" is not known here; known keys: .*nonEmpty/,
    texts: checks("{variable: score, notEmpty: true}"),
  },
  {
    what: "a condition that is switched off",
    code: "SCHEMA_VALUE",
    pointer: "/checks/0/nonEmpty",
    says: /one of true/,
    texts: checks("{variable: score, nonEmpty: false}"),
  },
  {
    what: "checks in version 1.1",
    code: "SCHEMA_KEY_NEWER",
    pointer: "/checks",
    says: /1\.2/,
    texts: {
      ...checks("variable: score"),
      [PLAN]: (checks("variable: score")[PLAN] ?? "").replace('"1.2"', '"1.1"'),
    },
  },

  {
    what: "a subworkflow without a name",
    code: "SUBWORKFLOW_MISSING",
    pointer: "/nodes/2",
    says: /does not say/,
    texts: graph((it) => delete it.nodes[2].subworkflowRef),
  },
  {
    what: "an unknown subworkflow",
    code: "SUBWORKFLOW_UNKNOWN",
    pointer: "/nodes/2/subworkflowRef",
    says: /"sied"; the package has: main, side/,
    texts: graph((it) => (it.nodes[2].subworkflowRef = "sied")),
  },
  {
    what: "a workflow that calls itself",
    code: "SUBWORKFLOW_CYCLE",
    pointer: "/nodes/2/subworkflowRef",
    says: /main → main/,
    texts: graph((it) => (it.nodes[2].subworkflowRef = "main")),
  },
  {
    what: "workflows that call each other",
    code: "SUBWORKFLOW_CYCLE",
    says: /main → side → main/,
    file: "workflows/side/workflow.graph.json",
    texts: changed(
      "workflows/side/workflow.graph.json",
      (it) => (it.nodes[0].subworkflowRef = "main"),
    ),
  },

  {
    what: "state without its list",
    code: "STATE_KEY_MISSING",
    file: WORKFLOW,
    at: "2:1",
    says: /"stepsCompleted" is missing/,
    texts: replaced(WORKFLOW, "stepsCompleted: []\n", ""),
  },
  {
    what: "state at an unknown node",
    code: "STATE_NODE_UNKNOWN",
    file: WORKFLOW,
    at: "4:16",
    says: /"x"/,
    texts: replaced(WORKFLOW, 'currentNodeId: ""', "currentNodeId: x"),
  },
  {
    what: "a dead link",
    code: "WORKFLOW_LINK_DEAD",
    file: WORKFLOW,
    at: "12:4",
    says: /steps\/paln.md/,
    texts: replaced(WORKFLOW, "steps/plan.md", "steps/paln.md"),
  },
  {
    what: "a file outside assets/",
    code: "ASSET_OUTSIDE_ASSETS",
    file: "notes.txt",
    says: /notes.txt/,
    texts: { ...samplePackage(), "notes.txt": "x" },
  },
];

for (const { what, code, texts, file, pointer, at, says, also = [] } of ROWS) {
  Deno.test(`checkPackage() reports ${what} as ${code}`, async () => {
    const findings = await check(texts);

    const found = findings.find((finding) =>
      finding.code === code && (pointer === undefined || finding.pointer === pointer)
    );
    ok(found, JSON.stringify(findings, null, 1));
    strictEqual(found.severity, FINDING_CODES[code].severity);
    strictEqual(found.file, file ?? found.file);
    ok(says.test(found.message), found.message);
    ok(found.hint.length > 10, found.hint);
    ok(at === undefined || `${found.line}:${found.column}`.startsWith(at), JSON.stringify(found));
    deepStrictEqual(
      [...new Set(findings.map((finding) => finding.code))].sort(),
      [...new Set([code, ...also])].sort(),
    );
  });
}

Deno.test("checkPackage() has a test for every code of the table", () => {
  const tested = new Set<string>([
    ...ROWS.map(({ code }) => code),
    "DOCUMENT_NOT_UTF8",
    "HIDDEN_FILE_LEFT_OUT",
  ]);

  deepStrictEqual(Object.keys(FINDING_CODES).filter((code) => !tested.has(code)), []);
});

Deno.test("checkPackage() reports a document that is not UTF-8 as DOCUMENT_NOT_UTF8", async () => {
  const dir = await Deno.makeTempDir();
  await writeTexts(dir, samplePackage());
  await Deno.writeFile(`${dir}/${PLAN}`, new Uint8Array([0x2d, 0x2d, 0x2d, 0x0a, 0xff, 0xfe]));
  const { findings } = await checkPackage(dir);
  await Deno.remove(dir, { recursive: true });

  deepStrictEqual(findings.map(({ code, file }) => [code, file]), [["DOCUMENT_NOT_UTF8", PLAN]]);
});

Deno.test("checkPackage() reports a hidden file of an archive as HIDDEN_FILE_LEFT_OUT", async () => {
  const file = await Deno.makeTempFile({ suffix: ".bmad" });
  const entries = Object.entries({ ...formAPackage(), ".env": "x", "assets/.DS_Store": "x" })
    .map(([name, content]) => ({ name, content }));
  await Deno.writeFile(file, buildZip(entries));
  const { package: loaded, findings } = await checkPackage(file);
  await Deno.remove(file);

  deepStrictEqual(findings.map(({ code, file }) => [code, file]), [[
    "HIDDEN_FILE_LEFT_OUT",
    ".env",
  ]]);
  strictEqual(loaded?.files.has(".env"), false);
});

Deno.test("checkPackage() finds nothing in packages that follow the rules", async () => {
  deepStrictEqual(await check(samplePackage()), []);
  deepStrictEqual(await check(formAPackage()), []);
  deepStrictEqual(await check(largePackage(200)), []);
});

Deno.test("checkPackage() finds nothing in checks that can be made", async () => {
  const texts = checks(
    "{output: artifacts/plan.md, exists: true, nonEmpty: true, minBytes: 1, maxBytes: 2}",
    "{output: artifacts/plan.md, matches: '^# ', notMatches: '(?i)todo', headings: [Goal]}",
    "{variable: score, nonEmpty: true, range: {min: 0, max: 1.5}, matches: 3}",
    "{output: artifacts/plan.md, jsonSchema: {type: object, required: [a], properties: {a: {$ref: '#/$defs/a'}}, $defs: {a: {pattern: '^x'}}}}",
  );

  deepStrictEqual(await check(texts), []);
});

Deno.test("checkPackage() finds nothing in a loop of review, which is legal", async () => {
  const texts = changed("workflow.graph.json", (it) => {
    it.edges.push({ from: "one", to: "one", label: "again" });
    it.edges[0].isDefault = true;
  }, formAPackage());

  deepStrictEqual(await check(texts), []);
});

Deno.test("checkPackage() accepts the promised hash of the content", async () => {
  const sha256 = integrityHash(asFiles(samplePackage())).toUpperCase();

  deepStrictEqual(await check(manifest((it) => (it.integrity = { sha256 }))), []);
});

const MENU_TARGETS: readonly Document[] = [
  { workflow: "side" },
  { workflow: "workflows/side/workflow.md" },
  { workflow: "@pkg/workflows/side/workflow.md" },
  { exec: "./assets/do.md" },
  { exec: "{package-root}/assets/do.md" },
  { exec: "{project-root}/docs/their-own.md" },
  { exec: "@project/notes.md" },
  { exec: "assets/{{topic}}.md" },
  { action: "menu.show" },
  { action: "# Heading of an inline instruction" },
  { action: "#hello" },
  { workflow: "", exec: "", action: "" },
  { "ide-only": true },
  { "custom-key": { anything: [1] } },
];

for (const item of MENU_TARGETS) {
  Deno.test(`checkPackage() accepts the menu item ${JSON.stringify(item)}`, async () => {
    deepStrictEqual(await check(menu(item)), []);
  });
}

const LINKS = [
  "[a](steps/plan.md#goal)",
  "[a](<steps/plan.md>)",
  '[a](steps/plan.md "title")',
  "[a](../side/workflow.md)",
  "[a](assets/do.md)",
  "[a](steps/pl%61n.md)",
  "[a](https://example.org/x.md)",
  "[a](#steps)",
  "[a](@project/x.md)",
  "[a](artifacts/{{topic}}/x.md)",
  "```\n[a](steps/no.md)\n```",
];

for (const link of LINKS) {
  Deno.test(`checkPackage() accepts ${JSON.stringify(link)} in workflow.md`, async () => {
    const texts = { ...samplePackage(), [WORKFLOW]: workflowText("main", `${link}\n`) };

    deepStrictEqual(await check(texts), []);
  });
}

Deno.test("checkPackage() lists faults of all documents and rules at once", async () => {
  const texts: Texts = {
    ...graph((it) => {
      it.nodes[0].titel = 1;
      it.nodes[1].type = 7;
      it.edges[0].to = "x";
      it.edges.push(3);
    }),
    [PLAN]: "---\nnodeId: [\n---\n",
    [DONE]: stepText("gone", "end"),
  };
  texts["agents.json"] = menu({ exec: "no.md" })["agents.json"] ?? "";
  const codes = (await check(texts)).map(({ code }) => code);

  for (
    const code of [
      "SCHEMA_KEY_UNKNOWN",
      "SCHEMA_VALUE",
      "SCHEMA_TYPE",
      "GRAPH_EDGE_TARGET_UNKNOWN",
      "FRONT_MATTER_YAML",
      "STEP_NODE_ID_DIFFERS",
      "MENU_EXEC_MISSING",
    ]
  ) ok(codes.includes(code), `${code} in ${codes}`);
});

const NONSENSE: readonly Document[] = [null, 1, "x", [], {}, { nodes: {}, edges: 1 }, {
  nodes: [null],
}];

for (const value of NONSENSE) {
  Deno.test(`checkPackage() reports documents that hold ${JSON.stringify(value)} and goes on`, async () => {
    const text = JSON.stringify(value);
    const findings = await check({ ...samplePackage(), [GRAPH]: text, "agents.json": text });

    ok(findings.some(({ file }) => file === GRAPH));
    ok(findings.some(({ file }) => file === "agents.json"));
    ok(findings.every(({ code }) => /^(SCHEMA|ASSET|SUB)/.test(code)), JSON.stringify(findings));
  });
}

Deno.test("checkPackage() says that a folder without bmad.json is no package", async () => {
  const dir = await Deno.makeTempDir();
  await rejects(checkPackage(dir), { code: "PKG_INVALID", exitCode: 3 });
  await rejects(checkPackage(`${dir}/none`), { code: "PKG_NOT_FOUND", exitCode: 3 });
  await Deno.remove(dir);
});

Deno.test("checkPackage() sorts findings by file, line and column", async () => {
  const findings = await check(graph((it) => {
    it.edges[3].to = "x";
    it.entryNodeId = "y";
  }));
  const places = findings.map(({ line }) => line ?? 0);

  ok(places.length >= 2);
  deepStrictEqual(places, places.toSorted((a, b) => a - b));
});
