// For every operation of the API a good call and what a stranger gets for the same call.
import { shownPolicy } from "../../../builder/settings/policy_settings.ts";
import { changeMcpFile } from "../../../runtime/run/mcp_file.ts";
import { changeProfiles } from "../../../runtime/run/profile_file.ts";
import {
  createRunFolder,
  DEFAULT_RUN_OPTIONS,
  newestRunId,
  type RunRecord,
  saveRecord,
} from "../../../runtime/run/run_folder.ts";
import { changeToolPolicy } from "../../../runtime/run/tool_policy_file.ts";
import { trashRun } from "../../../runtime/run/trash.ts";
import type { Profile } from "../../../schemas/profile.ts";
import type { ToolRule } from "../../../schemas/tool_policy.ts";
import { readTemplate } from "../../../runtime/package/template.ts";
import { writeArchive } from "../../../runtime/package/archive.ts";
import { openProjectBin } from "../../../builder/project_bin.ts";
import { openProjectFolder } from "../../../builder/project_folder.ts";
import { projectIdOf } from "../../../builder/project_id.ts";
import { completedRun } from "../completed_run.ts";
import { PASSWORD } from "../http/app_under_test.ts";
import type { ApiUnderTest, Call } from "./api_under_test.ts";

/** A call that is good for the owner, and the status that the other account gets for it. */
export interface Sample {
  readonly good: Call;
  /** Of the answer to the owner. */
  readonly status: number;
  /** Of the answer to a member without packages. */
  readonly foreign: number;
}

const json = (value: unknown): Call => ({ json: value });
const shown: Sample = { good: {}, status: 200, foreign: 200 };
const ofPackage: Sample = { good: {}, status: 200, foreign: 404 };
const ofOwner: Sample = { good: {}, status: 200, foreign: 403 };
const made = { status: 201, foreign: 404 } as const;
const gone: Sample = { good: {}, status: 204, foreign: 404 };

