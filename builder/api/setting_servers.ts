// `/settings/mcp-servers`: for the owner.
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";
import { valueOf } from "../settings/field_faults.ts";
import { checkMcpServer, type McpInput } from "../settings/mcp_input.ts";
import {
  entryOfId,
  type McpPlace,
  pasteServers,
  removeServer,
  saveServer,
  shownServerOf,
  shownServers,
  startServerTrial,
  useServer,
} from "../settings/mcp_settings.ts";
import { API_ROOT } from "./api_route.ts";
import type { ApiRequest } from "./operation.ts";

function placeOf(c: AppContext): McpPlace {
  const { trials, config: { dataDir } } = c.var.services;
  return { dataDir, trials };
}

type ServerBody = Partial<McpInput> & { readonly serverId?: string };

function inputOf({ serverId: _, ...given }: ServerBody): McpInput {
  return {
    command: "",
    args: [],
    env: {},
    cwd: null,
    timeoutSeconds: null,
    sandbox: "auto",
    hasNetwork: true,
    isEnabled: true,
    ...given,
  };
}

/** `GET /settings/mcp-servers`. */
export function listMcpServers(c: AppContext): Response {
  return dataResponse(shownServers(placeOf(c).dataDir));
}

/** `POST /settings/mcp-servers`. */
export async function createMcpServer(c: AppContext, { body }: ApiRequest): Promise<Response> {
  const given = body as ServerBody;
  const { serverId = "" } = given;
  const entry = valueOf(checkMcpServer(inputOf(given), undefined));
  await saveServer(placeOf(c), serverId, { as: "new", entry });
  return dataResponse(shownServerOf(placeOf(c).dataDir, serverId), {
    status: 201,
    headers: { location: `${API_ROOT}/settings/mcp-servers/${encodeURIComponent(serverId)}` },
  });
}

/** `POST /settings/mcp-servers/import` `{json, replace}`. */
export async function importMcpServers(c: AppContext, { body }: ApiRequest): Promise<Response> {
  const { json, replace } = body as { json: string; replace?: boolean };
  const replaces = replace ? "known" : "nothing";
  const outcome = await pasteServers(placeOf(c), { text: json, replaces });
  if (!("faults" in outcome)) return dataResponse(outcome);
  throw new AppError("MCP_CONFIG_INVALID", outcome.faults.join(". "), {
    details: { faults: outcome.faults },
  });
}

/** `GET /settings/mcp-servers/{serverId}`. */
export function getMcpServer(c: AppContext, { params }: ApiRequest): Response {
  return dataResponse(shownServerOf(placeOf(c).dataDir, params.serverId ?? ""));
}

/** `PUT /settings/mcp-servers/{serverId}`. */
export async function replaceMcpServer(c: AppContext, request: ApiRequest): Promise<Response> {
  const { serverId = "" } = request.params;
  const known = entryOfId(placeOf(c).dataDir, serverId);
  const entry = valueOf(checkMcpServer(inputOf(request.body as ServerBody), known));
  await saveServer(placeOf(c), serverId, { as: "replacement", entry });
  return getMcpServer(c, request);
}

/** `PATCH /settings/mcp-servers/{serverId}` `{isEnabled}`. */
export function switchMcpServer(c: AppContext, request: ApiRequest): Response {
  const { isEnabled } = request.body as { isEnabled: boolean };
  const { serverId = "" } = request.params;
  useServer(placeOf(c).dataDir, serverId, isEnabled ? "enable" : "disable");
  return getMcpServer(c, request);
}

/** `DELETE /settings/mcp-servers/{serverId}`. */
export async function deleteMcpServer(c: AppContext, { params }: ApiRequest): Promise<Response> {
  await removeServer(placeOf(c), params.serverId ?? "");
  return new Response(null, { status: 204 });
}

/** `POST /settings/mcp-servers/{serverId}/test` `{projectDir}`. */
export async function startMcpServerTest(
  c: AppContext,
  { params, body }: ApiRequest,
): Promise<Response> {
  const { services: { projects }, user } = c.var;
  const { projectDir } = body as { projectDir?: string };
  const project = projectDir === undefined ? undefined : await projects.admit(user, projectDir);
  startServerTrial(placeOf(c), params.serverId ?? "", project);
  return trialResponse(c, params.serverId ?? "", 202);
}

/** `GET /settings/mcp-servers/{serverId}/test`. */
export function getMcpServerTest(c: AppContext, { params }: ApiRequest): Response {
  return trialResponse(c, params.serverId ?? "", 200);
}

function trialResponse(c: AppContext, wanted: string, status: number): Response {
  const { serverId } = shownServerOf(placeOf(c).dataDir, wanted);
  const trial = c.var.services.trials.servers.of(serverId);
  const none = { state: "none", startedAt: null, failure: null, result: null };
  const { state, startedAt, failure, result } = trial ?? none;
  return dataResponse({ state, startedAt, failure, result }, { status });
}

/** `DELETE /settings/mcp-servers/{serverId}/test`. */
export async function stopMcpServerTest(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { serverId } = shownServerOf(placeOf(c).dataDir, params.serverId ?? "");
  await c.var.services.trials.servers.stop(serverId);
  return new Response(null, { status: 204 });
}
