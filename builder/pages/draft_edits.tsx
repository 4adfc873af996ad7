// Every change that a page makes of a package: an edit, an undo, a redo, as JSON or as a plain form.
// The answer is what the asker shows: marks for the canvas, a page for a form, JSON for a program. Not
// here: what an edit does (`builder/edit/`).
import { AppError } from "../../schemas/error.ts";
import { Answer } from "../../views/editor/answer.tsx";
import { workflowUrl } from "../../views/editor/editor_page.tsx";
import { sceneOf } from "../../views/editor/scene.ts";
import type { AppContext } from "../app_context.ts";
import { readEdit } from "../edit/read_edit.ts";
import type { Draft } from "../edit/draft.ts";
import { editOfForm } from "../http/edit_form.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { dataResponse, htmlResponse, redirect, wantsJson } from "../http/respond.tsx";
import { recentGraphsOf } from "../recent_graphs.ts";
import { graphKey, graphOf, historyState, requestBody } from "./workflow_editor.tsx";

/** What a change left, and what to say of it. */
export interface Outcome {
  readonly packageId: string;
  /** The revision whose marks the asker shows. */
  readonly baseRevision: number;
  readonly revision: number;
  readonly draft: Draft;
  readonly summary: string;
  readonly workflowId: string | undefined;
  /** Ids of marks. */
  readonly select: readonly string[];
  /** What undo would take back now, where that is known. */
  readonly undo?: string;
}

/** `POST …/edits`: `{baseRevision, edit}` as JSON, or a form (`http/edit_form.ts`). */
export async function postEdit(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const { packageId = "" } = c.req.param();
  const { baseRevision, edit: asked, then } = await readRequest(c);
  const edit = readEdit(asked);
  const { revision, result } = await liveDrafts.edit(user.userId, packageId, {
    baseRevision,
    edit,
  });
  const { draft, summary, touched, changes } = result;
  if (then !== undefined) {
    return redirect(`${then}${then.includes("?") ? "&" : "?"}done=${encodeURIComponent(summary)}`);
  }
  if (wantsJson(c.req.raw)) return dataResponse({ revision, touched, summary });
  return await answer(c, {
    packageId,
    baseRevision,
    revision,
    draft,
    summary,
    workflowId: touched.workflowId ?? ("workflowId" in edit ? edit.workflowId : undefined),
    select: touched.newNodeIds.map((id) => `node:${id}`),
    ...(changes.size > 0 && { undo: summary }),
  });
}

async function readRequest(c: AppContext) {
  if (!isJson(c)) return editOfForm(await readForm(c));
  const { baseRevision, edit } = await requestBody(c);
  return { baseRevision: revisionOf(baseRevision), edit, then: undefined };
}

function isJson(c: AppContext): boolean {
  return (c.req.header("content-type") ?? "").startsWith("application/json");
}

function revisionOf(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  const message = '"baseRevision" has to be the number of the revision that the author saw';
  throw new AppError("REQUEST_INVALID", message);
}

/** `POST …/undo`: `{baseRevision, workflowId?}`, or a form with these fields and `then`. */
export function postUndo(c: AppContext): Promise<Response> {
  return step(c, "undo");
}

/** `POST …/redo`, as `postUndo`. */
export function postRedo(c: AppContext): Promise<Response> {
  return step(c, "redo");
}

async function step(c: AppContext, kind: "undo" | "redo"): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const { packageId = "" } = c.req.param();
  const { baseRevision, workflowId, then } = await readStep(c);
  const scope = workflowId === undefined ? undefined : `workflow:${workflowId}` as const;
  const stored = await liveDrafts[kind](user.userId, packageId, scope);
  const { revision, draft, step: { summary } } = stored;
  if (then !== undefined) return redirect(then);
  if (wantsJson(c.req.raw)) return dataResponse({ revision, summary });
  return await answer(c, {
    packageId,
    baseRevision,
    revision,
    draft,
    summary,
    workflowId,
    select: [],
  });
}

async function readStep(c: AppContext) {
  if (isJson(c)) {
    const { baseRevision, workflowId } = await requestBody(c);
    const id = typeof workflowId === "string" ? workflowId : undefined;
    return { baseRevision: revisionOf(baseRevision), workflowId: id, then: undefined };
  }
  const form = await readForm(c);
  return {
    baseRevision: revisionOf(Number(textField(form, "baseRevision") || Number.NaN)),
    workflowId: textField(form, "workflowId") || undefined,
    then: textField(form, "then")
      ? workflowUrl(c.req.param("packageId") ?? "", textField(form, "workflowId")) + "/outline"
      : undefined,
  };
}

async function answer(c: AppContext, outcome: Outcome): Promise<Response> {
  return await htmlResponse(await canvasAnswer(c, outcome));
}

/** The marks that differ from what the asker shows. */
export async function canvasAnswer(c: AppContext, outcome: Outcome) {
  const { packageId, baseRevision, revision, draft, summary, workflowId = "", select } = outcome;
  const workflow = draft.workflow(workflowId);
  const graph = workflow
    ? graphOf(workflow)
    : { workflowId, entryNodeId: "", nodes: [], edges: [] };
  const recent = recentGraphsOf(c.var.services.liveDrafts);
  const key = graphKey(packageId, workflowId);
  const changes = recent.changesSince(key, baseRevision, graph);
  recent.remember(key, revision, graph);
  const state = outcome.undo === undefined
    ? { ...await historyState(c, { packageId, workflowId, revision }), summary }
    : { revision, summary, undo: outcome.undo, redo: "" };
  return (
    <Answer
      scene={sceneOf(graph)}
      state={state}
      {...changes}
      select={select}
      texts={c.var.texts}
    />
  );
}

/** `GET …/events`: an event `revision` after each commit, whoever made it. */
export async function streamRevisions(c: AppContext): Promise<Response> {
  const { services: { liveDrafts, streams }, user } = c.var;
  const { packageId = "" } = c.req.param();
  return await streams.open(c.req.raw, async (sink) => {
    const end = await liveDrafts.subscribe(user.userId, packageId, ({ revision }) => {
      const { revision: number, scope, summary } = revision;
      sink.send({
        name: "revision",
        id: String(number),
        data: { revision: number, scope, summary },
      });
    });
    // Between the page and this stream there may have been others.
    const { revision } = await liveDrafts.read(user.userId, packageId);
    sink.send({ name: "revision", id: String(revision), data: { revision } });
    return end;
  });
}
