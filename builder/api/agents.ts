// `/packages/{packageId}/agents`.
import type { EditOf } from "../../schemas/edit.ts";
import { AppError } from "../../schemas/error.ts";
import type { Agent } from "../../schemas/package.ts";
import { isRecord } from "../../schemas/record.ts";
import type { AppContext } from "../app_context.ts";
import type { Draft } from "../edit/draft.ts";
import { objectsAt, readJsonObject } from "../edit/json_document.ts";
import { dataResponse } from "../http/respond.tsx";
import type { StoredEdit } from "../live_drafts.ts";
import { apiPath, createdResponse, emptyResponse, etagOf, requireMatch } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";
import { editPackage, readPackage } from "./package_edit.ts";

type Definition = Readonly<Record<string, unknown>>;

/** `GET …/agents`. */
export async function listAgents(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { draft } = await readPackage(c, params.packageId ?? "");
  return dataResponse(draft.agents.map((agent) => cardOf(draft, agent)));
}

function cardOf(draft: Draft, { id: agentId, metadata: { name, title, icon } }: Agent) {
  const nodes = draft.workflows.flatMap(({ id }) => draft.workflow(id)?.nodes ?? []);
  const nodeCount = nodes.filter((node) => node.agentId === agentId).length;
  return { agentId, name, title, icon, nodeCount };
}

function shownAgent(draft: Draft, agentId: string) {
  const agent = draft.agents.find(({ id }) => id === agentId);
  const definition = definitionOf(draft, agentId);
  if (agent && definition) return { ...cardOf(draft, agent), definition };
  const shown = JSON.stringify(agentId.slice(0, 100));
  throw new AppError("AGENT_NOT_FOUND", `The package has no agent ${shown}`);
}

/** As it stands in the file, with keys that we do not know. */
function definitionOf(draft: Draft, agentId: string): Definition | undefined {
  const document = readJsonObject(draft.files.get(draft.agentsPath));
  return objectsAt(document, "agents").find(({ id }) => id === agentId);
}

/** The number of nodes is no part of an agent, so its tag does not change with it. */
function agentTag(draft: Draft, agentId: string): string {
  return etagOf(shownAgent(draft, agentId).definition);
}

/** `POST …/agents` `{definition}`. */
export async function createAgent(c: AppContext, { params, body }: ApiRequest): Promise<Response> {
  const { packageId = "" } = params;
  const { definition: agent } = body as { definition: Definition };
  const { revision, result } = await editPackage(c, packageId, {
    edit: { kind: "agent.add", agent },
    require: () => {},
  });
  const agentId = result.touched.agentIds[0] ?? "";
  const data = { ...shownAgent(result.draft, agentId), revision };
  const location = apiPath("packages", packageId, "agents", agentId);
  return createdResponse(data, location, { etag: agentTag(result.draft, agentId) });
}

/** `GET …/agents/{agentId}`. */
export async function showAgent(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { draft, revision } = await readPackage(c, params.packageId ?? "");
  return agentResponse(draft, params.agentId ?? "", revision);
}

function agentResponse(draft: Draft, agentId: string, revision: number): Response {
  const data = { ...shownAgent(draft, agentId), revision };
  return dataResponse(data, { headers: { etag: agentTag(draft, agentId) } });
}

/** `PATCH …/agents/{agentId}` `{definition}`. */
export async function changeAgent(c: AppContext, request: ApiRequest): Promise<Response> {
  const { agentId = "" } = request.params;
  const { definition: fields } = request.body as { definition: Definition };
  const { revision, result } = await edit(c, request, { kind: "agent.change", agentId, fields });
  return agentResponse(result.draft, agentId, revision);
}

/** `PUT …/agents/{agentId}` `{definition}`. */
export async function replaceAgent(c: AppContext, request: ApiRequest): Promise<Response> {
  const { packageId = "", agentId = "" } = request.params;
  const { definition } = request.body as { definition: Definition };
  const { draft } = await readPackage(c, packageId);
  const fields = replacing(shownAgent(draft, agentId).definition, { id: agentId, ...definition });
  const { revision, result } = await edit(c, request, { kind: "agent.change", agentId, fields });
  return agentResponse(result.draft, agentId, revision);
}

/** The new keys, and `null` for each old one that is not among them; so too where keys are merged. */
function replacing(old: Definition, now: Definition): Definition {
  const gone = Object.keys(old).filter((key) => !Object.hasOwn(now, key));
  const merged = ["metadata", "persona"].flatMap((key): [string, Definition][] => {
    const [before, after] = [old[key], now[key]];
    return isRecord(before) && isRecord(after) ? [[key, replacing(before, after)]] : [];
  });
  return {
    ...Object.fromEntries(gone.map((key) => [key, null])),
    ...now,
    ...Object.fromEntries(merged),
  };
}

/** `DELETE …/agents/{agentId}?replaceBy=`. */
export async function deleteAgent(c: AppContext, request: ApiRequest): Promise<Response> {
  const { agentId = "" } = request.params;
  const { replaceBy } = request.query;
  await edit(c, request, {
    kind: "agent.delete",
    agentId,
    ...(typeof replaceBy === "string" && { replaceBy }),
  });
  return emptyResponse();
}

function edit(
  c: AppContext,
  { params }: ApiRequest,
  edit: EditOf<"agent.change" | "agent.delete">,
): Promise<StoredEdit> {
  return editPackage(c, params.packageId ?? "", {
    edit,
    require: (draft) => requireMatch(c, agentTag(draft, edit.agentId)),
  });
}
