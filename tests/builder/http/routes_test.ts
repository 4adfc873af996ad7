import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ROUTES } from "../../../builder/app.ts";
import { changeMcpFile } from "../../../runtime/run/mcp_file.ts";
import { changeProfiles } from "../../../runtime/run/profile_file.ts";
import type { Profile } from "../../../schemas/profile.ts";
import { projectIdOf } from "../../../builder/project_id.ts";
import { completedRun } from "../completed_run.ts";
import { blankPackage } from "../../../runtime/package/template.ts";
import {
  type AppUnderTest,
  type Browser,
  CONTROL_TOKEN,
  type Fields,
  withApp,
} from "./app_under_test.ts";

/** What a route answers to whom. */
interface Answers {
  /** Without a session: 303 leads to the sign-in page. */
  readonly nobody: number;
  /** To a member to whom the package of the path does not belong. */
  readonly foreign: number;
  /** To the owner, who has the package. */
  readonly good: number;
  readonly fields?: Fields;
}

const OPEN = { nobody: 200, foreign: 200, good: 200 };
const OWN = { nobody: 303, foreign: 200, good: 200 };
const OWN_CHANGE = { nobody: 303, foreign: 303, good: 303 };
const PACKAGE = { nobody: 303, foreign: 404, good: 200 };
const PACKAGE_CHANGE = { nobody: 303, foreign: 404, good: 303 };
/** The run of the path is completed. */
const STOPPED_RUN = { nobody: 303, foreign: 404, good: 409 };
const OWNER = { nobody: 303, foreign: 403, good: 200 };
const OWNER_CHANGE = { nobody: 303, foreign: 403, good: 303 };
const CONTROL = { nobody: 401, foreign: 401, good: 200 };
const CONTROL_CHANGE = { nobody: 401, foreign: 401, good: 201 };

/** In the order in which they are tried: what deletes comes last. Each route of the table is here. */
const EXPECTED: Readonly<Record<string, Answers>> = {
  "GET /": OWN_CHANGE,
  "GET /start": { nobody: 401, foreign: 303, good: 303 },
  "POST /start": { nobody: 401, foreign: 401, good: 401 },
  "GET /open": { nobody: 401, foreign: 303, good: 303 },
  "GET /login": { ...OPEN, foreign: 303, good: 303 },
  "POST /login": { nobody: 401, foreign: 401, good: 401 },
  "GET /packages": OWN,
  "GET /packages/new": OWN,
  "GET /packages/bin": OWN,
  "POST /packages": { ...OWN_CHANGE, fields: { name: "Another", template: "" } },
  "POST /packages/import": {
    nobody: 303,
    foreign: 422,
    good: 422,
    fields: { file: new File(["no archive"], "x.bmad") },
  },
  "GET /packages/:packageId": PACKAGE,
  "GET /packages/:packageId/download": PACKAGE,
  "GET /packages/:packageId/rename": PACKAGE,
  "POST /packages/:packageId/rename": { ...PACKAGE_CHANGE, fields: { name: "Renamed" } },
  "POST /packages/:packageId/duplicate": PACKAGE_CHANGE,
  "GET /packages/:packageId/versions": PACKAGE,
  "POST /packages/:packageId/versions": { ...PACKAGE_CHANGE, fields: { label: "2", notes: "" } },
  "GET /packages/:packageId/versions/:versionId": PACKAGE,
  "POST /packages/:packageId/versions/:versionId/restore": PACKAGE_CHANGE,
  ...workflowRoutes(),
  ...formRoutes(),
  "POST /packages/:packageId/delete": PACKAGE_CHANGE,
  "POST /packages/:packageId/restore": PACKAGE_CHANGE,
  "GET /projects": OWN,
  "POST /projects": { nobody: 303, foreign: 403, good: 404, fields: { path: "/no such folder" } },
  "GET /projects/folders": OWNER,
  "POST /projects/shared": OWNER_CHANGE,
  ...projectRoutes(),
  "GET /runs": OWN,
  "POST /runs": { nobody: 303, foreign: 404, good: 404 },
  "GET /runs/new": OWN,
  "GET /runs/:runId": PACKAGE,
  "GET /runs/:runId/stream": PACKAGE,
  "GET /runs/:runId/file": { ...PACKAGE, good: 404 },
  "GET /runs/:runId/talk": PACKAGE,
  "POST /runs/:runId/say": { ...PACKAGE_CHANGE, good: 400 },
  "POST /runs/:runId/menu": { ...PACKAGE_CHANGE, good: 422 },
  "POST /runs/:runId/answer": STOPPED_RUN,
  "POST /runs/:runId/decide": STOPPED_RUN,
  "POST /runs/:runId/pause": STOPPED_RUN,
  "POST /runs/:runId/stop": STOPPED_RUN,
  "POST /runs/:runId/resume": STOPPED_RUN,
  "POST /runs/:runId/fork": { ...PACKAGE_CHANGE, good: 400 },
  "POST /runs/:runId/revert": PACKAGE_CHANGE,
  "POST /runs/:runId/breakpoints": { ...PACKAGE_CHANGE, fields: { at: "tool", tool: "fs.write" } },
  "POST /runs/:runId/breakpoints/remove": { ...PACKAGE_CHANGE, good: 404 },
  "POST /runs/:runId/run-to": STOPPED_RUN,
  "POST /runs/:runId/retry": STOPPED_RUN,
  "GET /runs/:runId/state": PACKAGE,
  "POST /runs/:runId/state": STOPPED_RUN,
  "GET /inbox": OWN,
  "GET /inbox/waiting": OWN,
  "POST /inbox/:runId/answer": STOPPED_RUN,
  "POST /inbox/:runId/decide": STOPPED_RUN,
  "GET /settings": OWN,
  "POST /settings/appearance": { ...OWN_CHANGE, fields: { theme: "dark" } },
  "POST /settings/password": { nobody: 303, foreign: 401, good: 401 },
  "GET /settings/accounts": OWNER,
  "POST /settings/accounts": {
    ...OWNER,
    good: 422,
    fields: { username: "x", password: "short" },
  },
  "POST /settings/accounts/:userId/shut": OWNER_CHANGE,
  "POST /settings/accounts/:userId/open": OWNER_CHANGE,
  "GET /settings/tokens": OWN,
  "POST /settings/tokens": { ...OWN, fields: { name: "again" } },
  "POST /settings/tokens/:tokenId/revoke": { nobody: 303, foreign: 401, good: 200 },
  ...settingsRoutes(),
  "GET /control/server": CONTROL,
  "POST /control/links": CONTROL_CHANGE,
  "GET /control/users": CONTROL,
  "POST /control/users": CONTROL_CHANGE,
  "POST /control/tokens": CONTROL_CHANGE,
  "POST /logout": OWN_CHANGE,
};

