// The editor's panel: the form of what is selected. Asked for by the editor, without a page round it.
import type { AppContext } from "../app_context.ts";
import { edgePanel } from "./edge_form.tsx";
import { nodePanel } from "./node_form.tsx";
import { workflowPanel } from "./workflow_form.tsx";

/** `GET …/workflows/:workflowId/inspector?node=ID | ?edge=REF`; of neither: the workflow. */
export async function showInspector(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const { packageId = "", workflowId = "" } = c.req.param();
  const { node, edge } = c.req.query();
  const { draft } = await liveDrafts.read(user.userId, packageId);
  const part = { packageId, workflowId };
  if (node) return await nodePanel(c, draft, { ...part, id: node });
  if (edge) return await edgePanel(c, draft, { ...part, id: edge });
  return await workflowPanel(c, draft, { ...part, id: "" });
}
