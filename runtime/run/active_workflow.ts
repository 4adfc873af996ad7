// The active workflow of a run with its guarded state document; a subworkflow's call and return swap it.
import { join } from "node:path";
import { readFrontMatter } from "../../schemas/front_matter.ts";
import { findNode } from "../../schemas/graph.ts";
import { toPathPart } from "../../schemas/ids.ts";
import type { GraphNode, StepFrontMatter } from "../../schemas/package.ts";
import type { StateDocument } from "../../schemas/state.ts";
import { writeFileAtomic } from "../disk/durable.ts";
import type { LoadedWorkflow } from "../package/load.ts";
import { initialState } from "../state/initial_state.ts";
import { type OutputFiles, readChecks } from "../state/checks.ts";
import {
  type GuardedState,
  openStateDocument,
  STATE_PATH,
  type StateChange,
} from "../state/state_document.ts";
import { readCallStack, saveCallStack } from "./call_stack.ts";
import type { RunFolder } from "./run_folder.ts";
import type { RunRecorder } from "./run_recorder.ts";
import type { OpenRun } from "./start_run.ts";

/** The workflow that is being carried out, and the way back to its callers. */
export interface ActiveWorkflow {
  readonly workflow: LoadedWorkflow;
  readonly state: GuardedState;
  /** Callers that wait for this workflow. */
  readonly depth: number;
  /** What tools write through; it follows calls and returns. */
  readonly document: StateDocument;
  /** Front matter of a node's step file; empty if it cannot be read. */
  stepFrontMatter(nodeId: string): Partial<StepFrontMatter>;
  /** Makes `target` active, with a state of its own; `node` of the present workflow waits for it. */
  call(target: LoadedWorkflow, node: GraphNode): void;
  /** Lets the caller's node be completed, then makes the caller active again. */
  return(complete: (caller: ActiveCaller) => void): void;
}

/** A caller, opened to be completed before it becomes the active workflow. */
export interface ActiveCaller {
  readonly nodeId: string;
  readonly workflow: LoadedWorkflow;
  readonly state: GuardedState;
}

/** Where the state document of a workflow is saved. */
export function stateDocumentPath(folder: RunFolder, workflowId: string): string {
  return join(folder.stateDir, "workflows", toPathPart(workflowId), "workflow.md");
}

/**
 * Opens what `state/run.md` names as active. Order on disk: a child's state before the call, the
 * caller's completed node before the return, so a crash between the two repeats the second only.
 */
export function openActiveWorkflow(
  run: OpenRun,
  recorder: RunRecorder,
  files: OutputFiles,
): ActiveWorkflow {
  let stack = readCallStack(run.folder.stateDir);
  let current = openWorkflow(run, recorder, { workflowId: stack.activeWorkflowId, files });

  const activate = (next: typeof stack) => {
    saveCallStack(run.folder.stateDir, next);
    stack = next;
    current = openWorkflow(run, recorder, { workflowId: next.activeWorkflowId, files });
  };

  return {
    get workflow() {
      return current.workflow;
    },
    get state() {
      return current.state;
    },
    get depth() {
      return stack.callers.length;
    },
    document: {
      path: STATE_PATH,
      read: () => current.state.read(),
      propose: (text, ifMatchSha256) => current.state.propose(text, ifMatchSha256),
      update: (update, ifMatchSha256) => current.state.update(update, ifMatchSha256),
      complete: (completion) => current.state.complete(completion),
    },
    stepFrontMatter: (nodeId) => stepFrontMatter(run, current.workflow, nodeId),
    call(target, node) {
      const variables = node.passContext ? current.state.state.variables ?? {} : {};
      const start = { runId: run.record.runId, now: new Date(), projectName: "", variables };
      const { project_name } = current.state.state;
      writeFileAtomic(
        stateDocumentPath(run.folder, target.id),
        initialState(target.documentText, { ...start, projectName: project_name ?? "" }),
      );
      const caller = { workflowId: current.workflow.id, nodeId: node.id };
      activate({ activeWorkflowId: target.id, callers: [...stack.callers, caller] });
    },
    return(complete) {
      const caller = stack.callers.at(-1);
      if (!caller) throw new Error("No workflow waits for this one");
      const opened = openWorkflow(run, recorder, { workflowId: caller.workflowId, files });
      complete({ nodeId: caller.nodeId, ...opened });
      activate({ activeWorkflowId: caller.workflowId, callers: stack.callers.slice(0, -1) });
    },
  };
}

function openWorkflow(
  run: OpenRun,
  recorder: RunRecorder,
  { workflowId, files }: { workflowId: string; files: OutputFiles },
): { workflow: LoadedWorkflow; state: GuardedState } {
  const workflow = run.package.workflows.find(({ id }) => id === workflowId);
  if (!workflow) throw new Error(`The package has no workflow "${workflowId}"`);
  const path = stateDocumentPath(run.folder, workflowId);
  const state = openStateDocument({
    text: Deno.readTextFileSync(path),
    graph: workflow.graph,
    guard: run.record.options,
    outputsOf: (nodeId) => [
      ...new Set([
        ...findNode(workflow.graph, nodeId)?.outputs ?? [],
        ...stepFrontMatter(run, workflow, nodeId).outputs ?? [],
      ]),
    ],
    checksOf: (nodeId) => readChecks(stepFrontMatter(run, workflow, nodeId)),
    checksOnlyWarn: run.record.connection.provider === "simulate",
    files,
    save(text) {
      recorder.sync();
      writeFileAtomic(path, text);
    },
    onChange: (change) => recordChange(recorder, change),
    onReject: ({ error: { code, message } }) =>
      recorder.emit({ type: "state_rejected", document: STATE_PATH, code, message }),
  });
  return { workflow, state };
}

function recordChange(recorder: RunRecorder, change: StateChange): void {
  const { state, sha256Before, sha256After, leftNodeId, edge } = change;
  recorder.emit({
    type: "state_changed",
    document: STATE_PATH,
    currentNodeId: state.currentNodeId,
    stepsCompleted: state.stepsCompleted,
    sha256Before,
    sha256After,
  });
  if (leftNodeId === undefined) return;
  recorder.emit({ type: "node_completed", ...(edge && { next: edge.to, label: edge.label }) });
}

function stepFrontMatter(
  run: OpenRun,
  workflow: LoadedWorkflow,
  nodeId: string,
): Partial<StepFrontMatter> {
  const content = run.package.files.get(workflow.nodeFiles.get(nodeId) ?? "");
  const read = content && readFrontMatter(new TextDecoder().decode(content));
  return read && read.ok ? read.value.data : {};
}
