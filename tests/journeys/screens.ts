// Every screen of the builder with something on it, by name: for axe and for pictures. Not here: what
// is done with them.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { buildZip } from "../runtime/package/zip_builder.ts";
import { type BuilderClient, signUpClient, text } from "./builder_client.ts";
import { runBinary } from "./binary.ts";
import type { BuilderProcess } from "./builder_process.ts";
import { projectScreens } from "./project_screens.ts";

/** A screen: a file name, and where it is. */
export interface Screen {
  readonly name: string;
  readonly path: string;
  /** Whether it is seen by somebody without a session. */
  readonly isPublic?: true;
  /** 200 unless said. */
  readonly status?: number;
}

/** A furnished server. */
export interface FurnishedSite {
  readonly client: BuilderClient;
  readonly screens: readonly Screen[];
}

const LONG_NAME = "A package whose name is about as long as a person would ever want to make one";

/** Fills a fresh server with packages, versions, accounts and tokens, and lists its screens. */
export async function furnish(server: BuilderProcess): Promise<FurnishedSite> {
  const client = await signUpClient(server);
  const packageId = await newPackage(client, "Hello branch", "hello-branch");
  for (const [name, template] of [["Stories", "create-story"], [LONG_NAME, ""]] as const) {
    await newPackage(client, name, template);
  }
  const gone = await newPackage(client, "Thrown away", "");
  await done(client.post(`/packages/${gone}/delete`));
  const base = `/packages/${packageId}`;
  await done(client.post(`${base}/versions`, { label: "1.0", notes: "As it was handed on." }));
  await edit(client, packageId, {
    kind: "node.add",
    workflowId: "main",
    type: "step",
    title: "Nobody comes here",
    at: { x: 320, y: 340 },
  });
  await edit(client, packageId, {
    kind: "file.write",
    path: "assets/checklist.md",
    text: "# Checklist\n\n- The poem has a title\n- The fact is one\n",
    baseSha256: null,
  });
  await done(client.post("/settings/accounts", { username: "otto", password: "correct horse" }));
  await done(client.post("/settings/tokens", { name: "Nightly export" }));
  await furnishSettings(client);
  return {
    client,
    screens: [
      ...await screensOf(client, packageId),
      ...await runScreens(server, client, packageId),
      ...SETTINGS_SCREENS,
      ...await projectScreens(client, {
        project: join(dirname(server.home), "project"),
        packageId,
      }),
    ],
  };
}

/** Profiles, servers, rules and limits. Nothing of them is asked or started. */
async function furnishSettings(client: BuilderClient): Promise<void> {
  const local = { name: "local", preset: "ollama", model: "qwen3:8b", key: "preset" };
  const hosted = { name: "work", preset: "openai", model: "gpt-5", key: "stored" };
  await done(client.post("/settings/profiles/new", { ...local, isDefault: "yes" }));
  await done(client.post("/settings/profiles/new", { ...hosted, keyValue: "sk-0123456789" }));
  const servers = {
    files: { command: "npx", args: ["-y", "a-server-of-files", "."], env: { TOKEN: "secret" } },
    gone: { command: "no-such-program", sandbox: "off", disabled: true },
  };
  const json = JSON.stringify({ mcpServers: servers });
  await done(client.post("/settings/mcp/import", { json }));
  const rules = "/settings/policy/rules";
  await done(
    client.post(rules, { tool: "fs.*", action: "deny", arguments: "path=@project/old/**" }),
  );
  await done(client.post(rules, { tool: "mcp__files__*", action: "allow" }));
  await done(client.post("/settings/limits", { maxTurns: "100", maxCostUsd: "2.5" }));
}

const SETTINGS_SCREENS: readonly Screen[] = [
  { name: "profiles", path: "/settings/profiles" },
  { name: "profile-preset", path: "/settings/profiles/new" },
  { name: "profile-new", path: "/settings/profiles/new?preset=azure-openai" },
  { name: "profile", path: "/settings/profiles/named/work" },
  { name: "mcp", path: "/settings/mcp" },
  { name: "mcp-new", path: "/settings/mcp/new" },
  { name: "mcp-server", path: "/settings/mcp/servers/files" },
  { name: "policy", path: "/settings/policy" },
  { name: "limits", path: "/settings/limits" },
  { name: "data", path: "/settings/data?days=0&which=all" },
];

