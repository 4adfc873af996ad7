// The form of an edge: as a page, and in the editor's panel (`inspector.tsx`).
import { AppError } from "../../schemas/error.ts";
import { nodeName } from "../../views/editor/canvas_graph.ts";
import { workflowUrl } from "../../views/editor/editor_page.tsx";
import { EdgeFields } from "../../views/forms/edge_form.tsx";
import type { FormState } from "../../views/forms/form_state.ts";
import { Sheet } from "../../views/forms/sheet.tsx";
import { PanelHead, WorkflowPartPage } from "../../views/forms/workflow_part_page.tsx";
import type { AppContext } from "../app_context.ts";
import type { Draft, DraftEdge } from "../edit/draft.ts";
import { choice, flag, json, line, prose } from "../forms/codec.ts";
import { type FormSubject, saveForm } from "../forms/save_form.ts";
import { type FormField, formOf } from "../forms/submission.ts";
import { htmlResponse } from "../http/respond.tsx";
import { answerForm, type FormViews, generatedFile, showForm } from "./form_answer.tsx";
import type { PanelView } from "./node_form.tsx";
import { placeOf, variableNames, workflowOf, type WorkflowPart } from "./workflow_part.ts";

function edgeOf(draft: Draft, { workflowId, id }: WorkflowPart): DraftEdge {
  const edge = workflowOf(draft, workflowId).edge(id);
  if (edge) return edge;
  throw new AppError(
    "EDGE_NOT_FOUND",
    `The workflow "${workflowId}" has no edge "${id.slice(0, 200)}"`,
  );
}

function fieldsOf(draft: Draft, part: WorkflowPart): readonly FormField[] {
  const { label, isDefault, from, to, conditionText, conditionExpr } = edgeOf(draft, part);
  return [
    { name: "label", codec: line, value: label },
    { name: "isDefault", codec: flag(), value: isDefault ?? false },
    { name: "from", codec: choice, value: from },
    { name: "to", codec: choice, value: to },
    { name: "conditionText", codec: prose, value: conditionText },
    { name: "conditionExpr", codec: json("object"), value: conditionExpr },
  ];
}

function edgeSubject(part: WorkflowPart): FormSubject {
  return {
    prepare: useComparison,
    fieldsOf: (draft) => fieldsOf(draft, part),
    editOf: (changes) => ({
      kind: "edge.change",
      workflowId: part.workflowId,
      edge: part.id,
      fields: Object.fromEntries(
        Array.from(changes, ([name, value]) => [name, name === "label" ? value ?? "" : value]),
      ),
    }),
  };
}

/** The button beside the comparison: it becomes the expression. */
function useComparison(sent: FormData): void {
  if (sent.get("compare") !== "use") return;
  const [variable, operator, value] = ["variable", "operator", "value"].map((name) => {
    const text = sent.get(`compare.${name}`);
    return typeof text === "string" ? text.trim() : "";
  });
  if (!variable || !operator) return;
  sent.set("conditionExpr", JSON.stringify(comparison(variable, operator, value ?? ""), null, 2));
  sent.set("redraw", "conditionExpr");
}

function comparison(variable: string, operator: string, value: string): unknown {
  const name = { var: variable };
  if (operator === "!!") return { "!!": [name] };
  if (operator === "in") {
    return { in: [name, value.split(",").map((item) => literal(item.trim()))] };
  }
  return { [operator]: [name, literal(value)] };
}

function literal(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? text : value;
  } catch {
    return text;
  }
}

/** How an edge's form is shown. */
function edgeViews(c: AppContext, part: WorkflowPart): FormViews & PanelView {
  const { frame, texts } = c.var;
  const { packageId, workflowId, id } = part;
  const query = `edge=${encodeURIComponent(id)}`;
  const path = `${workflowUrl(packageId, workflowId)}/edge?${query}`;
  const source = `${workflowUrl(packageId, workflowId)}/inspector?${query}`;
  const title = (draft: Draft) => {
    const workflow = workflowOf(draft, workflowId);
    const { from, to } = edgeOf(draft, part);
    const name = (nodeId: string) => {
      const node = workflow.node(nodeId);
      return node ? nodeName(node) : nodeId;
    };
    return `${name(from)} → ${name(to)}`;
  };
  const sheet = (draft: Draft, form: FormState, place: "page" | "panel" = "page") => {
    const workflow = workflowOf(draft, workflowId);
    return (
      <Sheet
        {...{ frame, form, source, packageId, place }}
        action={path}
        file={generatedFile(draft, workflow.graphPath)}
        head={place === "panel" &&
          <PanelHead frame={frame} title={title(draft)} kind={texts.form.edge} href={path} />}
      >
        <EdgeFields
          frame={frame}
          form={form}
          nodes={workflow.nodes.map((node) => ({ id: node.id, name: nodeName(node) }))}
          variables={variableNames(draft, workflowId)}
        />
      </Sheet>
    );
  };
  const page = (draft: Draft, form: FormState) => (
    <WorkflowPartPage
      {...placeOf(draft, part)}
      frame={frame}
      title={title(draft)}
      kind={texts.form.edge}
    >
      {sheet(draft, form)}
    </WorkflowPartPage>
  );
  return { path, scope: `workflow:${workflowId}`, sheet, page };
}

function partOf(c: AppContext): WorkflowPart {
  const { packageId = "", workflowId = "" } = c.req.param();
  return { packageId, workflowId, id: c.req.query("edge") ?? "" };
}

/** `GET …/workflows/:workflowId/edge?edge=REF`. */
export async function showEdge(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const part = partOf(c);
  const { draft } = await liveDrafts.read(user.userId, part.packageId);
  return await showForm(c, { draft, fields: fieldsOf(draft, part), views: edgeViews(c, part) });
}

/** `POST …/workflows/:workflowId/edge?edge=REF`. */
export async function postEdge(c: AppContext): Promise<Response> {
  const part = partOf(c);
  return await answerForm(c, await saveForm(c, edgeSubject(part)), edgeViews(c, part));
}

/** The edge's form for the editor's panel. */
export async function edgePanel(
  c: AppContext,
  draft: Draft,
  part: WorkflowPart,
): Promise<Response> {
  const form = formOf(fieldsOf(draft, part));
  return await htmlResponse(edgeViews(c, part).sheet(draft, form, "panel"));
}
