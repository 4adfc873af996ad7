// The form of a node: as a page, and in the editor's panel (`inspector.tsx`).
import { AppError } from "../../schemas/error.ts";
import { nodeName } from "../../views/editor/canvas_graph.ts";
import { workflowUrl } from "../../views/editor/editor_page.tsx";
import type { FormState } from "../../views/forms/form_state.ts";
import { NodeFields } from "../../views/forms/node_form.tsx";
import { Sheet } from "../../views/forms/sheet.tsx";
import { PanelHead, WorkflowPartPage } from "../../views/forms/workflow_part_page.tsx";
import type { AppContext } from "../app_context.ts";
import { type Draft, type DraftNode, stepOf } from "../edit/draft.ts";
import { choice, flag, json, line, lineList, number, prose } from "../forms/codec.ts";
import { items } from "../forms/item_codec.ts";
import { saveForm } from "../forms/save_form.ts";
import { type FormField, formOf } from "../forms/submission.ts";
import { htmlResponse } from "../http/respond.tsx";
import { answerForm, type FormViews, generatedFile, showForm } from "./form_answer.tsx";
import { placeOf, workflowOf, type WorkflowPart } from "./workflow_part.ts";

const CHECKS = items([
  { key: "output", codec: line },
  { key: "variable", codec: line },
  { key: "exists", codec: trueOnly() },
  { key: "nonEmpty", codec: trueOnly() },
  { key: "matches", codec: line },
  { key: "notMatches", codec: line },
  { key: "headings", codec: lineList },
  { key: "minBytes", codec: number({ least: 0, isWhole: true }) },
  { key: "maxBytes", codec: number({ least: 0, isWhole: true }) },
  { key: "min", codec: number({ isWhole: false }), path: ["range", "min"] },
  { key: "max", codec: number({ isWhole: false }), path: ["range", "max"] },
  { key: "jsonSchema", codec: json("object") },
], { isOpen: false });

/** `exists: true` is a condition; `false` is none and is not written. */
function trueOnly() {
  const { show } = flag();
  return {
    show,
    read: (entries: ReadonlyMap<string, string>) => ({
      value: entries.has("") ? true : null,
      faults: new Map<string, string>(),
    }),
  };
}

/** The node of a workflow. @throws AppError `NODE_NOT_FOUND` */
export function nodeOf(draft: Draft, { workflowId, id }: WorkflowPart): DraftNode {
  const node = workflowOf(draft, workflowId).node(id);
  if (node) return node;
  throw new AppError(
    "NODE_NOT_FOUND",
    `The workflow "${workflowId}" has no node "${id.slice(0, 100)}"`,
  );
}

function fieldsOf(draft: Draft, part: WorkflowPart): readonly FormField[] {
  const node = nodeOf(draft, part);
  const step = stepOf(draft, part.workflowId, part.id);
  const { setsVariables, checks } = step?.frontMatter ?? {};
  return [
    { name: "title", codec: line, value: node.title },
    { name: "type", codec: choice, value: node.type },
    { name: "agentId", codec: choice, value: node.agentId },
    { name: "description", codec: prose, value: node.description },
    ...(node.type === "subworkflow"
      ? [
        { name: "subworkflowRef", codec: choice, value: node.subworkflowRef },
        { name: "passContext", codec: flag(), value: node.passContext },
      ]
      : []),
    { name: "goal", codec: prose, value: step?.goal },
    { name: "instructions", codec: prose, value: step?.instructions },
    { name: "completion", codec: prose, value: step?.completion },
    { name: "inputs", codec: lineList, value: node.inputs },
    { name: "outputs", codec: lineList, value: node.outputs },
    { name: "setsVariables", codec: lineList, value: setsVariables },
    { name: "checks", codec: CHECKS, value: checks, blank: newCheck(node, setsVariables) },
  ];
}

