// What a simulation does next. Pure: the same scene gives the same turn.
import { readFrontMatter } from "../../schemas/front_matter.ts";
import type { Decisions } from "./connection.ts";
import { asMap, type JsonMap } from "./json_map.ts";
import { placeholderFile } from "./placeholder_file.ts";
import { type BriefedEdge, type PastCall, readEdges, type Scene } from "./simulated_scene.ts";

/** A call to make. */
export interface PlannedCall {
  readonly name: string;
  readonly args: JsonMap;
}

/** A turn: what is said (without a full stop) and called. No calls means that it gives up. */
export interface SimulatedTurn {
  readonly say: string;
  readonly calls: readonly PlannedCall[];
}

const STATE_DOCUMENT = "@state/workflow.md";
/** A failed call is made once more, with the advice of its error followed. */
const MAX_FAILURES = 2;

/** The next turn at the node of a scene, with the tools offered and the branches chosen beforehand. */
export function decideTurn(
  scene: Scene,
  offered: ReadonlySet<string>,
  decisions: Decisions,
): SimulatedTurn {
  const calls = nextCalls(scene, offered, decisions);
  const stuck = calls.map((call) => failuresOf(scene, call)).find(isHopeless);
  const { title } = scene.node;
  if (stuck) return { say: `I stop at "${title}": ${describeFailure(stuck)}`, calls: [] };
  return {
    say: (WORDS[calls[0]?.name ?? ""] ?? 'Going on with "TITLE"').replace("TITLE", () => title),
    calls,
  };
}

/** What a turn says, by its first call; the calls are shown by themselves. */
const WORDS: Readonly<Record<string, string>> = {
  fs_read: 'Reading what "TITLE" needs',
  ui_ask_user: 'Asking the user for "TITLE"',
  fs_write: 'Writing the outputs of "TITLE"',
  state_complete_node: 'Completing "TITLE"',
};

function nextCalls(
  scene: Scene,
  offered: ReadonlySet<string>,
  decisions: Decisions,
): PlannedCall[] {
  const reads = offered.has("fs_read") ? pendingReads(scene) : [];
  if (reads.length > 0) return reads;
  const question = offered.has("ui_ask_user") ? pendingQuestion(scene) : null;
  if (question) return [question];
  const writes = offered.has("fs_write") ? pendingWrites(scene) : [];
  if (writes.length > 0) return writes;
  return [{ name: "state_complete_node", args: completion(scene, decisions) }];
}

/** Outputs are read too: one that exists is the user's and is left as it is. */
function pendingReads({ node, calls }: Scene): PlannedCall[] {
  const state = node.allowedNext.length > 1 ? [STATE_DOCUMENT] : [];
  const optional = [...new Set([...node.inputs, ...node.outputs, ...state])]
    .filter((path) => !calls.some((call) => isOn(call, "fs_read", path) && !wasInterrupted(call)));
  const isKnown = node.stepFile === "" || succeeded(calls, "fs_read", node.stepFile);
  const step = isKnown ? [] : [node.stepFile];
  return [...step, ...optional].map((path) => ({ name: "fs_read", args: { path } }));
}

function pendingQuestion({ node, calls }: Scene): PlannedCall | null {
  const asks = node.asksUser || /\bui[._]ask_user\b/.test(contentOf(calls, node.stepFile));
  if (!asks || calls.some(({ name, result }) => name === "ui_ask_user" && result.ok === true)) {
    return null;
  }
  const question = `[simulation] What should be known for "${node.title}"?`;
  return { name: "ui_ask_user", args: { question, kind: "text" } };
}

function pendingWrites({ node, calls }: Scene): PlannedCall[] {
  const demanded = missingOutputs(lastRefusal(calls));
  return [...new Set(node.outputs)]
    .filter((path) => !succeeded(calls, "fs_write", path))
    .filter((path) => !succeeded(calls, "fs_read", path) || demanded.includes(path))
    .map((path) => ({ name: "fs_write", args: { path, content: placeholderFile(path, node) } }));
}

function completion({ workflowId, node, calls }: Scene, decisions: Decisions): JsonMap {
  const refusal = lastRefusal(calls);
  const edges = openEdges(node.allowedNext, refusal);
  const taken = timesTaken(calls, node.id);
  const visit = [...taken.values()].reduce((sum, times) => sum + times, 0);
  const choices = choicesAt(decisions, workflowId, node.id);
  const edge = chooseEdge(edgesOf(edges, choices[visit]), taken);
  const variables = Object.fromEntries(node.setsVariables.map((name) => [name, "simulated"]));
  return {
    nodeId: node.id,
    ...(edge && { next: edge.to }),
    ...(node.setsVariables.length > 0 && { variables }),
    ...(edge && (node.allowedNext.length > 1 || edges !== node.allowedNext) && {
      decision: { label: edge.label, reason: "[simulation] Chosen by the rules of a simulation" },
    }),
  };
}

