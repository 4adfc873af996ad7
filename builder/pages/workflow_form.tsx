// The form of a workflow: as a page, and in the editor's panel where nothing is selected.
import { workflowUrl } from "../../views/editor/editor_page.tsx";
import type { FormState } from "../../views/forms/form_state.ts";
import { Sheet } from "../../views/forms/sheet.tsx";
import { WorkflowFields } from "../../views/forms/workflow_form.tsx";
import { PanelHead, WorkflowPartPage } from "../../views/forms/workflow_part_page.tsx";
import type { AppContext } from "../app_context.ts";
import type { Draft } from "../edit/draft.ts";
import { line, lineList, pairs, prose, words } from "../forms/codec.ts";
import { type FormSubject, saveForm } from "../forms/save_form.ts";
import { type FormField, formOf } from "../forms/submission.ts";
import { htmlResponse } from "../http/respond.tsx";
import { answerForm, type FormViews, generatedFile, showForm } from "./form_answer.tsx";
import type { PanelView } from "./node_form.tsx";
import { placeOf, workflowOf, type WorkflowPart } from "./workflow_part.ts";

function fieldsOf(draft: Draft, { workflowId }: WorkflowPart): readonly FormField[] {
  const { listing, document } = workflowOf(draft, workflowId);
  const { workflowType, variables, inputDocuments } = document?.state ?? {};
  return [
    { name: "displayName", codec: line, value: listing.displayName },
    { name: "description", codec: prose, value: listing.description },
    { name: "tags", codec: words, value: listing.tags },
    { name: "workflowType", codec: line, value: workflowType },
    { name: "goal", codec: prose, value: document?.goal },
    { name: "howToExecute", codec: prose, value: document?.howToExecute },
    { name: "variables", codec: pairs, value: variables },
    { name: "inputDocuments", codec: lineList, value: inputDocuments },
  ];
}

function workflowSubject(part: WorkflowPart): FormSubject {
  return {
    fieldsOf: (draft) => fieldsOf(draft, part),
    editOf: (changes) => ({
      kind: "workflow.change",
      workflowId: part.workflowId,
      fields: Object.fromEntries(
        Array.from(
          changes,
          ([name, value]) => [name, name === "workflowType" ? value ?? "" : value],
        ),
      ),
    }),
  };
}

function workflowViews(c: AppContext, part: WorkflowPart): FormViews & PanelView {
  const { frame, texts } = c.var;
  const { packageId, workflowId } = part;
  const path = `${workflowUrl(packageId, workflowId)}/settings`;
  const source = `${workflowUrl(packageId, workflowId)}/inspector`;
  const sheet = (draft: Draft, form: FormState, place: "page" | "panel" = "page") => {
    const { documentPath } = workflowOf(draft, workflowId);
    const { workflowName } = placeOf(draft, part);
    const head = (
      <>
        <PanelHead frame={frame} title={workflowName} kind={texts.form.workflow} href={path} />
        <p class="muted small">{texts.form.workflowEmpty}</p>
      </>
    );
    return (
      <Sheet
        {...{ frame, form, source, packageId, place }}
        action={path}
        file={generatedFile(draft, documentPath)}
        head={place === "panel" && head}
      >
        <WorkflowFields frame={frame} form={form} />
      </Sheet>
    );
  };
  const page = (draft: Draft, form: FormState) => {
    const place = placeOf(draft, part);
    return (
      <WorkflowPartPage
        {...place}
        frame={frame}
        title={place.workflowName}
        kind={texts.form.workflow}
      >
        {sheet(draft, form)}
      </WorkflowPartPage>
    );
  };
  return { path, scope: `workflow:${workflowId}`, sheet, page };
}

function partOf(c: AppContext): WorkflowPart {
  const { packageId = "", workflowId = "" } = c.req.param();
  return { packageId, workflowId, id: "" };
}

/** `GET …/workflows/:workflowId/settings`. */
export async function showWorkflow(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const part = partOf(c);
  const { draft } = await liveDrafts.read(user.userId, part.packageId);
  return await showForm(c, { draft, fields: fieldsOf(draft, part), views: workflowViews(c, part) });
}

/** `POST …/workflows/:workflowId/settings`. */
export async function postWorkflow(c: AppContext): Promise<Response> {
  const part = partOf(c);
  return await answerForm(c, await saveForm(c, workflowSubject(part)), workflowViews(c, part));
}

/** The workflow's form for the editor's panel. */
export async function workflowPanel(
  c: AppContext,
  draft: Draft,
  part: WorkflowPart,
): Promise<Response> {
  const form = formOf(fieldsOf(draft, part));
  return await htmlResponse(workflowViews(c, part).sheet(draft, form, "panel"));
}
