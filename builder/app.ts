// The route table of the builder, readable from top to bottom, and the application round it. Handlers
// are in `pages/` (HTML) and `api/` (JSON); what holds for all of them is in `http/`.
import { Hono } from "hono";
import { PACKAGE_LIMITS } from "../runtime/package/limits.ts";
import { AppError } from "../schemas/error.ts";
import { english } from "../views/text/texts.ts";
import { apiRoute } from "./api/api_route.ts";
import { OPERATIONS } from "./api/operations.ts";
import type { AppContext, AppEnv, AppHandler } from "./app_context.ts";
import { assetResponse } from "./http/assets.ts";
import { requireHost, SECURITY_HEADERS } from "./http/guards.ts";
import { errorResponse } from "./http/respond.tsx";
import { type Access, admit, frameOf, lazy, type Route, type RouteOptions } from "./http/route.ts";
import { userOfCookie } from "./http/route.ts";
import type { Services } from "./services.ts";

const authPages = () => import("./pages/auth.tsx");
const packagesPage = () => import("./pages/packages.tsx");
const packagePage = () => import("./pages/package.tsx");
const workflowEditor = () => import("./pages/workflow_editor.tsx");
const draftEdits = () => import("./pages/draft_edits.tsx");
const inspector = () => import("./pages/inspector.tsx");
const nodeForm = () => import("./pages/node_form.tsx");
const edgeForm = () => import("./pages/edge_form.tsx");
const workflowForm = () => import("./pages/workflow_form.tsx");
const agentForm = () => import("./pages/agent_form.tsx");
const assets = () => import("./pages/assets.tsx");
const fileEditor = () => import("./pages/file_editor.tsx");
const step = () => import("./pages/step.tsx");
const manifestForm = () => import("./pages/manifest_form.tsx");
const versionPages = () => import("./pages/versions.tsx");
const projectsPages = () => import("./pages/projects.tsx");
const projectPages = () => import("./pages/project.tsx");
const projectFile = () => import("./pages/project_file.tsx");
const projectEdit = () => import("./pages/project_edit.tsx");
const runsPages = () => import("./pages/runs.tsx");
const inboxPages = () => import("./pages/inbox.tsx");
const startRunPages = () => import("./pages/start_run.tsx");
const runPage = () => import("./pages/run.tsx");
const runComposer = () => import("./pages/run_composer.tsx");
const runControl = () => import("./pages/run_control.tsx");
const runState = () => import("./pages/run_state.tsx");
const runFile = () => import("./pages/run_file.tsx");
const runStream = () => import("./pages/run_stream.tsx");
const profilePages = () => import("./pages/settings_profiles.tsx");
const mcpPages = () => import("./pages/settings_mcp.tsx");
const policyPages = () => import("./pages/settings_policy.tsx");
const dataPages = () => import("./pages/settings_data.tsx");
const settingsPages = () => import("./pages/settings.tsx");
const control = () => import("./api/control.ts");
const openapi = () => import("./api/openapi.ts");
const apiDocs = () => import("./pages/api_docs.tsx");

/** A form may say a little more than the archive itself. */
const IMPORT = { bodyBytes: PACKAGE_LIMITS.archiveBytes + (64 << 10) };

/** An edit may carry an asset of 1 MiB as base64, or a clip of many nodes. */
const EDIT = { bodyBytes: 4 << 20 };

/** All that a package's assets may hold, and what a form says around it. */
const UPLOAD = { bodyBytes: 21 << 20 };
/** A document may be of 8 MiB, and a form writes a byte as three. */
const RAW = { bodyBytes: 25 << 20 };
/** A state document may be of 2 MiB, and a form writes a byte as three. */
const STATE = { bodyBytes: 7 << 20 };
const STREAM = { isStream: true };

const PROJECT = "/projects/:projectId";
const WORKFLOW = "/packages/:packageId/workflows/:workflowId";

const PROFILE = "/settings/profiles/named/:name";

const SERVER = "/settings/mcp/servers/:serverId";

