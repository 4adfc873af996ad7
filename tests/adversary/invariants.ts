// An independent judge of a run: it hears the events, looks at the disk, and says what must never be.
// It knows the rules of `runtime.md` and calls none of the guard's code.
import { join } from "node:path";
import { readFrontMatter } from "../../schemas/front_matter.ts";
import type { GraphEdge, GraphNode, WorkflowGraph } from "../../schemas/package.ts";
import type { RunDelta, RunEvent } from "../../schemas/run_event.ts";
import { validate } from "../../schemas/validate.ts";
import { judgeFileChange } from "./file_rules.ts";
import { realPath, sha256 } from "./disk.ts";

/** Something that must never be. */
export interface Breach {
  /** A word for the rule, such as `edge` or `history`. */
  readonly rule: string;
  /** Of the event that shows it. */
  readonly seq: number;
  readonly text: string;
}

/** What a judge has to know of a run. */
export interface JudgedRun {
  readonly graphs: ReadonlyMap<string, WorkflowGraph>;
  readonly workflowId: string;
  readonly runDir: string;
  readonly projectDir: string;
  readonly options: { readonly allowAll: boolean; readonly conditionsBinding: boolean };
}

/** Judges events as they come, through all processes that drive the run. */
export interface Judge {
  readonly breaches: readonly Breach[];
  /** Every logged event, in order. */
  readonly events: readonly RunEvent[];
  hear(event: RunEvent | RunDelta): void;
}

