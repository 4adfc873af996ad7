// The skills of a package: which folders its agents import, and what their SKILL.md says. Whatever is
// wrong with one is for the rules (`rules/skill_rules.ts`); a skill with a fault is not among `skillsOf`.
import type { AgentsDocument, SkillFrontMatter, SkillImport } from "../../schemas/package.ts";
import { allowedToolNames, SKILL_NAME } from "../../schemas/skill.ts";
import type { PackageFiles } from "./archive.ts";
import type { DocumentReader, MarkdownDocument, PackageDocument } from "./documents.ts";
import { comparePaths, unsafePathReason } from "./entry_path.ts";
import { cleanPath } from "./written_path.ts";

/** The file that makes a folder a skill. */
export const SKILL_FILE = "SKILL.md";

/** A skill as an agent has it. */
export interface Skill {
  /** Unique for its agent. */
  readonly name: string;
  readonly description: string;
  /** Package-relative, without a slash at its end. */
  readonly folder: string;
  /** What stands below the head of its SKILL.md. */
  readonly body: string;
  /** Names as its author wrote them; `undefined` narrows nothing. */
  readonly allowedTools?: readonly string[];
  /** Files beside the SKILL.md, at any depth, sorted. */
  readonly files: readonly SkillFile[];
}

/** A file that belongs to a skill. */
export interface SkillFile {
  /** Package-relative. */
  readonly path: string;
  readonly bytes: number;
}

/** Where the source of an import leads. */
export type SkillSource =
  | { readonly kind: "skill"; readonly folder: string }
  /** A folder without a SKILL.md. */
  | { readonly kind: "folder"; readonly folder: string }
  /** A file that is no SKILL.md. */
  | { readonly kind: "script" }
  | { readonly kind: "missing" }
  /** `reason` is the end of "The path … ". */
  | { readonly kind: "outside"; readonly reason: string };

/** An import of an agent with what was found there. */
export interface SkillParts {
  readonly agentIndex: number;
  /** JSON pointer of the import in agents.json. */
  readonly pointer: string;
  readonly written: SkillImport;
  /** As the agent names it, or as the SKILL.md does; empty if neither says. */
  readonly name: string;
  readonly source: SkillSource;
  /** Missing where there is none or its head cannot be read. */
  readonly document: MarkdownDocument<SkillFrontMatter> | undefined;
}

/** Reads what agents import, in their order; findings about single SKILL.md files are in the reader. */
export function readSkills(
  reader: DocumentReader,
  agents: PackageDocument<AgentsDocument> | undefined,
  assetsDir: string | undefined,
): SkillParts[] {
  const place = {
    files: reader.files,
    folders: new Set<string>(),
    assets: assetsFolder(assetsDir),
  };
  for (const path of reader.files.keys()) {
    for (const folder of foldersOf(path)) place.folders.add(folder);
  }
  return (agents?.value.agents ?? []).flatMap(({ skills }, agentIndex) =>
    (skills?.imports ?? []).map((written, index) => {
      const source = findSource(written.source, place);
      const document = source.kind === "skill"
        ? reader.markdown("skill", `${source.folder}/${SKILL_FILE}`)
        : undefined;
      const name = written.name ?? document?.value.name ?? "";
      const pointer = `/agents/${agentIndex}/skills/imports/${index}`;
      return { agentIndex, pointer, written, name, source, document };
    })
  );
}

/** The folder of a package's assets, with a slash at its end. */
export function assetsFolder(assetsDir: string | undefined): string {
  return `${cleanPath(assetsDir ?? "assets").replace(/\/+$/, "")}/`;
}

/** Every folder that a path lies in, the innermost last. */
function foldersOf(path: string): string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}

interface PackagePlace {
  readonly files: PackageFiles;
  readonly folders: ReadonlySet<string>;
  readonly assets: string;
}

function findSource(written: string, { files, folders, assets }: PackagePlace): SkillSource {
  const path = cleanPath(written).replace(/\/+$/, "").replace(/\/SKILL\.md$/, "");
  const reason = path.startsWith("@") ? "lies outside the package" : unsafePathReason(path);
  if (reason !== undefined) return { kind: "outside", reason };
  if (!path.startsWith(assets)) return { kind: "outside", reason: `does not lie below ${assets}` };
  if (files.has(`${path}/${SKILL_FILE}`)) return { kind: "skill", folder: path };
  if (files.has(path)) return { kind: "script" };
  return folders.has(path) ? { kind: "folder", folder: path } : { kind: "missing" };
}

/** The skills without a fault, by the index of their agent; of two with one name the first. */
export function skillsOf(
  parts: readonly SkillParts[],
  files: PackageFiles,
): ReadonlyMap<number, readonly Skill[]> {
  const beside = filesBeside(parts, files);
  const found = new Map<number, Map<string, Skill>>();
  for (const { agentIndex, name, source, document } of parts) {
    if (source.kind !== "skill" || !document?.isValid || !SKILL_NAME.test(name)) continue;
    const own = found.get(agentIndex) ?? new Map<string, Skill>();
    found.set(agentIndex, own);
    if (own.has(name)) continue;
    const { folder } = source;
    const { value: { description, "allowed-tools": allowed }, body } = document;
    const allowedTools = allowedToolNames(allowed);
    const skill = { name, description, folder, body, files: beside.get(folder) ?? [] };
    own.set(name, { ...skill, ...(allowedTools && { allowedTools }) });
  }
  return new Map([...found].map(([agentIndex, own]) => [agentIndex, [...own.values()]]));
}

/** Folder of a skill → its files; one pass, since many agents may have one skill. */
function filesBeside(parts: readonly SkillParts[], files: PackageFiles): Map<string, SkillFile[]> {
  const beside = new Map<string, SkillFile[]>();
  for (const { source } of parts) if (source.kind === "skill") beside.set(source.folder, []);
  for (const path of [...files.keys()].sort(comparePaths)) {
    const bytes = files.get(path)?.length ?? 0;
    for (const folder of foldersOf(path)) {
      if (path !== `${folder}/${SKILL_FILE}`) beside.get(folder)?.push({ path, bytes });
    }
  }
  return beside;
}