/** Every route. What is not here is not found. */
export const ROUTES: readonly Route[] = [
  get("/", "account", lazy(packagesPage, "home")),

  get("/start", "anyone", lazy(authPages, "showStart")),
  post("/start", "anyone", lazy(authPages, "createOwner")),
  get("/open", "anyone", lazy(authPages, "openByLink")),
  get("/login", "anyone", lazy(authPages, "showLogin")),
  post("/login", "anyone", lazy(authPages, "signIn")),
  post("/logout", "account", lazy(authPages, "signOut")),

  get("/packages", "account", lazy(packagesPage, "showPackages")),
  post("/packages", "account", lazy(packagesPage, "createPackage")),
  get("/packages/new", "account", lazy(packagesPage, "showNewPackage")),
  get("/packages/bin", "account", lazy(packagesPage, "showBin")),
  post("/packages/import", "account", lazy(packagesPage, "importPackage"), IMPORT),
  get("/packages/:packageId", "account", lazy(packagePage, "showPackage")),
  get("/packages/:packageId/download", "account", lazy(packagePage, "downloadPackage")),
  post("/packages/:packageId/duplicate", "account", lazy(packagePage, "duplicatePackage")),
  get("/packages/:packageId/rename", "account", lazy(packagePage, "showRename")),
  post("/packages/:packageId/rename", "account", lazy(packagePage, "renamePackage")),
  post("/packages/:packageId/delete", "account", lazy(packagePage, "deletePackage")),
  post("/packages/:packageId/restore", "account", lazy(packagePage, "restorePackage")),

  get(`${WORKFLOW}`, "account", lazy(workflowEditor, "showEditor")),
  get(`${WORKFLOW}/outline`, "account", lazy(workflowEditor, "showOutline")),
  get(`${WORKFLOW}/canvas`, "account", lazy(workflowEditor, "showCanvas")),
  get(`${WORKFLOW}/findings`, "account", lazy(workflowEditor, "showFindings")),
  post(`${WORKFLOW}/clip`, "account", lazy(workflowEditor, "makeClip")),
  get(`${WORKFLOW}/inspector`, "account", lazy(inspector, "showInspector")),
  get(`${WORKFLOW}/nodes/:nodeId`, "account", lazy(nodeForm, "showNode")),
  post(`${WORKFLOW}/nodes/:nodeId`, "account", lazy(nodeForm, "postNode"), EDIT),
  get(`${WORKFLOW}/edge`, "account", lazy(edgeForm, "showEdge")),
  post(`${WORKFLOW}/edge`, "account", lazy(edgeForm, "postEdge"), EDIT),
  get(`${WORKFLOW}/settings`, "account", lazy(workflowForm, "showWorkflow")),
  post(`${WORKFLOW}/settings`, "account", lazy(workflowForm, "postWorkflow"), EDIT),
  get("/packages/:packageId/agents", "account", lazy(agentForm, "showAgents")),
  get("/packages/:packageId/agents/:agentId", "account", lazy(agentForm, "showAgent")),
  post("/packages/:packageId/agents/:agentId", "account", lazy(agentForm, "postAgent"), EDIT),
  get("/packages/:packageId/assets", "account", lazy(assets, "showAssets")),
  post("/packages/:packageId/assets", "account", lazy(assets, "uploadAssets"), UPLOAD),
  post("/packages/:packageId/assets/new", "account", lazy(assets, "newAsset")),
  post("/packages/:packageId/assets/rename", "account", lazy(assets, "renameAsset")),
  post("/packages/:packageId/assets/delete", "account", lazy(assets, "deleteAsset")),
  get("/packages/:packageId/files/*", "account", lazy(fileEditor, "showFile")),
  post("/packages/:packageId/files/*", "account", lazy(fileEditor, "postFile"), RAW),
  get("/packages/:packageId/raw/*", "account", lazy(fileEditor, "sendRaw")),
  post("/packages/:packageId/step", "account", lazy(step, "postStep")),
  get("/packages/:packageId/manifest", "account", lazy(manifestForm, "showManifest")),
  post("/packages/:packageId/manifest", "account", lazy(manifestForm, "postManifest"), EDIT),
  post("/packages/:packageId/edits", "account", lazy(draftEdits, "postEdit"), EDIT),
  post("/packages/:packageId/undo", "account", lazy(draftEdits, "postUndo")),
  post("/packages/:packageId/redo", "account", lazy(draftEdits, "postRedo")),
  get("/packages/:packageId/events", "account", lazy(draftEdits, "streamRevisions"), STREAM),

  get("/packages/:packageId/versions", "account", lazy(versionPages, "showVersions")),
  post("/packages/:packageId/versions", "account", lazy(versionPages, "createVersion")),
  get("/packages/:packageId/versions/:versionId", "account", lazy(versionPages, "showVersion")),
  post(
    "/packages/:packageId/versions/:versionId/restore",
    "account",
    lazy(versionPages, "restoreVersion"),
  ),

  get("/projects", "account", lazy(projectsPages, "showProjects")),
  post("/projects", "account", lazy(projectsPages, "openProject")),
  get("/projects/folders", "owner", lazy(projectsPages, "showFolders")),
  post("/projects/shared", "owner", lazy(projectsPages, "shareFolder")),
  get(PROJECT, "account", lazy(projectPages, "showProject")),
  post(`${PROJECT}/forget`, "account", lazy(projectsPages, "forgetProject")),
  get(`${PROJECT}/tree`, "account", lazy(projectPages, "showTree")),
  get(`${PROJECT}/file`, "account", lazy(projectFile, "showFile")),
  get(`${PROJECT}/raw`, "account", lazy(projectFile, "sendRaw")),
  get(`${PROJECT}/edit`, "account", lazy(projectEdit, "showEdit")),
  post(`${PROJECT}/edit`, "account", lazy(projectEdit, "saveEdit"), EDIT),
  get(`${PROJECT}/new`, "account", lazy(projectEdit, "showNew")),
  post(`${PROJECT}/new`, "account", lazy(projectEdit, "makeNew")),
  get(`${PROJECT}/rename`, "account", lazy(projectEdit, "showRename")),
  post(`${PROJECT}/rename`, "account", lazy(projectEdit, "renamePath")),
  post(`${PROJECT}/delete`, "account", lazy(projectEdit, "deletePath")),
  get(`${PROJECT}/bin`, "account", lazy(projectEdit, "showBin")),
  post(`${PROJECT}/restore`, "account", lazy(projectEdit, "restoreDeleted")),

  get("/runs", "account", lazy(runsPages, "showRuns")),
  post("/runs", "account", lazy(startRunPages, "startRun")),
  get("/runs/new", "account", lazy(startRunPages, "showStartRun")),
  get("/runs/:runId", "account", lazy(runPage, "showRun")),
  get("/runs/:runId/stream", "account", lazy(runStream, "streamRun"), { isStream: true }),
  get("/runs/:runId/talk", "account", lazy(runComposer, "showTalk")),
  post("/runs/:runId/say", "account", lazy(runComposer, "sayToRun")),
  post("/runs/:runId/menu", "account", lazy(runComposer, "pickFromMenu")),
  get("/runs/:runId/file", "account", lazy(runFile, "showFileOfRun")),
  post("/runs/:runId/answer", "account", lazy(runPage, "answerRun")),
  post("/runs/:runId/decide", "account", lazy(runPage, "decideRun")),
  post("/runs/:runId/pause", "account", lazy(runPage, "pauseRun")),
  post("/runs/:runId/stop", "account", lazy(runPage, "stopRun")),
  post("/runs/:runId/resume", "account", lazy(runPage, "resumeRun")),
  post("/runs/:runId/fork", "account", lazy(runPage, "forkRun")),
  post("/runs/:runId/revert", "account", lazy(runPage, "revertChanges")),
  post("/runs/:runId/breakpoints", "account", lazy(runControl, "addBreakpoint")),
  post("/runs/:runId/breakpoints/remove", "account", lazy(runControl, "dropBreakpoint")),
  post("/runs/:runId/run-to", "account", lazy(runControl, "runToNode")),
  post("/runs/:runId/retry", "account", lazy(runControl, "retryNodeOfRun")),
  get("/runs/:runId/state", "account", lazy(runState, "showRunState")),
  post("/runs/:runId/state", "account", lazy(runState, "saveRunState"), STATE),
  get("/inbox", "account", lazy(inboxPages, "showInbox")),
  get("/inbox/waiting", "account", lazy(inboxPages, "countWaiting")),
  post("/inbox/:runId/answer", "account", lazy(inboxPages, "answerFromInbox")),
  post("/inbox/:runId/decide", "account", lazy(inboxPages, "decideFromInbox")),

  get("/settings", "account", lazy(settingsPages, "showSettings")),
  post("/settings/appearance", "account", lazy(settingsPages, "setAppearance")),
  post("/settings/password", "account", lazy(settingsPages, "changePassword")),
  get("/settings/accounts", "owner", lazy(settingsPages, "showAccounts")),
  post("/settings/accounts", "owner", lazy(settingsPages, "addAccount")),
  post("/settings/accounts/:userId/shut", "owner", lazy(settingsPages, "shutAccount")),
  post("/settings/accounts/:userId/open", "owner", lazy(settingsPages, "openAccount")),
  get("/settings/tokens", "account", lazy(settingsPages, "showTokens")),
  post("/settings/tokens", "account", lazy(settingsPages, "createToken")),
  post("/settings/tokens/:tokenId/revoke", "account", lazy(settingsPages, "revokeToken")),

  get("/settings/profiles", "owner", lazy(profilePages, "showProfiles")),
  post("/settings/profiles/local", "owner", lazy(profilePages, "lookForServers")),
  post("/settings/profiles/models", "owner", lazy(profilePages, "listModelsOfForm")),
  get("/settings/profiles/new", "owner", lazy(profilePages, "showNewProfile")),
  post("/settings/profiles/new", "owner", lazy(profilePages, "createProfile")),
  get(PROFILE, "owner", lazy(profilePages, "showProfile")),
  post(PROFILE, "owner", lazy(profilePages, "changeProfile")),
  post(`${PROFILE}/default`, "owner", lazy(profilePages, "makeDefault")),
  get(`${PROFILE}/test`, "owner", lazy(profilePages, "showProfileTest")),
  post(`${PROFILE}/test`, "owner", lazy(profilePages, "startProfileTest")),
  post(`${PROFILE}/test/stop`, "owner", lazy(profilePages, "stopProfileTest")),
  post(`${PROFILE}/remove`, "owner", lazy(profilePages, "removeProfile")),

  get("/settings/mcp", "owner", lazy(mcpPages, "showServers")),
  post("/settings/mcp/import", "owner", lazy(mcpPages, "importServers")),
  get("/settings/mcp/new", "owner", lazy(mcpPages, "showNewServer")),
  post("/settings/mcp/new", "owner", lazy(mcpPages, "createServer")),
  get(SERVER, "owner", lazy(mcpPages, "showServer")),
  post(SERVER, "owner", lazy(mcpPages, "changeServer")),
  post(`${SERVER}/enable`, "owner", lazy(mcpPages, "enableServer")),
  post(`${SERVER}/disable`, "owner", lazy(mcpPages, "disableServer")),
  get(`${SERVER}/test`, "owner", lazy(mcpPages, "showServerTest")),
  post(`${SERVER}/test`, "owner", lazy(mcpPages, "startServerTest")),
  post(`${SERVER}/test/stop`, "owner", lazy(mcpPages, "stopServerTest")),
  post(`${SERVER}/remove`, "owner", lazy(mcpPages, "removeOneServer")),

  get("/settings/policy", "owner", lazy(policyPages, "showPolicy")),
  post("/settings/policy/rules", "owner", lazy(policyPages, "addRule")),
  post("/settings/policy/rules/raise", "owner", lazy(policyPages, "raiseRule")),
  post("/settings/policy/rules/remove", "owner", lazy(policyPages, "removeRule")),
  post("/settings/policy/consents/withdraw", "owner", lazy(policyPages, "withdrawConsent")),
  get("/settings/limits", "owner", lazy(policyPages, "showLimits")),
  post("/settings/limits", "owner", lazy(policyPages, "changeLimits")),
  get("/settings/data", "owner", lazy(dataPages, "showData")),
  post("/settings/data/trash", "owner", lazy(dataPages, "trashChosenRuns")),
  post("/settings/data/trash/restore", "owner", lazy(dataPages, "restoreTrashedRun")),
  post("/settings/data/trash/empty", "owner", lazy(dataPages, "emptyTrash")),
  post("/settings/data/packages/clean", "owner", lazy(dataPages, "cleanPackages")),

  get("/control/server", "control", lazy(control, "describeServer")),
  post("/control/links", "control", lazy(control, "createLink")),
  get("/control/users", "control", lazy(control, "listUsers")),
  post("/control/users", "control", lazy(control, "createUser")),
  post("/control/tokens", "control", lazy(control, "createToken")),

  get("/api/v1/openapi.json", "anyone", lazy(openapi, "showOpenApi")),
  get("/api/v1/docs", "anyone", lazy(apiDocs, "showApiDocs")),
  ...OPERATIONS.map(apiRoute),
];