/** The owner's settings; there is a profile and an MCP server, whose program is not there. */
function settingsRoutes(): Record<string, Answers> {
  const profile = "/settings/profiles/named/:name";
  const server = "/settings/mcp/servers/:serverId";
  const gone = { ...OWNER_CHANGE, good: 404 };
  return {
    "GET /settings/profiles": OWNER,
    "POST /settings/profiles/local": OWNER,
    "POST /settings/profiles/models": { ...OWNER, good: 422, fields: { preset: "custom" } },
    "GET /settings/profiles/new": OWNER,
    "POST /settings/profiles/new": { ...OWNER, good: 422 },
    [`GET ${profile}`]: OWNER,
    [`POST ${profile}`]: { ...OWNER, good: 422 },
    [`POST ${profile}/default`]: OWNER_CHANGE,
    [`GET ${profile}/test`]: OWNER_CHANGE,
    [`POST ${profile}/test`]: { ...OWNER, good: 422 },
    [`POST ${profile}/test/stop`]: OWNER_CHANGE,
    [`POST ${profile}/remove`]: OWNER_CHANGE,
    "GET /settings/mcp": OWNER,
    "POST /settings/mcp/import": { ...OWNER, good: 422 },
    "GET /settings/mcp/new": OWNER,
    "POST /settings/mcp/new": { ...OWNER, good: 422 },
    [`GET ${server}`]: OWNER,
    [`POST ${server}`]: { ...OWNER, good: 422 },
    [`POST ${server}/disable`]: OWNER_CHANGE,
    [`POST ${server}/enable`]: OWNER_CHANGE,
    [`GET ${server}/test`]: OWNER_CHANGE,
    [`POST ${server}/test`]: OWNER_CHANGE,
    [`POST ${server}/test/stop`]: OWNER_CHANGE,
    [`POST ${server}/remove`]: OWNER_CHANGE,
    "GET /settings/policy": OWNER,
    "POST /settings/policy/rules": { ...OWNER, good: 422 },
    "POST /settings/policy/rules/raise": gone,
    "POST /settings/policy/rules/remove": gone,
    "POST /settings/policy/consents/withdraw": gone,
    "GET /settings/limits": OWNER,
    "POST /settings/limits": OWNER,
    "GET /settings/data": OWNER,
    "POST /settings/data/trash": OWNER,
    "POST /settings/data/trash/restore": gone,
    "POST /settings/data/trash/empty": OWNER,
    "POST /settings/data/packages/clean": OWNER,
  };
}

