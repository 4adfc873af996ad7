// What a form is answered with: for htmx the parts that changed, for a plain form the page again or a
// way back to it. Not here: what is stored (`forms/save_form.ts`).
import type { Child } from "hono/jsx";
import type { FormHistory, FormState } from "../../views/forms/form_state.ts";
import type { GeneratedFile } from "../../views/forms/sheet.tsx";
import type { AppContext } from "../app_context.ts";
import type { Draft } from "../edit/draft.ts";
import { fileHash } from "../edit/file_edits.ts";
import type { SavedForm } from "../forms/save_form.ts";
import { type FormField, formOf } from "../forms/submission.ts";
import { readForm } from "../http/guards.ts";
import { textField } from "../http/form_fields.ts";
import { htmlResponse, isFragmentRequest, redirect } from "../http/respond.tsx";
import type { RevisionScope } from "../store/revisions.ts";
import { canvasAnswer } from "./draft_edits.tsx";

/** How a form is shown. */
export interface FormViews {
  /** Where the form has its page. */
  readonly path: string;
  /** What undo on that page is about. */
  readonly scope: RevisionScope;
  sheet(draft: Draft, form: FormState): Child;
  page(draft: Draft, form: FormState): Promise<Child> | Child;
}

/** Shows a form as the document is now; `?done=` says what was just stored. */
export async function showForm(
  c: AppContext,
  { draft, fields, views }: { draft: Draft; fields: readonly FormField[]; views: FormViews },
): Promise<Response> {
  const plain = formOf(fields, (c.req.query("done") ?? "").slice(0, 200));
  const form = { ...plain, history: await formHistory(c, views.scope) };
  return await htmlResponse(await views.page(draft, form));
}

/** Answers a form that was sent. */
export async function answerForm(
  c: AppContext,
  saved: SavedForm,
  views: FormViews,
): Promise<Response> {
  const { draft, status } = saved;
  const form = { ...saved.form, history: await formHistory(c, views.scope) };
  if (isFragmentRequest(c.req.raw)) {
    return await htmlResponse(
      <>
        {views.sheet(draft, form)}
        {await marks(c, saved)}
      </>,
      { status, headers: reloadHeader(saved) },
    );
  }
  if (status !== 200) return await htmlResponse(await views.page(draft, form), { status });
  const query = form.done === ""
    ? ""
    : `${views.path.includes("?") ? "&" : "?"}done=${encodeURIComponent(form.done)}`;
  return redirect(views.path + query);
}

/** What undo and redo would do within a scope. */
export async function formHistory(c: AppContext, scope: RevisionScope): Promise<FormHistory> {
  const { services: { store }, user } = c.var;
  const packageId = c.req.param("packageId") ?? "";
  const { undo, redo } = await store.revisions.steps(user.userId, packageId, scope);
  return { scope, undo: undo?.summary ?? "", redo: redo?.summary ?? "" };
}

/** The kind of a node decides which fields its form has. */
function reloadHeader({ stored, form }: SavedForm): Readonly<Record<string, string>> {
  const isOther = stored !== undefined && form.fields.get("type")?.swap !== undefined;
  return isOther ? { "hx-trigger": "crewagent:reload" } : {};
}

/** For the canvas, if the form is beside one. */
async function marks(c: AppContext, { stored, draft, revision }: SavedForm) {
  const shown = Number(textField(await readForm(c), "canvasRevision") || Number.NaN);
  if (stored === undefined || !Number.isSafeInteger(shown)) return "";
  const { summary, touched } = stored.result;
  return await canvasAnswer(c, {
    packageId: c.req.param("packageId") ?? "",
    baseRevision: shown,
    revision,
    draft,
    summary,
    workflowId: touched.workflowId ?? c.req.param("workflowId"),
    select: [],
  });
}

/** A file of a draft, for the panel beside a form. */
export function generatedFile({ files }: Draft, path: string): GeneratedFile {
  const bytes = files.get(path);
  return { path, text: readableText(bytes), sha256: bytes ? fileHash(bytes) : "" };
}

/** The text of a file; `undefined` if it is none. */
export function readableText(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
