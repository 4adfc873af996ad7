// The workflow document: the state a run begins with, and the links in its text.
import type { Finding } from "../../../schemas/finding.ts";
import type { PackageFiles } from "../archive.ts";
import type { MarkdownDocument } from "../documents.ts";
import { finding } from "../finding_codes.ts";
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

const LINK = /\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)/g;

function* linkRules(document: MarkdownDocument<unknown>, files: PackageFiles): Generator<Finding> {
  const folder = folderOf(document.file);
  for (const { text, number, isCode } of markdownLines(document.body, document.bodyLine)) {
    if (isCode || !text.includes("](")) continue;
    for (const match of text.matchAll(LINK)) {
      const target = packageTarget(match[1] ?? "");
      if (target === undefined) continue;
      if (files.has(joined(folder, target)) || files.has(joined("", target))) continue;
      const place = { file: document.file, line: number, column: match.index + 1 };
      const message = `The link to "${target}" leads to no file of the package`;
      yield finding("WORKFLOW_LINK_DEAD", place, message);
    }
  }
}

/** The path of a link into the package, without its anchor; `undefined` for any other link. */
function packageTarget(link: string): string | undefined {
  // A scheme, an anchor, a mount, an absolute path, or a name with variables.
  if (/^([a-z][a-z0-9+.-]*:|#|@|\/|\{)/i.test(link) || link.includes("{{")) return undefined;
  const [path = ""] = link.split(/[#?]/);
  try {
    return decodeURIComponent(path) || undefined;
  } catch {
    return path;
  }
}

function joined(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (folder + path).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
