// Whether a run can go on with another state of its package: same, compatible or incompatible. Pure.
import { currentNodeIdOf, findNode } from "../../schemas/graph.ts";
import type { LoadedPackage } from "../package/load.ts";
import { readState } from "../state/read_state.ts";
import type { StateSnapshot } from "./snapshot.ts";

/** `compatible`: every node the run stands at or has done is still there, so it can go on. */
export type Verdict = "same" | "compatible" | "incompatible";

/** A verdict and what speaks for it, one sentence each; none for `same`. */
export interface PackageVerdict {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

/** What is compared. */
export interface PackageComparison {
  /** The package the run had so far, where it can still be read. */
  readonly before: LoadedPackage | undefined;
  /** Its hash. */
  readonly hash: string;
  readonly after: LoadedPackage;
  readonly state: StateSnapshot;
  readonly agentId: string | undefined;
}

/** Judges a package for a run that has begun. */
export function judgePackage(comparison: PackageComparison): PackageVerdict {
  const { before, after, hash } = comparison;
  if (after.hash === hash) return { verdict: "same", reasons: [] };
  const faults = [...missingAgent(comparison), ...missingNodes(comparison)];
  if (faults.length > 0) return { verdict: "incompatible", reasons: faults };
  const reasons = before ? changedFiles(before, after) : ["the package that the run had is gone"];
  return { verdict: "compatible", reasons };
}

function missingAgent({ after, agentId }: PackageComparison): string[] {
  if (agentId === undefined || after.agents.some(({ id }) => id === agentId)) return [];
  return [`it has no agent "${agentId}", which speaks in this run`];
}

function missingNodes({ before, after, state: { documents } }: PackageComparison): string[] {
  return Object.entries(documents).flatMap(([workflowId, text]) => {
    const workflow = after.workflows.find(({ id }) => id === workflowId);
    if (!workflow) return [`it has no workflow "${workflowId}", which the run is in`];
    const read = readState(text);
    if (!read.ok) return [`the state of the workflow "${workflowId}" cannot be read`];
    const { stepsCompleted, currentNodeId } = read.state;
    const old = before?.workflows.find(({ id }) => id === workflowId);
    const graph = old?.graph ?? workflow.graph;
    const current = currentNodeIdOf(graph, currentNodeId);
    const done = stepsCompleted.filter((id) => !findNode(workflow.graph, id))
      .map((id) => `the workflow "${workflowId}" has no node "${id}", which is done already`);
    const here = findNode(workflow.graph, current);
    if (!here) {
      return [...done, `the workflow "${workflowId}" has no node "${current}", where the run is`];
    }
    const was = old && findNode(old.graph, current);
    if (!was || was.type === here.type) return done;
    return [
      ...done,
      `the node "${current}", where the run is, was a ${was.type}, not a ${here.type}`,
    ];
  });
}

function changedFiles(before: LoadedPackage, after: LoadedPackage): string[] {
  const changed = [...after.files].filter(([path, content]) => {
    const old = before.files.get(path);
    return old !== undefined && !equalBytes(old, content);
  });
  const added = [...after.files.keys()].filter((path) => !before.files.has(path));
  const removed = [...before.files.keys()].filter((path) => !after.files.has(path));
  return [
    ...changed.map(([path]) => `${path} was changed`),
    ...added.map((path) => `${path} is new`),
    ...removed.map((path) => `${path} is gone`),
  ];
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