function get(path: string, access: Access, handler: AppHandler, options: RouteOptions = {}): Route {
  return { method: "GET", path, access, handler, ...options };
}

function post(
  path: string,
  access: Access,
  handler: AppHandler,
  options: RouteOptions = {},
): Route {
  return { method: "POST", path, access, handler, ...options };
}

/** The application: a request in, an answer out; it holds no socket. */
export function createApp(services: Services): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use("*", async (c, next) => {
    prepare(c, services);
    await next();
    finish(c);
  });
  app.use("*", async (c, next) => {
    requireHost(c.req.raw, services.config.isAllowedHost);
    await next();
  });
  app.get("/static/*", (c) => assetResponse(c.req.raw, c.req.path) ?? c.notFound());
  app.use("*", async (c, next) => {
    await know(c);
    await next();
  });
  for (const route of ROUTES) {
    app.on(route.method, route.path, async (c) => {
      await admit(c, route);
      return await route.handler(c);
    });
  }
  refuseOtherMethods(app);
  app.notFound((c) =>
    errorResponse(c, new AppError("ROUTE_NOT_FOUND", `There is nothing at "${c.req.path}"`))
  );
  app.onError((thrown, c) => errorResponse(c, thrown));
  return app;
}

/** A path of the API that is there under another method: 405, and which there are. */
function refuseOtherMethods(app: Hono<AppEnv>): void {
  const routes = ROUTES.filter(({ path }) => path.startsWith("/api/"));
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map(({ method }) => method);
    const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : [])].join(", ");
    app.all(path, (c) => {
      const message = `There is no ${c.req.method} here, only ${allow}`;
      throw new AppError("METHOD_NOT_ALLOWED", message, { details: { allow } });
    });
  }
}

function prepare(c: AppContext, services: Services): void {
  c.set("services", services);
  c.set("requestId", crypto.randomUUID().slice(0, 8));
  c.set("texts", english);
  c.set("newCookies", []);
  // Until it is known whose request it is, an error page is made for nobody.
  c.set("frame", frameOf(c, undefined));
}

async function know(c: AppContext): Promise<void> {
  const user = await userOfCookie(c);
  if (!user) return;
  c.set("user", user);
  c.set("frame", frameOf(c, user));
}

function finish(c: AppContext): void {
  const { headers } = c.res;
  for (const cookie of c.var.newCookies) headers.append("set-cookie", cookie);
  for (const [name, value] of SECURITY_HEADERS) {
    // A handler may be stricter still about what it serves.
    const isStricter = headers.get(name)?.startsWith("sandbox;") ?? false;
    if (!isStricter) headers.set(name, value);
  }
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
}
