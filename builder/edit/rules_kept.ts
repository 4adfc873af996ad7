// What an edit may not break: it adds no fault of a schema and no error of a rule. Faults that were
// there before do not stop it.
import { checkRules } from "../../runtime/package/rules/check_rules.ts";
import type { DocumentKind } from "../../schemas/document_schema.ts";
import type { Finding } from "../../schemas/finding.ts";
import { normalise, soundDocument } from "../../schemas/lenient.ts";
import type { GraphNode, StepFrontMatter } from "../../schemas/package.ts";
import { validate } from "../../schemas/validate.ts";
import { nodeOf } from "./graph_file.ts";
import type { JsonObject } from "./json_document.ts";
import type { MarkdownFile } from "./markdown_file.ts";
import { refused } from "./refusal.ts";
import type { WorkingCopy } from "./working_copy.ts";

/** @throws AppError `EDIT_REFUSED` with the first violation that `before` does not have */
export function refuseViolations(
  kind: DocumentKind,
  { before, after }: { before: unknown; after: unknown },
): void {
  const known = new Set(violationsOf(kind, before).map(({ message }) => message));
  const added = violationsOf(kind, after).find(({ message }) => !known.has(message));
  if (added) throw refused(`${added.message}. ${added.hint ?? ""}`.trim());
}

function violationsOf(kind: DocumentKind, value: unknown) {
  return value === undefined ? [] : validate(kind, normalise(kind, value));
}

/** A graph of the one node or edge, for its schema. */
export function graphAround(part: { node?: JsonObject; edge?: JsonObject }): JsonObject {
  const node = { id: "a", type: "step", file: "a.md" };
  return {
    schemaVersion: "1.2",
    entryNodeId: "a",
    nodes: [part.node ?? node],
    edges: part.edge ? [part.edge] : [],
  };
}

/** @throws AppError `EDIT_REFUSED` if the package has no such agent */
export function refuseUnknownAgent(work: WorkingCopy, agentId: string): void {
  const { agents } = work.draft;
  if (agents.some(({ id }) => id === agentId)) return;
  const known = agents.map(({ id }) => `"${id}"`).join(", ");
  throw refused(
    `There is no agent ${JSON.stringify(agentId.slice(0, 100))}; the package has: ${known}`,
  );
}

/**
 * A call of a workflow by another.
 * @throws AppError `EDIT_REFUSED` if there is no such workflow or the call closes a circle
 */
export function refuseWrongCall(work: WorkingCopy, callerId: string, calleeId: string): void {
  const { workflows } = work.draft;
  if (!workflows.some(({ id }) => id === calleeId)) {
    const known = workflows.map(({ id }) => `"${id}"`).join(", ");
    throw refused(
      `There is no workflow ${JSON.stringify(calleeId.slice(0, 100))}; the package has: ${known}`,
    );
  }
  if (!callsAny(work, calleeId, callerId)) return;
  throw refused(
    `"${callerId}" cannot call "${calleeId}": that one leads back to "${callerId}", and a workflow ` +
      "may not call itself, not even by detour",
  );
}

/** The first workflow that this one can call without a circle. */
export function callableWorkflow(work: WorkingCopy, callerId: string): string | undefined {
  return work.draft.workflows.find(({ id }) => !callsAny(work, id, callerId))?.id;
}

/** Whether `fromId` is `targetId` or calls it, by however many steps. */
function callsAny(work: WorkingCopy, fromId: string, targetId: string): boolean {
  const seen = new Set<string>();
  const queue = [fromId];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === targetId) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const node of work.draft.workflow(id)?.nodes ?? []) {
      if (node.subworkflowRef !== undefined) queue.push(node.subworkflowRef);
    }
  }
  return false;
}

interface Checked {
  readonly node: GraphNode;
  readonly file: MarkdownFile;
}

/** @throws AppError `EDIT_REFUSED` if the step's checks have an error that they did not have before */
export function refuseWrongChecks(before: Checked | undefined, after: Checked): void {
  const known = new Set(before ? checkErrors(before).map(({ message }) => message) : []);
  const added = checkErrors(after).find(({ message }) => !known.has(message));
  if (added) throw refused(`${added.message}. ${added.hint}`);
}

function checkErrors({ node, file }: Checked): Finding[] {
  const read = normalise("step", file.frontMatter.data);
  const value = soundDocument("step", read) as unknown as StepFrontMatter;
  const at = (pointer: string) => ({ file: node.file, pointer });
  const found = checkRules(node, { file: node.file, value, isValid: true, at });
  return [...found].filter(({ severity }) => severity === "error");
}

/** @throws AppError `EDIT_REFUSED` if the raw node breaks its schema where the old one did not */
export function refuseWrongNode(before: JsonObject | undefined, after: JsonObject): void {
  if (before === after) return;
  refuseViolations("workflow_graph", {
    before: before && graphAround({ node: before }),
    after: graphAround({ node: after }),
  });
  // A clean reading that lost the id would lose the node.
  if (nodeOf(after).id === "") throw refused("A node needs an id");
}
