// The workflow document: the state a run begins with, and the links in its text.
import type { Finding } from "../../../schemas/finding.ts";
import type { PackageFiles } from "../archive.ts";
import type { MarkdownDocument } from "../documents.ts";
import { finding } from "../finding_codes.ts";
import { linkedFile, linksIn } from "../markdown_links.ts";
import type { WorkflowParts } from "../package_parts.ts";
import { folderOf } from "../written_path.ts";
import { markdownLines } from "../../../schemas/markdown_lines.ts";

/** Findings about one `workflow.md`. */
export function* workflowRules(workflow: WorkflowParts, files: PackageFiles): Generator<Finding> {
  const { document } = workflow;
  if (!document) return;
  yield* stateRules(workflow);
  yield* linkRules(document, files);
}

function* stateRules({ document, graph }: WorkflowParts): Generator<Finding> {
  if (!document || !graph) return;
  const nodeIds = new Set(graph.value.nodes.map(({ id }) => id));
  const { currentNodeId, stepsCompleted } = document.value;
  const named = [
    { id: currentNodeId, pointer: "/currentNodeId" },
    ...stepsCompleted.map((id, index) => ({ id, pointer: `/stepsCompleted/${index}` })),
  ];
  for (const { id, pointer } of named) {
    if (id === "" || nodeIds.has(id)) continue;
    const message = `The state begins with the node "${id}", which the graph does not have`;
    yield finding("STATE_NODE_UNKNOWN", document.at(pointer), message);
  }
}

function* linkRules(document: MarkdownDocument<unknown>, files: PackageFiles): Generator<Finding> {
  const folder = folderOf(document.file);
  for (const { text, number, isCode } of markdownLines(document.body, document.bodyLine)) {
    if (isCode || !text.includes("](")) continue;
    for (const { target, start } of linksIn(text)) {
      if (linkedFile(files, folder, target) !== undefined) continue;
      const place = { file: document.file, line: number, column: start + 1 };
      const message = `The link to "${target}" leads to no file of the package`;
      yield finding("WORKFLOW_LINK_DEAD", place, message);
    }
  }
}
