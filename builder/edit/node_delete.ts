// `nodes.delete`: nodes go with their edges, step files and mentions; what led to them may lead on.
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import type { EditOf } from "../../schemas/edit.ts";
import { addRawEdge, keepOneDefault } from "./edge_edits.ts";
import { menusNaming } from "./file_moves.ts";
import { edgeOf } from "./graph_file.ts";
import { type JsonObject, readJsonObject, textAt } from "./json_document.ts";
import { OpenGraph } from "./open_graph.ts";
import { refused } from "./refusal.ts";
import { renameInState, unindexFiles } from "./workflow_document.ts";
import type { WorkingCopy } from "./working_copy.ts";

/** Applies the edit. */
export function deleteNodes(work: WorkingCopy, edit: EditOf<"nodes.delete">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  const gone = new Set(edit.nodeIds.map((id) => graph.node(id).id));
  const titles = [...gone].map((id) => graph.node(id).title ?? id);
  if (gone.size === graph.nodes.length) {
    throw refused("A workflow needs a node at least; add another one before you delete the last");
  }
  if (gone.has(graph.entryNodeId)) graph.entryNodeId = newEntry(graph, gone);
  const paths = ownFiles(graph, gone);
  refuseNamedFiles(work, paths);
  const starts = new Set(
    graph.edges.filter(({ to }) => gone.has(String(to))).map((edge) => textAt(edge, "from")),
  );
  if (edit.reconnect) reconnect(graph, gone);
  graph.edges = graph.edges.filter(({ from, to }) =>
    !gone.has(String(from)) && !gone.has(String(to))
  );
  unindexFiles(graph, paths);
  graph.nodes = graph.nodes.filter(({ id }) => !gone.has(String(id)));
  graph.pin();
  for (const id of starts) {
    if (gone.has(id)) continue;
    keepOneDefault(graph, id);
    graph.follow(id);
  }
  for (const path of paths) work.remove(path);
  graph.save();
  renameInState(graph, (id) => gone.has(id) ? undefined : id);
  return titles.length === 1 ? `Delete "${titles[0]}"` : `Delete ${titles.length} nodes`;
}

/** The run then begins where the entry led, if that is one place. */
function newEntry(graph: OpenGraph, gone: ReadonlySet<string>): string {
  const targets = new Set(exitsFrom(graph, graph.entryNodeId, gone).map(({ to }) => String(to)));
  const [target] = targets;
  if (target !== undefined && targets.size === 1) return target;
  throw refused(
    `A run begins with "${graph.entryNodeId}"; make another node the entry before you delete it`,
  );
}

/** The edges that leave the deleted nodes, as far as they can be reached from one of them. */
function exitsFrom(graph: OpenGraph, start: string, gone: ReadonlySet<string>): JsonObject[] {
  const seen = new Set([start]);
  const exits: JsonObject[] = [];
  for (const nodeId of seen) {
    for (const edge of graph.outgoing(nodeId)) {
      const to = textAt(edge, "to");
      if (gone.has(to)) seen.add(to);
      else exits.push(edge);
    }
  }
  return exits;
}

/** An edge keeps its label where one way leads on; where several do, it gives way to them. */
function reconnect(graph: OpenGraph, gone: ReadonlySet<string>): void {
  const isGone = (id: unknown) => gone.has(String(id));
  const incoming = graph.edges.filter(({ from, to }) => isGone(to) && !isGone(from));
  for (const edge of incoming) {
    const from = textAt(edge, "from");
    const exits = exitsFrom(graph, textAt(edge, "to"), gone)
      // An edge from a node to itself would be made from a loop that is no more.
      .filter(({ to }) => to !== from);
    const targets = new Set(exits.map(({ to }) => to));
    const [only] = targets;
    const leadsOn = (to: unknown, label: unknown) =>
      graph.edges.some((other) => other.from === from && other.to === to && other.label === label);
    if (targets.size === 1) {
      if (!leadsOn(only, edge.label)) graph.changeEdge(edge, { to: only });
      continue;
    }
    for (const exit of exits) {
      const { to, label, conditionText, conditionExpr } = edgeOf(exit);
      if (leadsOn(to, label)) continue;
      const more = {
        ...(conditionText !== undefined && { conditionText }),
        ...(conditionExpr !== undefined && { conditionExpr }),
      };
      addRawEdge(graph, { from, to, label, more });
    }
  }
}

/** The step files of these nodes that no other node of the package uses. */
function ownFiles(graph: OpenGraph, gone: ReadonlySet<string>): Set<string> {
  const paths = new Set<string>();
  for (const id of gone) {
    const path = graph.pathOf(graph.node(id));
    if (path !== undefined) paths.add(path);
  }
  for (const { id } of graph.work.draft.workflows) {
    const workflow = graph.work.draft.workflow(id);
    for (const { id: nodeId, path } of workflow?.nodes ?? []) {
      const stays = id !== graph.workflowId || !gone.has(nodeId);
      if (stays && path !== undefined) paths.delete(path);
    }
    // Nor may a document go that a node names by mistake.
    paths.delete(workflow?.documentPath ?? "");
    paths.delete(workflow?.graphPath ?? "");
  }
  paths.delete(MANIFEST_PATH);
  paths.delete(graph.work.draft.agentsPath);
  return paths;
}

/** @throws AppError `EDIT_REFUSED` if a menu leads to one of the files */
export function refuseNamedFiles(work: WorkingCopy, paths: ReadonlySet<string>): void {
  const [menu] = menusNaming(readJsonObject(work.files.get(work.draft.agentsPath)), paths);
  if (menu === undefined) return;
  throw refused(`The menu item ${menu} leads there; change the menu of that agent first`);
}
