// Findings of a package as the editor of one workflow shows them: on the node or edge that each is
// about, and with the edit that mends it. Not here: what is found (`runtime/package/check.ts`).
import type { Finding } from "../../schemas/finding.ts";
import type { CanvasFinding } from "../../views/editor/findings.tsx";
import type { Draft, DraftWorkflow } from "../edit/draft.ts";
import { fixOf } from "../edit/fix_of.ts";

/** All findings of the package; those of the workflow name their node or edge. Order is kept. */
export function canvasFindings(
  draft: Draft,
  workflow: DraftWorkflow,
  findings: readonly Finding[],
): CanvasFinding[] {
  const byPath = new Map(workflow.nodes.flatMap(({ id, path }) => path ? [[path, id]] : []));
  return findings.map((finding) => {
    const { severity, code, message, hint, file } = finding;
    const on = placeOf(finding, workflow, byPath);
    const fix = fixOf(finding, draft);
    return {
      severity,
      code,
      message,
      hint,
      file,
      ...(on && { on }),
      ...(fix && { fix: JSON.stringify(fix) }),
    };
  });
}

function placeOf(
  { file, pointer = "" }: Finding,
  workflow: DraftWorkflow,
  byPath: ReadonlyMap<string, string>,
): CanvasFinding["on"] {
  const nodeId = byPath.get(file);
  if (nodeId !== undefined) return { nodeId };
  if (file !== workflow.graphPath) return undefined;
  const [, list, index] = pointer.split("/");
  const at = Number(index || Number.NaN);
  if (list === "nodes") {
    const node = workflow.nodes[at];
    return node && { nodeId: node.id };
  }
  const edge = list === "edges" ? workflow.edges[at] : undefined;
  return edge && { edgeRef: edge.ref };
}
