// `/packages/{packageId}/workflows`.
import type { EditOf } from "../../schemas/edit.ts";
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import type { Draft, DraftWorkflow } from "../edit/draft.ts";
import { dataResponse } from "../http/respond.tsx";
import type { StoredEdit } from "../live_drafts.ts";
import { apiPath, createdResponse, emptyResponse, etagOf, requireMatch } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";
import { editPackage, readPackage } from "./package_edit.ts";
import { shownListing, shownWorkflow } from "./shown_workflow.ts";

/** `GET …/workflows`. */
export async function listWorkflows(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { draft } = await readPackage(c, params.packageId ?? "");
  return dataResponse(draft.workflows.map((listing) => {
    const workflow = workflowOf(draft, listing.id);
    return { ...shownListing(listing, workflow), nodeCount: workflow.nodes.length };
  }));
}

function workflowOf(draft: Draft, workflowId: string): DraftWorkflow {
  const workflow = draft.workflow(workflowId);
  if (workflow) return workflow;
  const shown = JSON.stringify(workflowId.slice(0, 100));
  throw new AppError("WORKFLOW_NOT_FOUND", `The package has no workflow ${shown}`);
}

/** `POST …/workflows` `{displayName, workflowId?}`. */
export async function createWorkflow(
  c: AppContext,
  { params, body }: ApiRequest,
): Promise<Response> {
  const { packageId = "" } = params;
  const asked = body as { displayName: string; workflowId?: string };
  const { revision, result } = await editPackage(c, packageId, {
    edit: { kind: "workflow.add", ...asked },
    require: () => {},
  });
  const shown = shownWorkflow(workflowOf(result.draft, result.touched.workflowId ?? ""));
  const location = apiPath("packages", packageId, "workflows", shown.workflowId);
  return createdResponse({ ...shown, revision }, location, { etag: etagOf(shown) });
}

/** `GET …/workflows/{workflowId}`. */
export async function showWorkflow(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { draft, revision } = await readPackage(c, params.packageId ?? "");
  return workflowResponse(workflowOf(draft, params.workflowId ?? ""), revision);
}

function workflowResponse(workflow: DraftWorkflow, revision: number): Response {
  const shown = shownWorkflow(workflow);
  return dataResponse({ ...shown, revision }, { headers: { etag: etagOf(shown) } });
}

/** `PATCH …/workflows/{workflowId}`. */
export async function changeWorkflow(c: AppContext, request: ApiRequest): Promise<Response> {
  const { workflowId = "" } = request.params;
  const fields = request.body as EditOf<"workflow.change">["fields"];
  const { revision, result } = await edit(c, request, {
    kind: "workflow.change",
    workflowId,
    fields,
  });
  return workflowResponse(workflowOf(result.draft, workflowId), revision);
}

/** `DELETE …/workflows/{workflowId}`. */
export async function deleteWorkflow(c: AppContext, request: ApiRequest): Promise<Response> {
  const { workflowId = "" } = request.params;
  await edit(c, request, { kind: "workflow.delete", workflowId });
  return emptyResponse();
}

function edit(
  c: AppContext,
  { params }: ApiRequest,
  edit: EditOf<"workflow.change" | "workflow.delete">,
): Promise<StoredEdit> {
  return editPackage(c, params.packageId ?? "", {
    edit,
    require: (draft) => requireMatch(c, etagOf(shownWorkflow(workflowOf(draft, edit.workflowId)))),
  });
}
