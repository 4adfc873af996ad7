// New packages in memory: blank, from a template, or from an archive. Not here: where they are kept.
import { leftOutFinding, noManifest } from "../runtime/package/load.ts";
import type { PackageFiles } from "../runtime/package/archive.ts";
import { checkFiles } from "../runtime/package/check.ts";
import { MANIFEST_PATH } from "../runtime/package/integrity.ts";
import { readArchiveSource } from "../runtime/package/source.ts";
import { blankPackage, readTemplate } from "../runtime/package/template.ts";
import { AppError } from "../schemas/error.ts";
import { type Finding, hasErrors } from "../schemas/finding.ts";
import { applyEdit } from "./edit/apply_edit.ts";
import { openDraft } from "./edit/draft.ts";
import type { PackageRecord, Packages } from "./store/packages.ts";

/** What is asked for. */
export interface NewPackage {
  readonly name: string;
  /** A name of `listTemplates`; blank if empty. */
  readonly template: string;
}

/**
 * Makes a package and keeps it.
 * @throws AppError `PKG_INVALID` (the name), `PKG_NAME_TAKEN`, `PKG_TEMPLATE_UNKNOWN`
 */
export async function addNewPackage(
  packages: Packages,
  userId: string,
  { name, template }: NewPackage,
): Promise<PackageRecord> {
  const cleanName = name.replace(/[\s\p{Cc}]+/gu, " ").trim();
  if (cleanName === "" || cleanName.length > 100) {
    const length = cleanName === "" ? "is empty" : `has ${cleanName.length} characters`;
    throw new AppError("PKG_INVALID", `The name of the package ${length}; it needs 1 to 100`);
  }
  const files = template === ""
    ? blankPackage(cleanName)
    : withName(await readTemplate(template), cleanName);
  return await packages.create(userId, files);
}

/** What came of an import: findings, and the package unless one of them is an error. */
export interface ImportResult {
  readonly findings: readonly Finding[];
  readonly record?: PackageRecord;
  /** The name that the archive's manifest gives, where another had to be taken. */
  readonly renamedFrom?: string;
}

/**
 * Reads an archive and keeps it under its own name, or under a free one if that is taken. Keeps
 * nothing if a finding is an error.
 * @param what the archive as a person knows it, for messages
 * @throws AppError `PKG_ZIP_*`, `PKG_INVALID` if it is no package
 */
export async function importPackage(
  packages: Packages,
  userId: string,
  { bytes, what }: { readonly bytes: Uint8Array; readonly what: string },
): Promise<ImportResult> {
  const { files, leftOut } = await readArchiveSource(bytes, `The file "${what}"`);
  if (!files.has(MANIFEST_PATH)) throw noManifest(what);
  const findings = [...checkFiles(files), ...leftOut.map(leftOutFinding)];
  if (hasErrors(findings)) return { findings };
  const name = openDraft(files).manifest.name;
  const free = await packages.freeName(userId, name);
  if (free === name) return { findings, record: await packages.create(userId, files) };
  const record = await packages.create(userId, withName(files, free));
  return { findings, record, renamedFrom: name };
}

/** The files with another name in the manifest; its other lines stay as they are. */
function withName(files: PackageFiles, name: string): PackageFiles {
  const edit = { kind: "manifest.change", fields: { name } } as const;
  const context = { now: new Date().toISOString(), newId: () => crypto.randomUUID() };
  return applyEdit(openDraft(files), edit, context).draft.files;
}
