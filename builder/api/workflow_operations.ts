// Operations: workflows of a package. What these do not say (nodes, edges, layout, order) is an edit.
import { list, record, ref, text } from "./json_schema.ts";
import { lazyCall, type Operation } from "./operation.ts";

const workflows = () => import("./workflows.ts");

/** `/packages/{packageId}/workflows`. */
export const WORKFLOW_OPERATIONS: readonly Operation[] = [
  {
    operationId: "listWorkflows",
    method: "GET",
    path: "/packages/{packageId}/workflows",
    tag: "workflows",
    access: "account",
    summary: "The workflows of a package, in its order.",
    answers: { 200: { data: list(ref("WorkflowCard")) } },
    handler: lazyCall(workflows, "listWorkflows"),
  },
  {
    operationId: "createWorkflow",
    method: "POST",
    path: "/packages/{packageId}/workflows",
    tag: "workflows",
    access: "account",
    summary: "Adds a workflow of one step and one end.",
    body: {
      json: record({
        displayName: text({ minLength: 1, maxLength: 10_000 }),
        workflowId: text({ maxLength: 10_000, description: "Made from the name if left out." }),
      }, ["workflowId"]),
    },
    answers: { 201: { data: ref("Workflow"), headers: ["Location", "ETag"] } },
    errors: ["EDIT_REFUSED", "EDIT_CONFLICT"],
    handler: lazyCall(workflows, "createWorkflow"),
  },
  {
    operationId: "getWorkflow",
    method: "GET",
    path: "/packages/{packageId}/workflows/{workflowId}",
    tag: "workflows",
    access: "account",
    summary: "A workflow with its graph.",
    answers: { 200: { data: ref("Workflow"), headers: ["ETag"] } },
    errors: ["WORKFLOW_NOT_FOUND"],
    handler: lazyCall(workflows, "showWorkflow"),
  },
  {
    operationId: "changeWorkflow",
    method: "PATCH",
    path: "/packages/{packageId}/workflows/{workflowId}",
    tag: "workflows",
    access: "account",
    summary: "Changes what is given; null removes.",
    body: { json: ref("workflow.change/properties/fields") },
    isConditional: true,
    answers: { 200: { data: ref("Workflow"), headers: ["ETag"] } },
    errors: ["WORKFLOW_NOT_FOUND", "EDIT_REFUSED", "EDIT_CONFLICT"],
    handler: lazyCall(workflows, "changeWorkflow"),
  },
  {
    operationId: "deleteWorkflow",
    method: "DELETE",
    path: "/packages/{packageId}/workflows/{workflowId}",
    tag: "workflows",
    access: "account",
    summary:
      "Removes a workflow with its files. Refused for the last one, and while others call it.",
    isConditional: true,
    answers: { 204: { nothing: true } },
    errors: ["WORKFLOW_NOT_FOUND", "EDIT_REFUSED", "EDIT_CONFLICT"],
    handler: lazyCall(workflows, "deleteWorkflow"),
  },
];
