// The pages of one workflow: editor and outline, and what the editor asks for besides edits: the marks
// that changed, the findings, a clip of nodes. Not here: edits (`draft_edits.tsx`).

import { AppError } from "../../schemas/error.ts";
import { Answer, type AnswerState } from "../../views/editor/answer.tsx";
import type { CanvasGraph } from "../../views/editor/canvas_graph.ts";
import { EditorPage, type WorkflowPageProps } from "../../views/editor/editor_page.tsx";
import { FindingsAnswer } from "../../views/editor/findings.tsx";
import { OutlinePage } from "../../views/editor/outline_page.tsx";
import { sceneOf } from "../../views/editor/scene.ts";
import type { AppContext } from "../app_context.ts";
import { copyNodes, type Draft, type DraftWorkflow } from "../edit/draft.ts";
import { findingsOf } from "../edit/findings.ts";
import { dataResponse, htmlResponse } from "../http/respond.tsx";
import { recentGraphsOf } from "../recent_graphs.ts";
import { canvasFindings } from "./canvas_findings.ts";

/** A workflow of a draft, as the path of a request names it. */
export interface NamedWorkflow {
  readonly packageId: string;
  readonly draft: Draft;
  readonly revision: number;
  readonly workflow: DraftWorkflow;
  readonly graph: CanvasGraph;
}

/**
 * The workflow that `:packageId` and `:workflowId` name.
 * @throws AppError `PKG_NOT_FOUND`, `WORKFLOW_NOT_FOUND`
 */
export async function namedWorkflow(c: AppContext): Promise<NamedWorkflow> {
  const { packageId = "", workflowId = "" } = c.req.param();
  const { services: { liveDrafts }, user } = c.var;
  const { draft, revision } = await liveDrafts.read(user.userId, packageId);
  const workflow = draft.workflow(workflowId);
  if (workflow === undefined) {
    const known = draft.workflows.map(({ id }) => `"${id}"`).join(", ");
    const message = `The package has no workflow "${workflowId}", only ${known || "none"}`;
    throw new AppError("WORKFLOW_NOT_FOUND", message);
  }
  const graph = graphOf(workflow);
  recentGraphsOf(liveDrafts).remember(graphKey(packageId, workflowId), revision, graph);
  return { packageId, draft, revision, workflow, graph };
}

/** A workflow as the canvas shows it; the same object for the same one. */
export function graphOf(workflow: DraftWorkflow): CanvasGraph {
  const known = graphs.get(workflow);
  if (known) return known;
  const { id: workflowId, entryNodeId, nodes, edges } = workflow;
  const graph = { workflowId, entryNodeId, nodes, edges };
  graphs.set(workflow, graph);
  return graph;
}

const graphs = new WeakMap<DraftWorkflow, CanvasGraph>();

/** The name of a workflow among `RecentGraphs`. */
export function graphKey(packageId: string, workflowId: string): string {
  return JSON.stringify([packageId, workflowId]);
}

/** `GET …/workflows/:workflowId`. */
export async function showEditor(c: AppContext): Promise<Response> {
  return await htmlResponse(<EditorPage {...await pageProps(c)} />);
}

/** `GET …/workflows/:workflowId/outline`. */
export async function showOutline(c: AppContext): Promise<Response> {
  const named = await namedWorkflow(c);
  const agents = named.draft.agents.map(({ id, metadata }) => ({ id, name: metadata.name || id }));
  const { done: said = "", open: openNodeId = "" } = c.req.query();
  const props = { ...await pageProps(c, named), agents, said, openNodeId };
  return await htmlResponse(<OutlinePage {...props} />);
}

async function pageProps(c: AppContext, known?: NamedWorkflow): Promise<WorkflowPageProps> {
  const { packageId, draft, revision, workflow, graph } = known ?? await namedWorkflow(c);
  const workflows = draft.workflows.map(({ id, displayName }) => ({ id, name: displayName || id }));
  return {
    frame: c.var.frame,
    packageId,
    packageName: draft.manifest.name,
    name: workflow.listing.displayName || workflow.id,
    workflows,
    scene: sceneOf(graph),
    state: await historyState(c, { packageId, workflowId: workflow.id, revision }),
    isEditable: workflow.isEditable,
  };
}

/** Which workflow of which package, at which revision. */
export interface WorkflowPlace {
  readonly packageId: string;
  readonly workflowId: string;
  readonly revision: number;
}

/** What undo and redo would do in a workflow. */
export async function historyState(
  c: AppContext,
  { packageId, workflowId, revision }: WorkflowPlace,
): Promise<AnswerState> {
  const { services: { store }, user } = c.var;
  const scope = `workflow:${workflowId}` as const;
  const { undo, redo } = await store.revisions.steps(user.userId, packageId, scope);
  return { revision, summary: "", undo: undo?.summary ?? "", redo: redo?.summary ?? "" };
}

/** `GET …/workflows/:workflowId/canvas?since=REVISION`: the marks that changed since. */
export async function showCanvas(c: AppContext): Promise<Response> {
  const { packageId, revision, workflow, graph } = await namedWorkflow(c);
  const workflowId = workflow.id;
  const since = Number(c.req.query("since") ?? Number.NaN);
  const { liveDrafts } = c.var.services;
  const key = graphKey(packageId, workflowId);
  const changes = recentGraphsOf(liveDrafts).changesSince(key, since, graph);
  const history = await historyState(c, { packageId, workflowId, revision });
  const [last] = await liveDrafts.history(c.var.user.userId, packageId, { limit: 1 });
  const state = { ...history, summary: last?.summary ?? "" };
  return await htmlResponse(
    <Answer scene={sceneOf(graph)} state={state} {...changes} texts={c.var.texts} />,
  );
}

/** `GET …/workflows/:workflowId/findings`: the list, and a badge for each mark concerned. */
export async function showFindings(c: AppContext): Promise<Response> {
  const { draft, workflow, graph } = await namedWorkflow(c);
  const findings = canvasFindings(draft, workflow, findingsOf(draft));
  return await htmlResponse(
    <FindingsAnswer findings={findings} scene={sceneOf(graph)} texts={c.var.texts} />,
  );
}

/** `POST …/workflows/:workflowId/clip` with `{nodeIds}`: nodes for the clipboard; changes nothing. */
export async function makeClip(c: AppContext): Promise<Response> {
  const { draft, workflow } = await namedWorkflow(c);
  const { nodeIds } = await requestBody(c);
  if (!Array.isArray(nodeIds) || !nodeIds.every((id) => typeof id === "string")) {
    throw new AppError("REQUEST_INVALID", '"nodeIds" has to be a list of node ids');
  }
  return dataResponse(copyNodes(draft, workflow.id, nodeIds));
}

/**
 * The body of a request as a JSON object.
 * @throws AppError `REQUEST_INVALID`
 */
export async function requestBody(c: AppContext): Promise<Record<string, unknown>> {
  const text = await c.req.text();
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return { ...body };
  } catch (cause) {
    throw new AppError("REQUEST_INVALID", "The body of the request is no JSON", { cause });
  }
  throw new AppError("REQUEST_INVALID", "The body of the request has to be a JSON object");
}
