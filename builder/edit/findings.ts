// What the checker of `crewagent check` says about a draft. Documents that did not change are not read
// again: of 1,000 step files an edit changes one or two.
import { checkFiles } from "../../runtime/package/check.ts";
import type { ReadDocuments } from "../../runtime/package/documents.ts";
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { Draft } from "./draft.ts";

const documents: ReadDocuments = new WeakMap();
const findings = new WeakMap<Draft, readonly Finding[]>();

/** All findings, sorted by file, line and column. A draft is checked once. */
export function findingsOf(draft: Draft): readonly Finding[] {
  let known = findings.get(draft);
  if (known === undefined) {
    known = draft.files.has(MANIFEST_PATH) ? checkFiles(draft.files, documents) : [noManifest];
    findings.set(draft, known);
  }
  return known;
}

const noManifest: Finding = {
  severity: "error",
  code: "DOCUMENT_MISSING",
  file: MANIFEST_PATH,
  message: `The package has no "${MANIFEST_PATH}"`,
  hint: "Add the file, or undo its removal.",
};