/** Simulates a run of a package that began as `hello-branch`; the screens that show it. */
export async function runScreens(
  server: BuilderProcess,
  client: BuilderClient,
  packageId: string,
): Promise<Screen[]> {
  const project = join(dirname(server.home), "project");
  await Deno.mkdir(project);
  const what = { package: packageId, way: "workflow", workflow: "main" };
  const fields = { ...what, project, profile: "@simulation", allowAll: "yes" };
  const answer = await client.post("/runs", fields);
  const said = await answer.text();
  const run = answer.headers.get("location");
  if (run === null) throw new Error(said);
  const isDone = async () => (await text(client.get(run))).includes('data-phase="completed"');
  while (!await isDone()) await new Promise((resolve) => setTimeout(resolve, 50));
  const paused = `/runs/${await pausedRun(server.home, project)}`;
  return [
    { name: "runs", path: "/runs" },
    { name: "run", path: run },
    { name: "run-paused", path: paused },
    { name: "run-state", path: `${paused}/state` },
    {
      name: "run-file",
      path: `${run}/file?path=${encodeURIComponent("@project/artifacts/fact.md")}`,
    },
    ...["calls", "artifacts", "changes", "log"].map((tab) => ({
      name: `run-${tab}`,
      path: `${run}?tab=${tab}`,
    })),
    { name: "runs-none-found", path: "/runs?text=zzz" },
    { name: "run-new", path: "/runs/new" },
    { name: "run-start", path: `/runs/new?package=${packageId}` },
    { name: "run-start-workflow", path: `/runs/new?package=${packageId}&way=workflow` },
    { name: "run-start-chat", path: `/runs/new?package=${packageId}&way=chat` },
    { name: "run-menu", path: `${run}?menu=open` },
    { name: "inbox", path: "/inbox" },
  ];
}

/** A simulation that the command line has stopped at a breakpoint; the owner's. Returns its id. */
export async function pausedRun(home: string, project: string): Promise<string> {
  const example = "examples/hello-branch";
  const breaks = ["--break-before", "choose", "--break-after", "goodbye", "--break-on", "mcp__*"];
  const { stdout, exitCode } = await runBinary(
    ["run", example, "--project", project, "--simulate", "--yes", "--json", ...breaks],
    { home },
  );
  const { runId, code } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}");
  assert.deepEqual([exitCode, code], [1, "BREAKPOINT"]);
  return runId;
}

/** The screens of a package that began as `hello-branch`, and those of the installation. */
export async function screensOf(client: BuilderClient, packageId: string): Promise<Screen[]> {
  const base = `/packages/${packageId}`;
  const workflow = `${base}/workflows/main`;
  const versions = await text(client.get(`${base}/versions`));
  const version = /\/packages\/[a-z0-9]+\/versions\/[a-z0-9]+/.exec(versions)?.[0] ?? "";
  const drawn = await text(client.get(workflow));
  const edge = (/data-edge="([^"]+)"/.exec(drawn)?.[1] ?? "").replace("&gt;", ">");
  return [
    { name: "login", path: "/login", isPublic: true },
    { name: "link-used", path: "/open?token=used", isPublic: true, status: 401 },
    { name: "api-docs", path: "/api/v1/docs", isPublic: true },
    { name: "packages", path: "/packages" },
    { name: "packages-none-found", path: "/packages?search=zzz" },
    { name: "package-new", path: "/packages/new" },
    { name: "bin", path: "/packages/bin" },
    { name: "package", path: base },
    { name: "package-rename", path: `${base}/rename` },
    { name: "manifest", path: `${base}/manifest` },
    { name: "agents", path: `${base}/agents` },
    { name: "agent", path: `${base}/agents/host` },
    { name: "assets", path: `${base}/assets` },
    { name: "file", path: `${base}/files/assets/checklist.md` },
    { name: "file-graph", path: `${base}/files/workflow.graph.json` },
    { name: "versions", path: `${base}/versions` },
    { name: "version", path: version },
    { name: "editor", path: workflow },
    { name: "outline", path: `${workflow}/outline` },
    { name: "node", path: `${workflow}/nodes/choose` },
    { name: "edge", path: `${workflow}/edge?edge=${encodeURIComponent(edge)}` },
    { name: "workflow-settings", path: `${workflow}/settings` },
    { name: "settings", path: "/settings" },
    { name: "accounts", path: "/settings/accounts" },
    { name: "tokens", path: "/settings/tokens" },
    { name: "not-found", path: "/packages/nothing-here", status: 404 },
  ];
}

/** An archive that is refused, for the page that says why. */
export function faultyArchive(): Uint8Array {
  const manifest = '{"schemaVersion":"9","name":"x","version":"one","entry":{}}';
  return buildZip([{ name: "bmad.json", content: manifest }]);
}

/** Creates a package; returns its id. */
export async function newPackage(
  client: BuilderClient,
  name: string,
  template: string,
): Promise<string> {
  const answer = await client.post("/packages", { name, template });
  await answer.body?.cancel();
  return /^\/packages\/([a-z0-9]+)/.exec(answer.headers.get("location") ?? "")?.[1] ?? "";
}

/** Makes one edit on the package as it is now. */
export async function edit(
  client: BuilderClient,
  packageId: string,
  change: unknown,
): Promise<void> {
  const path = `/packages/${packageId}/edits`;
  const { revision } = await revisionOf(client, packageId);
  const answer = await client.postJson(path, { baseRevision: revision, edit: change });
  const said = await answer.text();
  if (answer.status !== 200) throw new Error(said);
}

async function revisionOf(client: BuilderClient, packageId: string) {
  const page = await text(client.get(`/packages/${packageId}/workflows/main`));
  return { revision: Number(/data-revision="(\d+)"/.exec(page)?.[1]) };
}

/** Waits for a change that has to succeed. */
export async function done(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  const said = await response.text();
  if (response.status >= 400) throw new Error(said);
}

/** Lets the pages of a context be those of a client that is signed in. */
export async function signInContext(context: BrowserContext, client: BuilderClient): Promise<void> {
  const url = client.origin;
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url })));
}
