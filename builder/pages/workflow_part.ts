// Where a part of a workflow (node, edge, the workflow itself) is, for its form.
import { AppError } from "../../schemas/error.ts";
import type { Draft, DraftWorkflow } from "../edit/draft.ts";

/** A part of a workflow. */
export interface WorkflowPart {
  readonly packageId: string;
  readonly workflowId: string;
  /** A node id, an edge ref, or empty for the workflow. */
  readonly id: string;
}

/** The workflow of a draft. @throws AppError `WORKFLOW_NOT_FOUND` */
export function workflowOf(draft: Draft, workflowId: string): DraftWorkflow {
  const workflow = draft.workflow(workflowId);
  if (workflow) return workflow;
  const known = draft.workflows.map(({ id }) => `"${id}"`).join(", ");
  throw new AppError(
    "WORKFLOW_NOT_FOUND",
    `The package has no workflow "${workflowId.slice(0, 100)}", only ${known || "none"}`,
  );
}

/** The names that a page says above the form. */
export function placeOf(draft: Draft, { packageId, workflowId }: WorkflowPart) {
  const { listing } = workflowOf(draft, workflowId);
  return {
    packageId,
    packageName: draft.manifest.name,
    workflowId,
    workflowName: listing.displayName ?? workflowId,
  };
}

/** Names that the run may know as variables: start values, and what nodes set. */
export function variableNames(draft: Draft, workflowId: string): readonly string[] {
  const workflow = workflowOf(draft, workflowId);
  return Object.keys(workflow.document?.state.variables ?? {});
}
