// The guarded state document of one workflow in one run: every change passes the guard before it is
// saved, and a refused one leaves the document byte for byte as it was.
import { createHash } from "node:crypto";
import { currentNodeIdOf, findNode } from "../../schemas/graph.ts";
import type { GraphEdge, StepCheck, WorkflowGraph, WorkflowState } from "../../schemas/package.ts";
import type { NodeCompletion, StateDocument } from "../../schemas/state.ts";
import { type ToolFailure, toolFailure, type ToolResult } from "../../schemas/tool.ts";
import { NOTHING_CHECKED } from "./check_report.ts";
import { type OutputFiles, runChecks } from "./checks.ts";
import { type Accepted, type Evidence, type GuardOptions, judge } from "./guard.ts";
import { isFinishing, newDecisions } from "./node_completion.ts";
import { resolveDeclared } from "./outputs.ts";
import { type ReadState, readState } from "./read_state.ts";
import { applyUpdate, planCompletion } from "./state_update.ts";

/** The path a model knows. */
export const STATE_PATH = "@state/workflow.md";

const PROJECT = "@project/";
const ARTIFACTS = `${PROJECT}artifacts/`;

/** What a state document needs. */
export interface StateDocumentOptions {
  /** The document as it is saved now; valid. */
  readonly text: string;
  readonly graph: WorkflowGraph;
  readonly guard: GuardOptions;
  /** Output templates a node declares, by the graph and its step file. */
  outputsOf(nodeId: string): readonly string[];
  /** The checks of a node's step file. */
  checksOf(nodeId: string): readonly StepCheck[];
  /** Failed checks only warn: a simulation writes placeholders. */
  readonly checksOnlyWarn?: boolean;
  readonly files: OutputFiles;
  /** Saves atomically; when it returns, the new text survives a crash. */
  save(text: string): void;
  onChange(change: StateChange): void;
  onReject(failure: ToolFailure): void;
}

/** A change that was let through and saved. */
export interface StateChange {
  readonly state: WorkflowState;
  readonly sha256Before: string;
  readonly sha256After: string;
  /** The node that was left or, at an end node, completed. */
  readonly leftNodeId?: string;
  readonly edge?: GraphEdge;
}

/** Where a workflow stands. */
export interface Position {
  readonly nodeId: string;
  /** The current node is an end node and done. */
  readonly completed: boolean;
}

/** The document, as tools see it and as the engine steers it. */
export interface GuardedState extends StateDocument {
  readonly state: WorkflowState;
  position(): Position;
  /** A new assistant message: it may cross one edge. */
  beginMessage(): void;
  /** A visit of the current node begins, without evidence. */
  beginVisit(): void;
  /** A call of this visit read this path. */
  noteRead(path: string): void;
  /**
   * A call of this visit wrote this path. One under `artifacts/` is listed in the document, with the
   * next change: a node that writes ten files costs one save, and the log knows them till then.
   */
  noteWritten(path: string): void;
  /** Completes a node by the shell: a subworkflow has returned. No outputs or decision are asked for. */
  completeByShell(completion: NodeCompletion): ToolResult;
}