/** The samples in an order in which all are good: what removes comes after what it removes is shown. */
export async function samples(api: ApiUnderTest): Promise<ReadonlyMap<string, Sample>> {
  const { app, minaId, ottoId, packageId } = api;
  const { record } = await app.store.apiTokens.create(minaId, { name: "x", expiresAt: null });
  const token = { params: { tokenId: record.tokenId } };
  const account = { params: { userId: ottoId } };
  const [agent] = (await api.call("listAgents")).data;
  const agentId = { params: { agentId: agent.agentId } };
  const archive = new Uint8Array(writeArchive(await readTemplate("hello-branch"), "The template"));
  const asset = { params: { path: "notes.md" } };
  const file = { params: { path: "assets/other.md" } };
  const second = { workflowId: "second" };
  const scout = { definition: { id: "scout" } };
  const author = { kind: "manifest.change", fields: { author: "Otto" } };
  const { runId, packageId: ranId, projectDir } = await completedRun(app.services, {
    userId: minaId,
    role: "owner",
  });
  const { breakpointId } = await app.services.liveRuns.setBreakpoint(
    { userId: minaId, role: "owner" },
    runId,
    { at: "turns", limit: 5 },
  );
  const ofRun: Sample = { ...ofPackage, good: { params: { runId } } };
  const stopped: Sample = { ...ofRun, status: 409 };
  const artifact = { params: { runId, path: "@project/artifacts/fact.md" } };
  const traced = new URLSearchParams({ projectDir, path: "@project/artifacts/fact.md" });
  const start = { packageId: ranId, projectDir, simulate: true, options: { allowAll: true } };
  const eve = { username: "eve", password: PASSWORD };
  const settings = settingsOf(api);
  const table: Record<string, Sample> = {
    register: { good: json(eve), status: 201, foreign: 403 },
    login: { ...shown, good: json({ username: "mina", password: PASSWORD }) },
    getMe: shown,
    changePassword: {
      good: json({ current: "wrong horse", next: PASSWORD }),
      status: 401,
      foreign: 401,
    },
    listApiTokens: shown,
    createApiToken: { good: json({ name: "y", expiresAt: null }), status: 201, foreign: 201 },
    getApiToken: { ...ofPackage, good: token },
    revokeApiToken: { ...gone, good: token },
    listAccounts: ofOwner,
    getAccount: { ...ofOwner, good: account },
    changeAccount: { ...ofOwner, good: { ...account, ...json({ isDisabled: false }) } },
    listTemplates: shown,
    listPackages: { ...shown, good: { query: "?search=story&from=use" } },
    createPackage: { good: json({ name: "New", template: null }), status: 201, foreign: 201 },
    importPackage: {
      good: {
        body: archive,
        headers: { "content-type": "application/zip" },
        query: "?fileName=a.bmad",
      },
      status: 201,
      foreign: 201,
    },
    getPackage: ofPackage,
    changePackage: { ...ofPackage, good: json({ description: "Changed" }) },
    duplicatePackage: { ...made, good: {} },
    downloadPackage: ofPackage,
    listFindings: ofPackage,
    applyEdit: { ...ofPackage, good: json({ baseRevision: 1, edit: author }) },
    undo: { ...ofPackage, good: json({ scope: null }) },
    redo: { ...ofPackage, good: json({ scope: "package" }) },
    listHistory: { ...ofPackage, good: { query: "?limit=5&before=9" } },
    listVersions: ofPackage,
    createVersion: { ...made, good: json({ label: "2", notes: "Two" }) },
    getVersion: ofPackage,
    diffVersion: { ...ofPackage, good: { query: "?to=draft" } },
    restoreVersion: ofPackage,
    deleteVersion: gone,
    listWorkflows: ofPackage,
    createWorkflow: { ...made, good: json({ displayName: "Second", workflowId: "second" }) },
    getWorkflow: ofPackage,
    changeWorkflow: { ...ofPackage, good: json({ description: "Changed" }) },
    deleteWorkflow: { ...gone, good: { params: second } },
    listAgents: ofPackage,
    createAgent: { ...made, good: json(scout) },
    getAgent: { ...ofPackage, good: agentId },
    replaceAgent: {
      ...ofPackage,
      good: { ...agentId, ...json({ definition: await definitionOf(api, agentId) }) },
    },
    changeAgent: {
      ...ofPackage,
      good: { ...agentId, ...json({ definition: { systemPrompt: "Be brief." } }) },
    },
    deleteAgent: { ...gone, good: { params: { agentId: "scout" }, query: "?replaceBy=x" } },
    listFiles: ofPackage,
    writeFile: { ...made, good: { ...file, body: "Other" } },
    readFile: { ...ofPackage, good: file },
    deleteFile: { ...gone, good: file },
    listAssets: ofPackage,
    writeAsset: { ...made, good: { ...asset, body: "Notes" } },
    readAsset: { ...ofPackage, good: asset },
    deleteAsset: { ...gone, good: asset },
    ...ofSettings(settings),
    ...await projectSamples(api),
    listRuns: { ...shown, good: { query: "?status=completed&text=hello&limit=1" } },
    startRun: { ...made, good: json(start) },
    getRun: ofRun,
    streamRunEvents: { ...ofRun, good: { params: { runId }, query: "?after=2" } },
    listRunEvents: { ...ofRun, good: { params: { runId }, query: "?order=newest" } },
    answerRun: { ...stopped, good: { ...ofRun.good, ...json({ callId: "1", answer: true }) } },
    decideRun: { ...stopped, good: { ...ofRun.good, ...json({ callId: "1", decision: "deny" }) } },
    sayToRun: { ...stopped, good: { ...ofRun.good, ...json({ text: "Hello" }) } },
    dismissRun: ofRun,
    pauseRun: stopped,
    stopRun: stopped,
    resumeRun: { ...stopped, good: { ...ofRun.good, ...json({ advice: "On" }) } },
    forkRun: { ...ofRun, status: 201, good: { ...ofRun.good, ...json({ nodeId: "choose" }) } },
    listRunChanges: ofRun,
    listRunArtifacts: ofRun,
    readRunArtifact: { ...ofRun, good: artifact },
    traceRunArtifact: { ...ofRun, good: artifact },
    listRunToolCalls: { ...ofRun, good: { params: { runId }, query: "?outcome=done&limit=2" } },
    exportRun: ofRun,
    traceProjectFile: { ...shown, foreign: 403, good: { query: `?${traced}` } },
    listInbox: shown,
    listBreakpoints: ofRun,
    setBreakpoint: { ...made, good: { params: { runId }, ...json({ at: "tool", tool: "fs.*" }) } },
    removeBreakpoint: { ...gone, good: { params: { runId, breakpointId } } },
    runTo: { ...stopped, good: { ...ofRun.good, ...json({ nodeId: "choose" }) } },
    retryNode: stopped,
    getRunState: ofRun,
    changeRunState: {
      ...stopped,
      good: { ...ofRun.good, ...json({ ifMatchSha256: "0".repeat(64), yaml: "" }) },
    },
    getRunPlace: ofRun,
    revertRun: { ...ofRun, good: { ...ofRun.good, ...json({ force: true }) } },
    deletePackage: gone,
    restorePackage: ofPackage,
  };
  const params = { packageId };
  return new Map(
    Object.entries(table).map(([name, sample]) => [name, {
      ...sample,
      good: { ...sample.good, params: { ...params, ...sample.good.params } },
    }]),
  );
}

