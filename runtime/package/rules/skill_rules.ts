// Skills: imports that lead to a SKILL.md, names of their own, tools and capabilities that exist.
import type { Finding } from "../../../schemas/finding.ts";
import type { AgentsDocument } from "../../../schemas/package.ts";
import { allowedToolNames, isToolName, SKILL_NAME } from "../../../schemas/skill.ts";
import type { PackageFiles } from "../archive.ts";
import type { PackageDocument } from "../documents.ts";
import { finding } from "../finding_codes.ts";
import { assetsFolder, SKILL_FILE, type SkillParts } from "../skills.ts";
import { repeated } from "./repeated.ts";

/** About 5,000 tokens, which the public format takes as the most for instructions. */
const MOST_BODY_CHARS = 20_000;

/** What the rules look at. */
export interface SkillRuleParts {
  readonly agents: PackageDocument<AgentsDocument>;
  readonly skills: readonly SkillParts[];
  readonly files: PackageFiles;
  readonly assetsDir: string | undefined;
}

/** Findings about the skills of all agents. */
export function* skillRules(parts: SkillRuleParts): Generator<Finding> {
  yield* capabilityRules(parts.agents);
  for (const skill of parts.skills) {
    yield* sourceRules(skill, parts);
    yield* importNameRules(skill, parts.agents);
  }
  yield* uniqueNames(parts);
  // A skill that several agents have is judged once.
  const judged = new Set<unknown>();
  for (const { document, source } of parts.skills) {
    if (!document || judged.has(document)) continue;
    judged.add(document);
    yield* documentRules(document, source.kind === "skill" ? source.folder : "");
  }
}

function* capabilityRules(agents: PackageDocument<AgentsDocument>): Generator<Finding> {
  for (const [index, { id, skills }] of agents.value.agents.entries()) {
    for (const name of ["python", "browser"] as const) {
      if (skills?.capabilities?.[name]?.enabled !== true) continue;
      const pointer = `/agents/${index}/skills/capabilities/${name}/enabled`;
      const message =
        `"${id}" asks for the capability "${name}", which this runtime does not offer`;
      yield finding("SKILL_CAPABILITY", agents.at(pointer), message);
    }
  }
}

function* sourceRules(
  { pointer, source, written: { source: path } }: SkillParts,
  { agents, files, assetsDir }: SkillRuleParts,
): Generator<Finding> {
  const place = agents.at(`${pointer}/source`);
  const written = JSON.stringify(shortened(path));
  switch (source.kind) {
    case "missing":
      yield finding(
        "SKILL_SOURCE_MISSING",
        place,
        `The skill's source ${written} is neither a folder nor a file of the package`,
      );
      return;
    case "outside": {
      const hint = `Move the folder below ${assetsFolder(assetsDir)} and name it from there.`;
      const message = `The skill's source ${written} ${source.reason}`;
      yield finding("SKILL_SOURCE_OUTSIDE", place, message, hint);
      return;
    }
    case "script":
      yield finding(
        "SKILL_SCRIPT",
        place,
        `The skill's source ${written} is a file; this runtime takes up folders with a ${SKILL_FILE}`,
      );
      return;
    case "folder": {
      const beginning = `${source.folder}/`;
      const other = [...files.keys()].find((path) =>
        path.toLowerCase() === `${beginning}${SKILL_FILE}`.toLowerCase()
      );
      const instead = other ? `, but a "${other.slice(beginning.length)}"` : "";
      const message = `The folder ${written} has no ${SKILL_FILE}${instead}`;
      yield finding("SKILL_FILE_MISSING", place, message);
    }
  }
}

/** What the import says of the name; the SKILL.md's own is judged by its schema. */
function* importNameRules(
  { pointer, name, written: { name: own } }: SkillParts,
  agents: PackageDocument<AgentsDocument>,
): Generator<Finding> {
  if (own === undefined || SKILL_NAME.test(name)) return;
  const message = `The name ${JSON.stringify(shortened(own))} is none for a skill`;
  yield finding("SKILL_NAME", agents.at(`${pointer}/name`), message);
}

function* uniqueNames({ agents, skills }: SkillRuleParts): Generator<Finding> {
  const byAgent = Map.groupBy(skills, ({ agentIndex }) => agentIndex);
  for (const [agentIndex, own] of byAgent) {
    const id = agents.value.agents[agentIndex]?.id;
    for (const { index, first } of repeated(own.map(({ name }) => name))) {
      const { name = "", pointer = "" } = own[index] ?? {};
      const message = `Skills ${first} and ${index} of "${id}" both have the name "${
        shortened(name)
      }"`;
      yield finding("SKILL_NAME_DUPLICATE", agents.at(pointer), message);
    }
  }
}

function* documentRules(
  { file, value, body, bodyLine, at }: NonNullable<SkillParts["document"]>,
  folder: string,
): Generator<Finding> {
  const last = folder.slice(folder.lastIndexOf("/") + 1);
  if (SKILL_NAME.test(value.name) && value.name !== last) {
    const message = `The skill "${value.name}" lies in a folder that is called "${last}"`;
    yield finding("SKILL_NAME_DIFFERS", at("/name"), message);
  }
  for (const name of allowedToolNames(value["allowed-tools"]) ?? []) {
    if (isToolName(name)) continue;
    const message = `allowed-tools names ${
      JSON.stringify(shortened(name))
    }, which is no tool here; it allows nothing`;
    yield finding("SKILL_TOOL_UNKNOWN", at("/allowed-tools"), message);
  }
  const place = { file, line: bodyLine, column: 1 };
  if (body.trim() === "") {
    yield finding("SKILL_BODY_EMPTY", place, `The ${SKILL_FILE} says nothing below its head`);
  }
  if (body.length > MOST_BODY_CHARS) {
    const message =
      `The instructions are ${body.length} characters long; over ${MOST_BODY_CHARS} they crowd a model's window`;
    yield finding("SKILL_BODY_LONG", place, message);
  }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