/** A new check has to be about something: the first output, else the first variable. */
function newCheck(node: DraftNode, variables: readonly string[] = []): Record<string, string> {
  const [output] = node.outputs ?? [];
  const [variable] = variables;
  const subject: Record<string, string> = output !== undefined
    ? { output, variable: "" }
    : { output: "", variable: variable ?? "" };
  return { ...subject, nonEmpty: "on" };
}

/** The form of one node, wherever it is shown. */
export function nodeSubject(part: WorkflowPart) {
  return {
    fieldsOf: (draft: Draft) => fieldsOf(draft, part),
    editOf: (changes: ReadonlyMap<string, unknown>) => ({
      kind: "node.change" as const,
      workflowId: part.workflowId,
      nodeId: part.id,
      fields: Object.fromEntries(changes),
    }),
  };
}

/** How a node's form is shown. */
export function nodeViews(c: AppContext, part: WorkflowPart): FormViews & PanelView {
  const { frame, texts } = c.var;
  const { packageId, workflowId, id } = part;
  const path = `${workflowUrl(packageId, workflowId)}/nodes/${encodeURIComponent(id)}`;
  const source = `${workflowUrl(packageId, workflowId)}/inspector?node=${encodeURIComponent(id)}`;
  const sheet = (draft: Draft, form: FormState, place: "page" | "panel" = "page") => {
    const node = nodeOf(draft, part);
    const kind = texts.editor[node.type];
    return (
      <Sheet
        {...{ frame, form, source, packageId, place }}
        action={path}
        file={generatedFile(draft, node.path ?? node.file)}
        head={place === "panel" &&
          <PanelHead frame={frame} title={nodeName(node)} kind={kind} href={path} />}
      >
        <NodeFields frame={frame} form={form} choices={choicesOf(draft, part)} />
      </Sheet>
    );
  };
  const page = (draft: Draft, form: FormState) => {
    const node = nodeOf(draft, part);
    const place = placeOf(draft, part);
    return (
      <WorkflowPartPage
        {...place}
        frame={frame}
        id={id}
        title={nodeName(node)}
        kind={texts.editor[node.type]}
      >
        {sheet(draft, form)}
      </WorkflowPartPage>
    );
  };
  return { path, scope: `workflow:${workflowId}`, sheet, page };
}

/** A form in the editor's panel. */
export interface PanelView {
  sheet(draft: Draft, form: FormState, place?: "page" | "panel"): ReturnType<FormViews["sheet"]>;
}

function choicesOf(draft: Draft, part: WorkflowPart) {
  const node = nodeOf(draft, part);
  return {
    type: node.type,
    agents: draft.agents.map(({ id, metadata }) => ({ id, name: metadata.name || id })),
    workflows: draft.workflows.filter(({ id }) => id !== part.workflowId)
      .map(({ id, displayName }) => ({ id, name: displayName ?? id })),
    outputs: node.outputs ?? [],
    variables: stepOf(draft, part.workflowId, part.id)?.frontMatter.setsVariables ?? [],
  };
}

function partOf(c: AppContext): WorkflowPart {
  const { packageId = "", workflowId = "", nodeId = "" } = c.req.param();
  return { packageId, workflowId, id: nodeId };
}

/** `GET …/workflows/:workflowId/nodes/:nodeId`. */
export async function showNode(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const part = partOf(c);
  const { draft } = await liveDrafts.read(user.userId, part.packageId);
  return await showForm(c, { draft, fields: fieldsOf(draft, part), views: nodeViews(c, part) });
}

/** `POST …/workflows/:workflowId/nodes/:nodeId`: the fields that were changed. */
export async function postNode(c: AppContext): Promise<Response> {
  const part = partOf(c);
  return await answerForm(c, await saveForm(c, nodeSubject(part)), nodeViews(c, part));
}

/** The node's form for the editor's panel. */
export async function nodePanel(
  c: AppContext,
  draft: Draft,
  part: WorkflowPart,
): Promise<Response> {
  const form = formOf(fieldsOf(draft, part));
  return await htmlResponse(nodeViews(c, part).sheet(draft, form, "panel"));
}