/** A project that is shared with nobody, with a file in it and one in its bin. */
async function projectSamples({ app }: ApiUnderTest): Promise<Record<string, Sample>> {
  const dir = await Deno.realPath(await Deno.makeTempDir({ dir: `${app.dataDir}/..` }));
  await Deno.writeTextFile(`${dir}/a.txt`, "Secret of Mina");
  await Deno.writeTextFile(`${dir}/old.txt`, "Secret of Mina");
  const folder = openProjectFolder(dir, app.dataDir);
  const { deletedId } = await openProjectBin(folder, app.dataDir).remove("old.txt");
  folder.close();
  const params = { projectId: projectIdOf(dir), path: "a.txt", deletedId };
  const ofProject: Sample = { good: { params }, status: 200, foreign: 403 };
  const change = (value: unknown) => ({ good: { params, ...json(value) } });
  return {
    listProjects: shown,
    openProject: { good: json({ path: dir }), status: 201, foreign: 403 },
    getProject: ofProject,
    changeProject: { ...ofProject, ...change({ isShared: false }) },
    listFolders: { ...ofOwner, good: { query: `?path=${encodeURIComponent(dir)}` } },
    listProjectEntries: { ...ofProject, good: { params, query: "?from=0&limit=10" } },
    readProjectFile: ofProject,
    writeProjectFile: { ...ofProject, good: { params, body: "Other" } },
    createProjectFolder: { ...ofProject, ...change({ path: "new" }), status: 201 },
    moveProjectFile: { ...ofProject, ...change({ path: "a.txt", to: "new/b.txt" }) },
    deleteProjectFile: { ...ofProject, good: { params: { ...params, path: "new" } } },
    listDeletedEntries: ofProject,
    restoreDeletedEntry: ofProject,
    forgetProject: { ...ofProject, status: 204, foreign: 204 },
  };
}

async function definitionOf({ call }: ApiUnderTest, which: Call): Promise<unknown> {
  return (await call("getAgent", which)).data.definition;
}

interface SettingIds {
  /** In the trash. */
  readonly runId: string;
  /** Its key is in a variable that is not set, so nothing is ever sent. */
  readonly profile: string;
  /** Its program is not there. */
  readonly server: string;
  readonly ruleId: string;
  readonly consentId: string;
}

const RECORD: Omit<RunRecord, "runId" | "startedAt" | "updatedAt"> = {
  formatVersion: 1,
  projectDir: "/no/such/project",
  package: { name: "p", version: "1", hash: "0".repeat(64) },
  workflowId: "main",
  connection: { provider: "simulate", model: "simulation" },
  options: DEFAULT_RUN_OPTIONS,
  phase: "completed",
};

