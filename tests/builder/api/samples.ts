// For every operation of the API a good call and what a stranger gets for the same call.
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
    ...await projectSamples(api),
    listRuns: { ...shown, good: { query: "?status=completed&text=hello&limit=1" } },
    startRun: { ...made, good: json(start) },
    getRun: ofRun,
    streamRunEvents: { ...ofRun, good: { params: { runId }, query: "?after=2" } },
    listRunEvents: { ...ofRun, good: { params: { runId }, query: "?order=newest" } },
    answerRun: { ...stopped, good: { ...ofRun.good, ...json({ callId: "1", answer: true }) } },
    decideRun: { ...stopped, good: { ...ofRun.good, ...json({ callId: "1", decision: "deny" }) } },
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
