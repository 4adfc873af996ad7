// Settings: the MCP servers, for the owner. What is done with them is in `settings/mcp_settings.ts`.
import { AppError } from "../../schemas/error.ts";
import type { TypedForm } from "../../views/settings/fields.tsx";
import type { McpFormProps } from "../../views/settings/mcp_form.tsx";
import {
  McpPage,
  type McpPageProps,
  type McpRow,
  serverPath,
} from "../../views/settings/mcp_page.tsx";
import {
  McpServerPage,
  McpTrial,
  type McpTrialProps,
  NewMcpPage,
} from "../../views/settings/mcp_server_page.tsx";
import type { AppContext } from "../app_context.ts";
import { textField, textFields } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, isFragmentRequest, redirect } from "../http/respond.tsx";
import { fieldsOfServer, inputOfServerFields } from "../settings/mcp_fields.ts";
import { checkMcpServer } from "../settings/mcp_input.ts";
import {
  entryOfId,
  type McpPlace,
  pasteServers,
  protection,
  removeServer,
  saveServer,
  type ShownMcpServer,
  shownServerOf,
  shownServers,
  startServerTrial,
  useServer,
  USUAL_TIMEOUT_SECONDS,
} from "../settings/mcp_settings.ts";

interface Outcome {
  readonly fault?: string;
  readonly done?: string;
  readonly status?: number;
}

function placeOf(c: AppContext): McpPlace {
  const { trials, config: { dataDir } } = c.var.services;
  return { dataDir, trials };
}

/** `GET /settings/mcp`. */
export function showServers(c: AppContext): Promise<Response> {
  const { removed } = c.req.query();
  return listPage(c, removed === undefined ? {} : { done: c.var.texts.mcp.removed(removed) });
}

function listPage(
  c: AppContext,
  { status, ...props }: Outcome & Pick<McpPageProps, "pasted" | "pasteFaults">,
): Promise<Response> {
  const servers = shownServers(placeOf(c).dataDir).map((server) => rowOf(c, server));
  const page = (
    <McpPage frame={c.var.frame} servers={servers} protection={protection()} {...props} />
  );
  return htmlResponse(page, status === undefined ? {} : { status });
}

function rowOf(c: AppContext, server: ShownMcpServer): McpRow {
  const result = c.var.services.trials.servers.of(server.serverId)?.result;
  return { ...server, ...(result && { toolCount: result.isGood ? result.tools.length : null }) };
}

/** `POST /settings/mcp/import` (`json`, `replace`): all servers that are pasted, or none. */
export async function importServers(c: AppContext): Promise<Response> {
  const values = textFields(await readForm(c));
  const replaces = values.replace === "yes" ? "known" : "nothing";
  const outcome = await pasteServers(placeOf(c), { text: values.json ?? "", replaces });
  if ("faults" in outcome) {
    const pasted = { values, faults: {} };
    return await listPage(c, { pasted, pasteFaults: outcome.faults, status: 422 });
  }
  const words = [c.var.texts.mcp.pasted(outcome.added.join(", ")), ...outcome.warnings];
  return await listPage(c, { done: words.join(" ") });
}

/** `GET /settings/mcp/new`. */
export function showNewServer(c: AppContext): Promise<Response> {
  const values = { sandbox: "auto", hasNetwork: "yes", isEnabled: "yes" };
  return newPage(c, { form: { values, faults: {} } });
}

function newPage(
  c: AppContext,
  { status, form }: { readonly status?: number; readonly form: TypedForm },
): Promise<Response> {
  const page = <NewMcpPage frame={c.var.frame} edit={formOf(c, form)} />;
  return htmlResponse(page, status === undefined ? {} : { status });
}

function formOf(c: AppContext, form: TypedForm): McpFormProps {
  const usualTimeoutSeconds = USUAL_TIMEOUT_SECONDS;
  return { frame: c.var.frame, form, protection: protection(), usualTimeoutSeconds };
}

/** `POST /settings/mcp/new`. */
export async function createServer(c: AppContext): Promise<Response> {
  const values = textFields(await readForm(c));
  const serverId = (values.serverId ?? "").trim();
  const { input, faults } = inputOfServerFields(values);
  const checked = checkMcpServer(input, undefined);
  const all = { ...checked.faults, ...faults };
  if (checked.value === undefined || Object.keys(all).length > 0) {
    return await newPage(c, { form: { values, faults: all }, status: 422 });
  }
  try {
    await saveServer(placeOf(c), serverId, { as: "new", entry: checked.value });
  } catch (thrown) {
    const isOfName = thrown instanceof AppError && thrown.code.startsWith("MCP_");
    if (!isOfName) throw thrown;
    const form = { values, faults: { serverId: thrown.message } };
    return await newPage(c, { form, status: thrown.httpStatus });
  }
  return redirect(`${serverPath(serverId)}?done=added`);
}