/** Fills the owner's settings, over and over again. */
function settingsOf({ app: { dataDir } }: ApiUnderTest): SettingIds {
  const [profile, server] = ["cloud", "none"];
  const cloud: Profile = {
    name: profile,
    preset: "openai",
    model: "m",
    key: { env: "CREWAGENT_NO_SUCH_KEY" },
  };
  changeProfiles(dataDir, (document) => ({ ...document, profiles: [cloud] }));
  changeMcpFile(dataDir, () => ({ mcpServers: { [server]: { command: "/no/such/program" } } }));
  const consent = {
    packageHash: "0".repeat(64),
    agentId: "a",
    tool: "fs.write",
    path: "@project/a",
  };
  const rule: ToolRule = { action: "deny", tool: "js.run" };
  changeToolPolicy(dataDir, (policy) => ({ ...policy, rules: [rule], always: [consent] }));
  const { rules: [first], always: [standing] } = shownPolicy(dataDir);
  const runId = newestRunId(dataDir, new Date());
  const at = new Date().toISOString();
  const record = { ...RECORD, runId, startedAt: at, updatedAt: at };
  saveRecord(createRunFolder(dataDir, record), record);
  trashRun(dataDir, runId);
  const ids = { ruleId: first?.ruleId ?? "", consentId: standing?.consentId ?? "" };
  return { runId, profile, server, ...ids };
}

function ofSettings(ids: SettingIds): Record<string, Sample> {
  const profile = { params: { name: ids.profile } };
  const server = { params: { serverId: ids.server } };
  const goneOfOwner: Sample = { good: {}, status: 204, foreign: 403 };
  const refused: Sample = { good: {}, status: 422, foreign: 403 };
  return {
    listProfiles: ofOwner,
    createProfile: {
      good: json({ name: crypto.randomUUID(), preset: "ollama", model: "m" }),
      status: 201,
      foreign: 403,
    },
    getProfile: { ...ofOwner, good: profile },
    replaceProfile: {
      ...ofOwner,
      good: { ...profile, ...json({ model: "m", key: { from: "env", variable: "NO_SUCH_KEY" } }) },
    },
    makeProfileDefault: { ...ofOwner, good: profile },
    listProfileModels: { ...refused, good: profile },
    startProfileTest: { ...refused, good: profile },
    getProfileTest: { ...ofOwner, good: profile },
    stopProfileTest: { ...goneOfOwner, good: profile },
    deleteProfile: { ...goneOfOwner, good: profile },
    listMcpServers: ofOwner,
    createMcpServer: {
      good: json({ serverId: crypto.randomUUID(), command: "npx" }),
      status: 201,
      foreign: 403,
    },
    importMcpServers: {
      ...ofOwner,
      good: json({ json: '{"mcpServers": {"more": {"command": "uvx"}}}', replace: true }),
    },
    getMcpServer: { ...ofOwner, good: server },
    replaceMcpServer: { ...ofOwner, good: { ...server, ...json({ command: "/no/such/program" }) } },
    switchMcpServer: { ...ofOwner, good: { ...server, ...json({ isEnabled: false }) } },
    startMcpServerTest: { good: { ...server, ...json({}) }, status: 202, foreign: 403 },
    getMcpServerTest: { ...ofOwner, good: server },
    stopMcpServerTest: { ...goneOfOwner, good: server },
    deleteMcpServer: { ...goneOfOwner, good: server },
    getToolPolicy: ofOwner,
    addToolRule: {
      good: json({ action: "ask", tool: "fs.*", arguments: { path: "@project/**" } }),
      status: 201,
      foreign: 403,
    },
    removeToolRule: { ...goneOfOwner, good: { params: { ruleId: ids.ruleId } } },
    withdrawConsent: { ...goneOfOwner, good: { params: { consentId: ids.consentId } } },
    getLimits: ofOwner,
    changeLimits: { ...ofOwner, good: json({ maxTurns: 100, maxTokens: null }) },
    getDataUse: ofOwner,
    listOldRuns: { ...ofOwner, good: { query: "?olderThanDays=0&which=all" } },
    listTrash: ofOwner,
    restoreRun: { ...goneOfOwner, good: { params: { runId: ids.runId } } },
    trashRuns: { ...ofOwner, good: json({ runIds: [ids.runId] }) },
    emptyTrash: ofOwner,
    removeUnusedPackages: ofOwner,
  };
}
