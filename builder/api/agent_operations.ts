// Operations: agents of a package.
import { anyObject, list, record, ref, text } from "./json_schema.ts";
import { lazyCall, type Operation } from "./operation.ts";

const agents = () => import("./agents.ts");

const definition = {
  ...anyObject,
  description: "An agent of agents.json; what it requires and is missing gets a plain text.",
};

/** `/packages/{packageId}/agents`. */
export const AGENT_OPERATIONS: readonly Operation[] = [
  {
    operationId: "listAgents",
    method: "GET",
    path: "/packages/{packageId}/agents",
    tag: "agents",
    access: "account",
    summary: "The agents of a package, in its order.",
    answers: { 200: { data: list(ref("AgentCard")) } },
    handler: lazyCall(agents, "listAgents"),
  },
  {
    operationId: "createAgent",
    method: "POST",
    path: "/packages/{packageId}/agents",
    tag: "agents",
    access: "account",
    summary: "Adds an agent.",
    body: { json: record({ definition }) },
    answers: { 201: { data: ref("Agent"), headers: ["Location", "ETag"] } },
    errors: ["EDIT_REFUSED", "EDIT_CONFLICT"],
    handler: lazyCall(agents, "createAgent"),
  },
  {
    operationId: "getAgent",
    method: "GET",
    path: "/packages/{packageId}/agents/{agentId}",
    tag: "agents",
    access: "account",
    summary: "An agent as it stands in agents.json.",
    answers: { 200: { data: ref("Agent"), headers: ["ETag"] } },
    errors: ["AGENT_NOT_FOUND"],
    handler: lazyCall(agents, "showAgent"),
  },
  {
    operationId: "replaceAgent",
    method: "PUT",
    path: "/packages/{packageId}/agents/{agentId}",
    tag: "agents",
    access: "account",
    summary: "Puts another definition in the place of the old; keys that are not given go.",
    body: { json: record({ definition: anyObject }) },
    isConditional: true,
    answers: { 200: { data: ref("Agent"), headers: ["ETag"] } },
    errors: ["AGENT_NOT_FOUND", "EDIT_REFUSED", "EDIT_CONFLICT"],
    handler: lazyCall(agents, "replaceAgent"),
  },
  {
    operationId: "changeAgent",
    method: "PATCH",
    path: "/packages/{packageId}/agents/{agentId}",
    tag: "agents",
    access: "account",
    summary: "Changes the keys given, those of metadata and persona one by one; null removes.",
    body: { json: record({ definition: anyObject }) },
    isConditional: true,
    answers: { 200: { data: ref("Agent"), headers: ["ETag"] } },
    errors: ["AGENT_NOT_FOUND", "EDIT_REFUSED", "EDIT_CONFLICT"],
    handler: lazyCall(agents, "changeAgent"),
  },
  {
    operationId: "deleteAgent",
    method: "DELETE",
    path: "/packages/{packageId}/agents/{agentId}",
    tag: "agents",
    access: "account",
    summary: "Removes an agent. Refused for the last one, and while nodes use it unless another " +
      "takes over.",
    query: {
      replaceBy: text({ maxLength: 1000, description: "Id of the agent that takes over." }),
    },
    isConditional: true,
    answers: { 204: { nothing: true } },
    errors: ["AGENT_NOT_FOUND", "EDIT_REFUSED", "EDIT_CONFLICT"],
    handler: lazyCall(agents, "deleteAgent"),
  },
];