/** A folder that is shared with nobody; a path is not given. */
function projectRoutes(): Record<string, Answers> {
  const project = "/projects/:projectId";
  const shown = { nobody: 303, foreign: 403, good: 200 };
  const changed = { nobody: 303, foreign: 403, good: 303 };
  return {
    [`GET ${project}`]: shown,
    [`POST ${project}/forget`]: { ...changed, foreign: 303 },
    [`GET ${project}/tree`]: shown,
    [`GET ${project}/file`]: { ...shown, good: 303 },
    [`GET ${project}/raw`]: { ...shown, good: 400 },
    [`GET ${project}/edit`]: { ...shown, good: 400 },
    [`POST ${project}/edit`]: { ...shown, good: 400 },
    [`GET ${project}/new`]: shown,
    [`POST ${project}/new`]: { ...changed, fields: { name: "b.md" } },
    [`GET ${project}/rename`]: shown,
    [`POST ${project}/rename`]: { ...shown, good: 400, fields: { to: "c.md" } },
    [`POST ${project}/delete`]: { ...changed, fields: { path: "b.md" } },
    [`GET ${project}/bin`]: shown,
    [`POST ${project}/restore`]: { ...shown, good: 404 },
  };
}

/** Canvas and outline; a form without an edit is refused before anything is looked at. */
function workflowRoutes(): Record<string, Answers> {
  const workflow = "/packages/:packageId/workflows/:workflowId";
  const empty = { nobody: 303, foreign: 400, good: 400 };
  return {
    [`GET ${workflow}`]: PACKAGE,
    [`GET ${workflow}/outline`]: PACKAGE,
    [`GET ${workflow}/canvas`]: PACKAGE,
    [`GET ${workflow}/findings`]: PACKAGE,
    [`POST ${workflow}/clip`]: { ...PACKAGE, good: 400 },
    "POST /packages/:packageId/edits": empty,
    "POST /packages/:packageId/undo": empty,
    "POST /packages/:packageId/redo": empty,
    "GET /packages/:packageId/events": PACKAGE,
  };
}

/** Forms; one without fields changes nothing. */
function formRoutes(): Record<string, Answers> {
  const workflow = "/packages/:packageId/workflows/:workflowId";
  const edge = { nobody: 303, foreign: 404, good: 404 };
  const assets = "/packages/:packageId/assets";
  const scope = { direction: "undo", scope: "file:assets/m.md" };
  return {
    [`GET ${workflow}/inspector`]: PACKAGE,
    [`GET ${workflow}/nodes/:nodeId`]: PACKAGE,
    [`POST ${workflow}/nodes/:nodeId`]: PACKAGE_CHANGE,
    [`GET ${workflow}/edge`]: edge,
    [`POST ${workflow}/edge`]: edge,
    [`GET ${workflow}/settings`]: PACKAGE,
    [`POST ${workflow}/settings`]: PACKAGE_CHANGE,
    "GET /packages/:packageId/manifest": PACKAGE,
    "POST /packages/:packageId/manifest": PACKAGE_CHANGE,
    "GET /packages/:packageId/agents": PACKAGE,
    "GET /packages/:packageId/agents/:agentId": PACKAGE,
    "POST /packages/:packageId/agents/:agentId": PACKAGE_CHANGE,
    "GET /packages/:packageId/files/*": PACKAGE,
    "POST /packages/:packageId/files/*": { ...PACKAGE, good: 409 },
    "GET /packages/:packageId/raw/*": PACKAGE,
    [`GET ${assets}`]: PACKAGE,
    [`POST ${assets}`]: { ...PACKAGE_CHANGE, foreign: 404 },
    [`POST ${assets}/new`]: { ...PACKAGE_CHANGE, fields: { path: "assets/n.md" } },
    [`POST ${assets}/rename`]: {
      ...PACKAGE_CHANGE,
      fields: { path: "assets/n.md", newPath: "assets/m.md" },
    },
    [`POST ${assets}/delete`]: { ...PACKAGE_CHANGE, fields: { path: "assets/m.md" } },
    "POST /packages/:packageId/step": { ...PACKAGE_CHANGE, fields: scope },
  };
}