function idOf(c: AppContext): string {
  return c.req.param("serverId") ?? "";
}

/** `GET /settings/mcp/servers/:serverId`. */
export function showServer(c: AppContext): Promise<Response> {
  const { mcp } = c.var.texts;
  const { done } = c.req.query();
  const said = done === "added" ? mcp.added(idOf(c)) : done === "saved" ? mcp.saved : undefined;
  return serverPage(c, said === undefined ? {} : { done: said });
}

async function serverPage(
  c: AppContext,
  { status, form, ...outcome }: Outcome & { readonly form?: TypedForm },
): Promise<Response> {
  const server = shownServerOf(placeOf(c).dataDir, idOf(c));
  const { serverId, env, fault } = server;
  const typed = form ?? { values: fieldsOfServer(server), faults: {} };
  const edit = { ...formOf(c, typed), known: { serverId, env } };
  const said = fault === null ? {} : { fault: `${c.var.texts.mcp.cannotStart}: ${fault}` };
  const page = (
    <McpServerPage
      frame={c.var.frame}
      edit={edit}
      trial={await trialOf(c, serverId)}
      {...said}
      {...outcome}
    />
  );
  return await htmlResponse(page, status === undefined ? {} : { status });
}

async function trialOf(c: AppContext, serverId: string): Promise<McpTrialProps> {
  const { services: { trials, projects }, user, frame } = c.var;
  const trial = trials.servers.of(serverId);
  return {
    frame,
    serverId,
    state: trial?.state ?? "none",
    result: trial?.result ?? null,
    failure: trial?.failure ?? null,
    projects: await projects.recent(user),
  };
}

/** `POST /settings/mcp/servers/:serverId`. */
export async function changeServer(c: AppContext): Promise<Response> {
  const values = textFields(await readForm(c));
  const { input, faults } = inputOfServerFields(values);
  const checked = checkMcpServer(input, entryOfId(placeOf(c).dataDir, idOf(c)));
  const all = { ...checked.faults, ...faults };
  if (checked.value === undefined || Object.keys(all).length > 0) {
    return await serverPage(c, { form: { values, faults: all }, status: 422 });
  }
  await saveServer(placeOf(c), idOf(c), { as: "replacement", entry: checked.value });
  return redirect(`${serverPath(idOf(c))}?done=saved`);
}

/** `POST /settings/mcp/servers/:serverId/enable`. */
export function enableServer(c: AppContext): Response {
  useServer(placeOf(c).dataDir, idOf(c), "enable");
  return redirect("/settings/mcp");
}

/** `POST /settings/mcp/servers/:serverId/disable`. */
export function disableServer(c: AppContext): Response {
  useServer(placeOf(c).dataDir, idOf(c), "disable");
  return redirect("/settings/mcp");
}

/** `POST /settings/mcp/servers/:serverId/remove`. */
export async function removeOneServer(c: AppContext): Promise<Response> {
  await removeServer(placeOf(c), idOf(c));
  return redirect(`/settings/mcp?removed=${encodeURIComponent(idOf(c))}`);
}

/** `GET /settings/mcp/servers/:serverId/test`: the part of the page that shows it. */
export async function showServerTest(c: AppContext): Promise<Response> {
  const { serverId } = shownServerOf(placeOf(c).dataDir, idOf(c));
  if (!isFragmentRequest(c.req.raw)) return redirect(serverPath(serverId));
  return await htmlResponse(<McpTrial {...await trialOf(c, serverId)} />);
}

/** `POST /settings/mcp/servers/:serverId/test` (`project`). */
export async function startServerTest(c: AppContext): Promise<Response> {
  const { services: { projects }, user } = c.var;
  const wanted = textField(await readForm(c), "project").trim();
  const project = wanted === "" ? undefined : await projects.admit(user, wanted);
  startServerTrial(placeOf(c), idOf(c), project);
  return await showServerTest(c);
}

/** `POST /settings/mcp/servers/:serverId/test/stop`. */
export async function stopServerTest(c: AppContext): Promise<Response> {
  await c.var.services.trials.servers.stop(idOf(c));
  return await showServerTest(c);
}