/** What was chosen beforehand for the visits of a node, in their order. */
function choicesAt(decisions: Decisions, workflowId: string, nodeId: string): readonly string[] {
  const key = [`${workflowId}/${nodeId}`, nodeId].find((name) => Object.hasOwn(decisions, name));
  const chosen = key === undefined ? undefined : decisions[key];
  return typeof chosen === "string" ? [chosen] : chosen ?? [];
}

/** The edges that a choice means; all of them if there is no choice, or none that it fits. */
function edgesOf(
  edges: readonly BriefedEdge[],
  choice: string | undefined,
): readonly BriefedEdge[] {
  const chosen = edges.filter(({ label, to }) =>
    choice === label || choice === `${label} -> ${to}`
  );
  return chosen.length > 0 ? chosen : edges;
}

/**
 * The edge taken least often, so that every loop ends; among equals one whose condition holds, then the
 * default, then one whose condition is not known to be false.
 */
function chooseEdge(
  edges: readonly BriefedEdge[],
  taken: ReadonlyMap<string, number>,
): BriefedEdge | undefined {
  const rank = (edge: BriefedEdge) => {
    if (edge.conditionNow === true) return 1;
    if (edge.isDefault) return 2;
    return edge.conditionNow === false ? 4 : 3;
  };
  const count = (edge: BriefedEdge) => taken.get(edgeKey(edge)) ?? 0;
  return edges.toSorted((a, b) => count(a) - count(b) || rank(a) - rank(b))[0];
}

/** After a refused transition: the edges the guard offered instead, or all but the refused one. */
function openEdges(
  edges: readonly BriefedEdge[],
  refusal: PastCall | undefined,
): readonly BriefedEdge[] {
  const error = asMap(refusal?.result.error);
  if (error.code !== "E_INVALID_TRANSITION") return edges;
  const offered = readEdges(asMap(error.details).allowedNext);
  const others = (offered.length > 0 ? offered : edges)
    .filter((edge) => edge.to !== refusal?.args.next || edge.label !== labelOf(refusal));
  return others.length > 0 ? others : edges;
}

function labelOf(call: PastCall): unknown {
  return asMap(call.args.decision).label;
}

/** How often each edge of a node was taken before, by the decision log of the state document. */
function timesTaken(calls: readonly PastCall[], nodeId: string): Map<string, number> {
  const state = readFrontMatter(contentOf(calls, STATE_DOCUMENT));
  const log = state.ok && Array.isArray(state.value.data.decisionLog)
    ? state.value.data.decisionLog.map(asMap)
    : [];
  const taken = new Map<string, number>();
  for (const { from, to, label } of log) {
    if (from !== nodeId) continue;
    const key = edgeKey({ to: String(to), label: String(label) });
    taken.set(key, (taken.get(key) ?? 0) + 1);
  }
  return taken;
}

function edgeKey({ to, label }: Pick<BriefedEdge, "to" | "label">): string {
  return `${to}\n${label}`;
}

function lastRefusal(calls: readonly PastCall[]): PastCall | undefined {
  return calls.findLast(({ name, result }) =>
    name === "state_complete_node" && result.ok === false
  );
}

/** Every text in the details of `E_STEP_INCOMPLETE`, whatever their form. */
function missingOutputs(refusal: PastCall | undefined): string[] {
  const error = asMap(refusal?.result.error);
  return error.code === "E_STEP_INCOMPLETE" ? textsIn(error.details) : [];
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function failuresOf({ recent }: Scene, { name, args }: PlannedCall): PastCall[] {
  return recent.filter((call) =>
    isOn(call, name, args.path) && call.result.ok === false && !wasInterrupted(call)
  );
}

function isHopeless(failures: readonly PastCall[]): boolean {
  return failures.length >= MAX_FAILURES;
}

function describeFailure(failures: readonly PastCall[]): string {
  const last = failures.at(-1);
  const { code, message } = asMap(last?.result.error);
  return `${last?.name} failed ${failures.length} times, last with ${code}: ${message}`;
}

function isOn(call: PastCall, name: string, path: unknown): boolean {
  return call.name === name && call.args.path === path;
}

function wasInterrupted({ result }: PastCall): boolean {
  return result.ok !== true && asMap(result.error).code === "E_INTERRUPTED";
}

function succeeded(calls: readonly PastCall[], name: string, path: string): boolean {
  return calls.some((call) => isOn(call, name, path) && call.result.ok === true);
}

function contentOf(calls: readonly PastCall[], path: string): string {
  const read = calls.findLast((call) => isOn(call, "fs_read", path) && call.result.ok === true);
  return String(read?.result.content ?? read?.result.contentPreview ?? "");
}