Deno.test("every route is listed here", () => {
  // Those of the API have a table of their own (tests/builder/api).
  const pages = ROUTES.filter(({ path }) => !path.startsWith("/api/"));
  const routes = pages.map(({ method, path }) => `${method} ${path}`);
  deepStrictEqual(routes.sort(), Object.keys(EXPECTED).sort());
});

/** Fills the parameters of a path with what belongs to the owner; `otto` is shut and opened again. */
async function pathsOf({ store, services, signedIn }: AppUnderTest) {
  await signedIn("mina");
  await signedIn("otto");
  const [mina, otto] = await Promise.all(
    ["mina", "otto"].map((name) => store.users.findByName(name)),
  );
  const minaId = mina?.userId ?? "";
  const { packageId } = await store.packages.create(minaId, blankPackage("Mine"));
  const { runId, projectDir } = await completedRun(services, { userId: minaId, role: "owner" });
  const version = await store.versions.create(minaId, packageId, { label: "1", notes: "" });
  const { record } = await store.apiTokens.create(minaId, { name: "x", expiresAt: null });
  const { dataDir } = services.config;
  // Its key is in a variable that is not set, so that its test does not begin.
  const key = { env: "CREWAGENT_NO_SUCH_KEY" };
  const profile: Profile = { name: "cloud", preset: "openai", model: "m", key };
  changeProfiles(dataDir, (document) => ({ ...document, profiles: [profile] }));
  changeMcpFile(dataDir, () => ({ mcpServers: { none: { command: "/no/such/program" } } }));
  const { draft } = await services.liveDrafts.read(minaId, packageId);
  const workflowId = draft.workflows[0]?.id ?? "";
  const nodeId = draft.workflow(workflowId)?.entryNodeId ?? "";
  return (pattern: string) =>
    pattern.replace("/*", "/bmad.json").replace(":workflowId", workflowId)
      .replace(":nodeId", nodeId).replace(":agentId", draft.agents[0]?.id ?? "")
      .replace(":projectId", projectIdOf(projectDir))
      .replace(":packageId", packageId).replace(":runId", runId).replace(
        ":versionId",
        version.versionId,
      )
      .replace(":name", "cloud").replace(":serverId", "none")
      .replace(":tokenId", record.tokenId).replace(":userId", otto?.userId ?? "");
}

Deno.test("every route answers nobody, a foreign user and its owner as it should", async () => {
  await withApp(async (app) => {
    const pathOf = await pathsOf(app);
    const routes = Object.entries(EXPECTED).map(([name, answers]) => {
      const [method = "", pattern = ""] = name.split(" ");
      return { name, method, path: pathOf(pattern), ...answers };
    });
    const askers: ["nobody" | "foreign" | "good", Browser][] = [
      ["nobody", app.browser()],
      ["foreign", await app.signedIn("otto")],
      ["good", await app.signedIn("mina")],
    ];
    for (const [who, browser] of askers) {
      for (const { name, method, path, fields, ...answers } of routes.filter(isFor(who))) {
        const answer = path.endsWith("/stream")
          ? await browser.send(path)
          : method === "GET"
          ? await browser.get(path)
          : await browser.post(path, fields);
        strictEqual(answer.status, answers[who], `${name}, ${who}`);
        await answer.body?.cancel();
      }
    }
  });
});

/** What is good for `/control/` is no browser; a stream that is good has no end. */
function isFor(who: string): (route: { path: string }) => boolean {
  return ({ path }) => who !== "good" || !/^\/control\/|\/events$/.test(path);
}

Deno.test("every route below /control/ answers who shows the control token", async () => {
  await withApp(async ({ send, signedIn }) => {
    await signedIn("mina");
    const body = JSON.stringify({ username: "mina", password: "correct horse", name: "x" });
    const headers = { authorization: `Bearer ${CONTROL_TOKEN}` };
    const statuses: [string, string, number][] = [
      ["GET", "/control/server", 200],
      ["GET", "/control/users", 200],
      ["POST", "/control/links", 201],
      ["POST", "/control/tokens", 201],
      ["POST", "/control/users", 409],
    ];
    for (const [method, path, status] of statuses) {
      const init = { method, headers, ...(method === "POST" && { body }) };
      strictEqual((await send(path, init)).status, status, path);
    }
    for (const wrong of ["", CONTROL_TOKEN.slice(1), `${CONTROL_TOKEN}x`, "undefined"]) {
      const authorization = `Bearer ${wrong}`;
      strictEqual((await send("/control/users", { headers: { authorization } })).status, 401);
    }
  });
});