interface DocumentNow {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Change {
  readonly from: string;
  readonly to: string;
  readonly decisions: readonly unknown[];
  readonly steps: readonly unknown[];
}

/** A judge that starts with the run as it lies on disk. */
export function openJudge(run: JudgedRun): Judge {
  const breaches: Breach[] = [];
  const events: RunEvent[] = [];
  const callers: string[] = [];
  const approved = new Set<string>();
  let active = run.workflowId;
  let document = readDocument(run, active);
  let change: Change | null = null;
  let byShell = false;
  let crossed = 0;
  const touched = new Set<string>();

  function breach(rule: string, text: string): void {
    breaches.push({ rule, seq: events.at(-1)?.seq ?? 0, text });
  }

  function graph(): WorkflowGraph {
    return run.graphs.get(active) as WorkflowGraph;
  }

  function hear(event: RunEvent): void {
    const before = events.at(-1);
    events.push(event);
    if (event.seq !== (before?.seq ?? 0) + 1) breach("log", `seq ${event.seq} follows a gap`);
    if (before && event.at < before.at) breach("log", "time runs backwards");
    const faults = validate("run_event", event);
    if (faults.length > 0) breach("log", `${event.type}: ${JSON.stringify(faults[0])}`);
    if (before?.type === "state_changed" && event.type !== "node_completed") endOfChange();
    judgeEvent(event, before);
    if (event.type !== "state_changed") requireSameDocument(event);
  }

  function endOfChange(): void {
    if (change && change.from !== change.to) {
      breach("log", `the move ${change.from} → ${change.to} is not logged as node_completed`);
    }
    if (change && change.decisions.length > 0) {
      const text = `decisions without a transition: ${JSON.stringify(change.decisions)}`;
      breach("forged decision", text);
    }
    change = null;
  }

  function judgeEvent(event: RunEvent, before: RunEvent | undefined): void {
    switch (event.type) {
      case "assistant_message":
        crossed = 0;
        return;
      case "node_entered": {
        const isNew = event.workflowId !== active;
        if (isNew) callers.push(active);
        active = event.workflowId;
        if (isNew) document = readDocument(run, active);
        touched.clear();
        if (event.node.id !== current(document)) {
          breach("edge", `entered "${event.node.id}", but the document says ${current(document)}`);
        }
        return;
      }
      case "subworkflow_returned":
        active = callers.pop() ?? active;
        document = readDocument(run, active);
        byShell = true;
        return;
      case "state_changed":
        return judgeChange(event);
      case "node_completed":
        return judgeCompletion(event, before);
      case "tool_result":
        return judgeResult(event);
      case "approval_decided":
        if (event.decision.decision === "allow") approved.add(event.callId);
        return;
      case "file_changed":
        for (const text of judgeFileChange(event, { ...run, approved })) breach("file", text);
        return;
      case "phase_changed":
        if (event.phase === "completed") judgeEnd();
        return;
    }
  }

  /** Only `state_changed` may come with another document: a refused change leaves every byte. */
  function requireSameDocument({ type }: RunEvent): void {
    if (type === "subworkflow_called" || readText(run, active) === document.text) return;
    breach("bytes", `the document changed without state_changed, at ${type}`);
    document = readDocument(run, active);
  }

  function judgeChange(event: RunEvent & { type: "state_changed" }): void {
    const last = document;
    document = readDocument(run, active);
    if (sha256(last.text) !== event.sha256Before) breach("bytes", "sha256Before is another");
    if (sha256(document.text) !== event.sha256After) breach("bytes", "sha256After is another");
    const [from, to] = [current(last), current(document)];
    const [steps, allSteps] = [listOf(last, "stepsCompleted"), listOf(document, "stepsCompleted")];
    const added = allSteps.slice(steps.length);
    const decisions = listOf(document, "decisionLog").slice(listOf(last, "decisionLog").length);
    judgeHistory(last, document);
    if (added.some((id) => id !== from)) {
      breach("history", `stepsCompleted got ${added}, not ${from}`);
    }
    if (from !== to && graph().edges.every((edge) => edge.from !== from || edge.to !== to)) {
      breach("edge", `no edge ${from} → ${to}`);
    }
    const isDone = from !== to || added.length > 0;
    if (isDone && !byShell) judgeOutputs(from);
    change = { from, to, decisions, steps: allSteps };
  }

  function judgeHistory(last: DocumentNow, next: DocumentNow): void {
    for (const key of ["stepsCompleted", "decisionLog"]) {
      const [old, fresh] = [listOf(last, key), listOf(next, key)];
      if (JSON.stringify(fresh.slice(0, old.length)) !== JSON.stringify(old)) {
        breach("history", `${key} does not begin as it did`);
      }
    }
    const gone = listOf(last, "artifacts").filter((path) =>
      !listOf(next, "artifacts").includes(path)
    );
    if (gone.length > 0) breach("history", `artifacts lost ${gone}`);
    for (const key of ["runId", "workflowType", "schemaVersion"]) {
      if (last.data[key] !== next.data[key]) breach("history", `${key} became ${next.data[key]}`);
    }
    const unknown = listOf(next, "stepsCompleted").filter((id) => !nodeOf(String(id)));
    if (unknown.length > 0) breach("history", `stepsCompleted holds ${unknown}, no nodes`);
  }

  function judgeOutputs(nodeId: string): void {
    for (const template of nodeOf(nodeId)?.outputs ?? []) {
      const filled = template.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name) => {
        const { variables } = document.data;
        return String((variables as Record<string, unknown> | undefined)?.[name]);
      });
      const mounted = /^@/.test(filled);
      if (mounted && !filled.startsWith("@project/")) {
        breach("output", `the output "${template}" of ${nodeId} became ${filled}`);
        continue;
      }
      const name = mounted ? filled.slice("@project/".length) : filled;
      const path = !mounted && !name.includes("/")
        ? join(run.projectDir, "artifacts", name)
        : join(run.projectDir, name);
      const real = realPath(path);
      if (real === null || !Deno.statSync(real).isFile) {
        breach("output", `the output ${filled} of ${nodeId} does not exist`);
      } else if (!real.startsWith(`${run.projectDir}/`)) {
        breach("output", `the output ${filled} of ${nodeId} lies outside the project`);
      } else if (!touched.has(real)) {
        breach("output", `the output ${filled} of ${nodeId} was not touched in its visit`);
      }
    }
  }

  function judgeCompletion(
    { next, label }: RunEvent & { type: "node_completed" },
    before: RunEvent | undefined,
  ): void {
    if (before?.type !== "state_changed") {
      if (before?.type !== "phase_changed") breach("log", "node_completed without state_changed");
      return;
    }
    const { from, to, decisions, steps } = change as Change;
    change = null;
    crossed += byShell ? 0 : 1;
    byShell = false;
    if (crossed > 1) breach("two edges", `a second edge in one message: ${from} → ${to}`);
    if (!steps.includes(from)) breach("edge", `${from} was left, but is not in stepsCompleted`);
    if (next === undefined) {
      if (nodeOf(from)?.type !== "end") breach("edge", `${from} is no end node`);
      if (decisions.length > 0) breach("forged decision", JSON.stringify(decisions));
      return;
    }
    const ways = graph().edges.filter((edge) => edge.from === from);
    const edge = ways.find((way) => way.to === next && way.label === label);
    if (!edge || next !== to) return breach("edge", `no edge ${from} → ${next} (${label})`);
    if (run.options.conditionsBinding && isClosed(edge)) {
      breach("condition", `the condition of ${from} → ${next} (${label}) is false`);
    }
    judgeDecision(edge, { decisions, isChoice: ways.length > 1 });
  }

  function judgeDecision(
    { from, to, label }: GraphEdge,
    { decisions, isChoice }: { decisions: readonly unknown[]; isChoice: boolean },
  ): void {
    const said = decisions as readonly Record<string, unknown>[];
    const fits = (entry: Record<string, unknown>) =>
      entry.from === from && entry.to === to && entry.label === label;
    const last = said.at(-1);
    if (isChoice && (last === undefined || !fits(last))) {
      breach("decision", `${from} → ${to} (${label}) was decided by ${JSON.stringify(last)}`);
    } else if (said.length > 1 || !said.every(fits)) {
      breach("forged decision", `with ${from} → ${to} (${label}): ${JSON.stringify(said)}`);
    }
  }

  /** Conditions of the packages tested so are of the form `{"==": [{"var": name}, value]}`. */
  function isClosed({ conditionExpr }: GraphEdge): boolean {
    const [operand, wanted] = (conditionExpr?.["=="] ?? []) as [{ var: string }?, unknown?];
    if (!operand) return false;
    const { variables } = document.data;
    const value = (variables as Record<string, unknown> | undefined)?.[operand.var];
    return value !== wanted && String(value) !== String(wanted);
  }

  function judgeResult({ tool, result }: RunEvent & { type: "tool_result" }): void {
    if (!result.ok) return;
    if (crossed > 0 && tool !== "state.complete_node" && !/state/.test(String(result.path))) {
      breach("two edges", `${tool} ran after its message had left the node`);
    }
    const path = String(result.path);
    if (!/^fs\.(read|write|edit|apply_patch)$/.test(tool) || !path.startsWith("@project/")) return;
    const real = realPath(join(run.projectDir, path.slice("@project/".length)));
    if (real === null) return breach("file", `${tool} reports ${path}, which does not exist`);
    if (!real.startsWith(`${run.projectDir}/`)) breach("file", `${tool} of ${path} went outside`);
    touched.add(real);
  }

  function judgeEnd(): void {
    const main = readDocument(run, run.workflowId);
    const nodeId = current(main);
    if (active !== run.workflowId) breach("completed", `inside the subworkflow ${active}`);
    if (nodeOf(nodeId)?.type !== "end") breach("completed", `at "${nodeId}", which is no end node`);
    if (!listOf(main, "stepsCompleted").includes(nodeId)) {
      breach("completed", `"${nodeId}" is not in stepsCompleted`);
    }
  }

  function nodeOf(nodeId: string): GraphNode | undefined {
    return graph().nodes.find(({ id }) => id === nodeId);
  }

  function current({ data }: DocumentNow): string {
    return String(data.currentNodeId || graph().entryNodeId);
  }

  return {
    breaches,
    events,
    hear(event) {
      if ("seq" in event) hear(event);
    },
  };
}

function listOf({ data }: DocumentNow, key: string): readonly unknown[] {
  const list = data[key];
  return Array.isArray(list) ? list : [];
}

function readText({ runDir }: JudgedRun, workflowId: string): string {
  return Deno.readTextFileSync(join(runDir, "state", "workflows", workflowId, "workflow.md"));
}

function readDocument(run: JudgedRun, workflowId: string): DocumentNow {
  const text = readText(run, workflowId);
  const read = readFrontMatter(text);
  return { text, data: read.ok ? read.value.data : {} };
}
