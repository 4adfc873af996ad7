// `node.change`: the fields of the node form, put into the graph and into the step file.
import type { EditOf, NodeFields } from "../../schemas/edit.ts";
import type { GraphNode } from "../../schemas/package.ts";
import { isSameJson, type JsonObject } from "./json_document.ts";
import {
  editableMarkdown,
  type MarkdownFile,
  readMarkdown,
  withFrontMatter,
} from "./markdown_file.ts";
import { newStepPath, typeChanges } from "./node_edits.ts";
import { OpenGraph } from "./open_graph.ts";
import { lines, oneLine } from "./plain_text.ts";
import {
  refuseUnknownAgent,
  refuseViolations,
  refuseWrongCall,
  refuseWrongChecks,
  refuseWrongNode,
} from "./rules_kept.ts";
import {
  newStepText,
  SHARED_KEYS,
  STEP_KEYS,
  STEP_SECTIONS,
  withHeading,
  withStepSection,
} from "./step_file.ts";
import { edgesByStart } from "./graph_file.ts";
import { refused } from "./refusal.ts";
import { indexNode, relinkFile } from "./workflow_document.ts";
import type { WorkingCopy } from "./working_copy.ts";

/** Applies the edit. */
export function changeNode(work: WorkingCopy, edit: EditOf<"node.change">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  const { nodeId, fields } = edit;
  const rawBefore = graph.rawNode(nodeId);
  const before = graph.node(nodeId);
  graph.changeNode(nodeId, graphChanges(graph, nodeId, fields));
  refuseWrongNode(rawBefore, graph.rawNode(nodeId));
  const after = graph.node(nodeId);
  if (after.subworkflowRef !== undefined || after.passContext !== undefined) graph.needsVersion12();
  changeStep(graph, { before, after, fields });
  graph.follow(nodeId, SHARED_KEYS.filter((key) => !isSameJson(before[key], after[key])));
  graph.save();
  return `Change "${after.title ?? after.id}"`;
}

function graphChanges(graph: OpenGraph, nodeId: string, fields: NodeFields): JsonObject {
  const { title, agentId, description, inputs, outputs, subworkflowRef, passContext } = fields;
  const changes = new Map<string, unknown>();
  if (title !== undefined) changes.set("title", oneLine(title ?? "") || undefined);
  if (description !== undefined) changes.set("description", description?.trim() || undefined);
  if (agentId !== undefined) changes.set("agentId", agentId || undefined);
  if (inputs !== undefined) changes.set("inputs", listed(inputs));
  if (outputs !== undefined) changes.set("outputs", listed(outputs));
  if (subworkflowRef !== undefined) changes.set("subworkflowRef", subworkflowRef || undefined);
  if (passContext !== undefined) changes.set("passContext", passContext ?? undefined);
  for (const [key, value] of Object.entries(typeChanges(graph, nodeId, fields))) {
    changes.set(key, value);
  }
  const node = graph.node(nodeId);
  if (agentId && agentId !== node.agentId) refuseUnknownAgent(graph.work, agentId);
  refuseWrongReference(graph, changes, { ...node, ...fields.type && { type: fields.type } });
  return Object.fromEntries(changes);
}

function refuseWrongReference(
  graph: OpenGraph,
  changes: ReadonlyMap<string, unknown>,
  { id, type, subworkflowRef }: GraphNode,
): void {
  if (!changes.has("subworkflowRef")) return;
  const callee = changes.get("subworkflowRef");
  if (typeof callee === "string") {
    if (type !== "subworkflow") {
      throw refused(
        `Only a subworkflow calls a workflow, and "${id}" is a ${type}; change its type first`,
      );
    }
    if (callee !== subworkflowRef) refuseWrongCall(graph.work, graph.workflowId, callee);
  } else if (type === "subworkflow") {
    throw refused(`The subworkflow "${id}" has to call a workflow; name one, or change its type`);
  }
}

/** `null` removes the list, an empty one stays empty. */
function listed(items: readonly string[] | null): string[] | undefined {
  return items === null ? undefined : lines(items);
}

interface StepChange {
  readonly before: GraphNode;
  readonly after: GraphNode;
  readonly fields: NodeFields;
}

const STEP_FIELDS = ["goal", "instructions", "completion", "setsVariables", "checks"] as const;

function changeStep(graph: OpenGraph, change: StepChange): void {
  const { before, after, fields } = change;
  const { work } = graph;
  let path = graph.pathOf(before);
  const isAsked = STEP_FIELDS.some((field) => fields[field] !== undefined);
  if (path === undefined) {
    if (!isAsked) return;
    path = newStepPath(graph, after.id);
    work.writeText(path, newStepText(after, edgesByStart(graph.edges).get(after.id) ?? []));
    graph.changeNode(after.id, { file: path });
    indexNode(graph, after.id);
  }
  const bytes = work.files.get(path);
  if (!isAsked && !readMarkdown(bytes)) return;
  const old = editableMarkdown(bytes, path);
  const file = changedStep(old, change);
  refuseWrongChecks({ node: before, file: old }, { node: after, file });
  if (after.title !== before.title && after.title !== undefined) {
    const title = { path, from: before.title ?? before.id, to: after.title };
    relinkFile(graph, { title, pathOf: (same) => same });
    work.writeMarkdown(path, old, withHeading(file, title));
  } else work.writeMarkdown(path, old, file);
}

function changedStep(old: MarkdownFile, { after, fields }: StepChange): MarkdownFile {
  const { setsVariables, checks } = fields;
  const changes = new Map<string, unknown>();
  if (setsVariables !== undefined) changes.set("setsVariables", listed(setsVariables));
  if (checks !== undefined) changes.set("checks", checks?.length ? checks : undefined);
  const { schemaVersion } = old.frontMatter.data;
  if (checks?.length && /^1\.1(\.|$)/.test(String(schemaVersion))) {
    changes.set("schemaVersion", "1.2");
  }
  let file = withFrontMatter(old, Object.fromEntries(changes), STEP_KEYS);
  // The lists that checks refer to have to be the new ones already.
  const shared = SHARED_KEYS.filter((key) => fields[key] !== undefined);
  file = withFrontMatter(
    file,
    Object.fromEntries(shared.map((key) => [key, after[key]])),
    STEP_KEYS,
  );
  refuseViolations("step", { before: old.frontMatter.data, after: file.frontMatter.data });
  const texts = [fields.goal, fields.instructions, fields.completion];
  for (const [index, name] of STEP_SECTIONS.entries()) {
    const text = texts[index];
    if (text !== undefined) file = withStepSection(file, name, text ?? "");
  }
  return file;
}
