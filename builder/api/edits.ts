// `/packages/{packageId}/edits`, undo, redo, history: the corridor itself.
import type { Edit } from "../../schemas/edit.ts";
import type { AppContext } from "../app_context.ts";
import type { Touched } from "../edit/apply_edit.ts";
import { dataResponse } from "../http/respond.tsx";
import type { HistoryRange, RevisionScope } from "../store/revisions.ts";
import type { ApiRequest } from "./operation.ts";

/** `POST /packages/{packageId}/edits` `{baseRevision, edit}`. */
export async function applyEdit(c: AppContext, { params, body }: ApiRequest): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const request = body as { baseRevision: number; edit: Edit };
  const { revision, result } = await liveDrafts.edit(user.userId, params.packageId ?? "", request);
  const { summary, scope, changes, touched } = result;
  const changedPaths = [...changes.keys()].sort();
  return dataResponse({ revision, summary, scope, changedPaths, touched: shownTouched(touched) });
}

function shownTouched(touched: Touched) {
  const { workflowId = null } = touched;
  return { ...touched, workflowId };
}

/** `POST /packages/{packageId}/undo` `{scope?}`. */
export function undo(c: AppContext, request: ApiRequest): Promise<Response> {
  return takeStep(c, "undo", request);
}

/** `POST /packages/{packageId}/redo` `{scope?}`. */
export function redo(c: AppContext, request: ApiRequest): Promise<Response> {
  return takeStep(c, "redo", request);
}

async function takeStep(
  c: AppContext,
  kind: "undo" | "redo",
  { params, body }: ApiRequest,
): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const { scope } = body as { scope?: RevisionScope | null };
  const stored = await liveDrafts[kind](user.userId, params.packageId ?? "", scope ?? undefined);
  return dataResponse({ step: stored.step, changedPaths: [...stored.changedPaths].sort() });
}

/** `GET /packages/{packageId}/history?limit=&before=`. */
export async function listHistory(
  c: AppContext,
  { params, query }: ApiRequest,
): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const range = query as HistoryRange;
  return dataResponse(await liveDrafts.history(user.userId, params.packageId ?? "", range));
}