/** Opens a state document. Calls must not overlap: the engine makes them one after the other. */
export function openStateDocument(options: StateDocumentOptions): GuardedState {
  const { graph } = options;
  const opened = readState(options.text);
  if (!opened.ok) throw new Error(opened.error.message);
  let text = options.text;
  let read = opened;
  let edgeUsed = false;
  const touched = new Set<string>();
  const artifacts = new Set<string>();

  const reject = (failure: ToolFailure): ToolFailure => {
    options.onReject(failure);
    return failure;
  };

  const commit = (next: ReadState, nextText: string, left: Partial<StateChange> = {}) => {
    const sha256Before = sha256(text);
    const sha256After = sha256(nextText);
    options.save(nextText);
    read = next;
    text = nextText;
    options.onChange({ state: read.state, sha256Before, sha256After, ...left });
    return { sha256Before, sha256After };
  };

  const save = (
    next: ReadState,
    nextText: string,
    accepted: Accepted,
    selfLoop = false,
  ): ToolResult => {
    const from = currentNodeIdOf(graph, read.state.currentNodeId);
    const final = stamp(next, nextText, { before: read.state, artifacts });
    const left = accepted.edge || accepted.completed || selfLoop ? { leftNodeId: from } : {};
    const edge = accepted.edge ? { edge: accepted.edge } : {};
    if (accepted.edge) edgeUsed = true;
    const { sha256Before, sha256After } = commit(final.read, final.text, { ...left, ...edge });
    const { warnings } = accepted;
    return {
      ok: true,
      path: STATE_PATH,
      sha256Before,
      sha256After,
      currentNodeId: currentNodeIdOf(graph, read.state.currentNodeId),
      ...(accepted.completed && { workflowCompleted: true }),
      ...(warnings.length > 0 && { warnings }),
    };
  };

  const propose = async (
    nextText: string,
    { ifMatchSha256, selfLoop = false }: { ifMatchSha256?: string | undefined; selfLoop?: boolean },
  ): Promise<ToolResult> => {
    if (ifMatchSha256 !== undefined && ifMatchSha256.toLowerCase() !== sha256(text)) {
      return reject(changedMeanwhile(sha256(text)));
    }
    const next = readState(nextText);
    if (!next.ok) return reject(next);
    const from = currentNodeIdOf(graph, read.state.currentNodeId);
    const outputs = options.outputsOf(from);
    const existing = await existingPaths(outputs, next.state, options);
    const move = { graph, before: read.state, after: next.state, selfLoop };
    const { variables = {} } = next.state;
    const checked = isFinishing(move)
      ? await runChecks(options.checksOf(from), { variables, files: options.files })
      : NOTHING_CHECKED;
    const verdict = judge({
      ...move,
      options: options.guard,
      edgeUsed,
      outputs,
      evidence: (path): Evidence => ({ exists: existing.has(path), touched: touched.has(path) }),
      checked,
      checksOnlyWarn: options.checksOnlyWarn ?? false,
    });
    return verdict.ok ? save(next, nextText, verdict, selfLoop) : reject(verdict);
  };

  return {
    path: STATE_PATH,
    get state() {
      return read.state;
    },
    position: () => positionOf(graph, read.state),
    read: () => Promise.resolve(text),
    propose: (nextText, ifMatchSha256) => propose(nextText, { ifMatchSha256 }),
    update: (update, ifMatchSha256) => propose(applyUpdate(read, update), { ifMatchSha256 }),
    complete(completion) {
      const node = findNode(graph, currentNodeIdOf(graph, read.state.currentNodeId));
      if (!node) return Promise.reject(new Error("The state names a node that the graph lacks"));
      const plan = planCompletion(completion, { graph, node, state: read.state });
      if (!plan.ok) return Promise.resolve(reject(plan));
      return propose(applyUpdate(read, plan.update), { selfLoop: plan.next === node.id });
    },
    beginMessage: () => void (edgeUsed = false),
    beginVisit: () => touched.clear(),
    noteRead: (path) => void touched.add(path),
    noteWritten(path) {
      touched.add(path);
      if (path.startsWith(ARTIFACTS)) artifacts.add(path.slice(PROJECT.length));
    },
    completeByShell(completion) {
      const node = findNode(graph, completion.nodeId);
      const plan = node && planCompletion(completion, { graph, node, state: read.state });
      if (!plan) throw new Error(`The graph has no node "${completion.nodeId}"`);
      if (!plan.ok) return plan;
      const nextText = applyUpdate(read, plan.update);
      const next = readState(nextText);
      if (!next.ok) return next;
      const edge = graph.edges.find(({ from, to, label }) =>
        from === node.id && to === plan.next &&
        (completion.decision === undefined || label === completion.decision.label)
      );
      const accepted = { ok: true, completed: node.type === "end", warnings: [] } as const;
      return save(next, nextText, edge ? { ...accepted, edge } : accepted);
    },
  };
}

function positionOf(graph: WorkflowGraph, state: WorkflowState): Position {
  const nodeId = currentNodeIdOf(graph, state.currentNodeId);
  const isEnd = findNode(graph, nodeId)?.type === "end";
  return { nodeId, completed: isEnd && state.stepsCompleted.includes(nodeId) };
}

/** The shell's part of a change: when it happened, when decisions were taken, which files were made. */
function stamp(
  next: ReadState,
  nextText: string,
  { before, artifacts }: { before: WorkflowState; artifacts: ReadonlySet<string> },
): { read: ReadState; text: string } {
  const now = isoNow();
  const first = before.decisionLog?.length ?? 0;
  const decisions = newDecisions({ before, after: next.state });
  const text = next.frontMatter.withChanges([
    ...decisions.map((_entry, index) => ({
      path: ["decisionLog", String(first + index), "decidedAt"],
      set: now,
    })),
    ...[...artifacts].filter((path) => !next.state.artifacts?.includes(path))
      .map((append) => ({ path: ["artifacts"], append })),
    { path: ["updatedAt"], set: now },
  ]);
  const read = readState(text);
  return read.ok ? { read, text } : { read: next, text: nextText };
}

async function existingPaths(
  outputs: readonly string[],
  { variables = {} }: WorkflowState,
  { files }: StateDocumentOptions,
): Promise<Set<string>> {
  const existing = new Set<string>();
  for (const output of outputs) {
    const declared = resolveDeclared(output, variables);
    if (!("path" in declared)) continue;
    if ((await files.inspect(declared.path)).exists) existing.add(declared.path);
  }
  return existing;
}

function changedMeanwhile(sha256Now: string): ToolFailure {
  return toolFailure(
    "E_PRECONDITION_FAILED",
    "The state document is not the one you read: its sha256 is another by now. Read it again, then change it",
    { sha256: sha256Now },
  );
}

function isoNow(): string {
  return new Date().toISOString();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
