// Events of a run as lines at a terminal. Not here: questions (`terminal_person.ts`).
import { breakpointText } from "../../schemas/breakpoint.ts";
import type {
  BreakpointsChanged,
  ContextTrimmed,
  RunDelta,
  RunEvent,
  RunResumed,
  RunStarted,
  StateEdited,
} from "../../schemas/run_event.ts";
import type { ToolResult } from "../../schemas/tool.ts";
import { formatBytes, formatDuration, oneLine, type Palette, printable } from "./terminal.ts";

/** How to print. */
export interface RunPrinterOptions {
  write(text: string): void;
  readonly paint: Palette;
  /** Columns of the terminal. */
  readonly width: number;
  /** Nodes of the workflow, for "2/6". */
  readonly nodeCount: number;
}

/** Prints a run as it happens. `closeLine` ends a streamed line before somebody else prints. */
export interface RunPrinter {
  event(event: RunEvent): void;
  delta(delta: RunDelta): void;
  closeLine(): void;
}

/** A printer for one run, live or from its log. */
export function createRunPrinter(options: RunPrinterOptions): RunPrinter {
  const { paint } = options;
  const view = {
    lineOpen: false,
    streamed: false,
    depth: 0,
    completed: new Set<string>(),
    calls: new Map<string, Readonly<Record<string, unknown>>>(),
  };
  const closeLine = () => {
    if (view.lineOpen) options.write("\n");
    view.lineOpen = false;
  };
  const line = (text: string) => {
    closeLine();
    options.write(`${text}\n`);
  };
  const stream = (text: string, style: (text: string) => string) => {
    const indented = printable(text).replace(/\n/g, "\n  ");
    if (indented === "") return;
    options.write(style(view.lineOpen ? indented : `  ${indented.trimStart()}`));
    view.lineOpen = true;
  };

  const event = (event: RunEvent) => {
    switch (event.type) {
      case "run_started":
        line(headline(event, paint));
        return;
      case "run_resumed":
        line(paint.dim(resumedLine(event)));
        if (event.packageChange) line(packageLine(event.packageChange));
        return;
      case "node_entered": {
        view.depth = event.depth;
        const title = event.node.title ? ` ${paint.dim(oneLine(event.node.title, 60))}` : "";
        const position = new Set([...view.completed, event.node.id]).size;
        const progress = event.depth === 0 ? `${position}/${options.nodeCount} ` : "";
        const indent = "  ".repeat(event.depth);
        line(`${indent}${paint.cyan("●")} ${progress}${paint.bold(event.node.id)}${title}`);
        return;
      }
      case "node_completed":
        if (event.nodeId && view.depth === 0) view.completed.add(event.nodeId);
        line(
          `  ${paint.green("✓")} ${
            event.next ? `→ ${event.next}${labelOf(event.label, paint)}` : "end"
          }`,
        );
        return;
      case "assistant_message":
        if (!view.streamed && event.message.content) stream(event.message.content, paint.dim);
        view.streamed = false;
        closeLine();
        for (const repair of event.repairs ?? []) line(paint.dim(`  (mended: ${repair})`));
        return;
      case "tool_call":
        view.calls.set(event.callId, event.arguments);
        return;
      case "tool_result":
        // The node's own line tells of a completion that was accepted.
        if (event.tool === "state.complete_node" && event.result.ok) return;
        line(`  ${callLine(event.tool, view.calls.get(event.callId), event.result, options)}`);
        return;
      case "retry_scheduled":
        line(
          paint.yellow(
            `  ${oneLine(event.message, 100)}; trying again in ${formatDuration(event.delayMs)}`,
          ),
        );
        return;
      case "subworkflow_called":
        line(`  ${paint.cyan("↳")} workflow ${paint.bold(event.workflowId)}`);
        return;
      case "subworkflow_returned":
        view.depth = event.depth - 1;
        line(`  ${paint.cyan("↲")} back from workflow ${event.workflowId}`);
        return;
      case "context_trimmed":
        line(paint.dim(trimmedLine(event)));
        return;
      case "breakpoints_changed":
        line(paint.dim(`  ${breakpointsLine(event)}`));
        return;
      case "node_retried":
        line(paint.yellow(`  ${event.nodeId} is begun afresh`));
        return;
      case "state_edited":
        line(paint.yellow(`  a person changed the state: ${pathsOf(event)}`));
        return;
      case "log_damaged":
        line(paint.yellow("  the log is damaged; going on from the state document"));
        return;
      case "error":
        line(paint.red(`  ${event.code}: ${printable(event.message)}`));
        return;
    }
  };
  return {
    event,
    delta({ type, text }) {
      if (type === "reasoning_delta") return;
      view.streamed = true;
      stream(text, paint.dim);
    },
    closeLine,
  };
}

function breakpointsLine({ breakpoints }: BreakpointsChanged): string {
  const list = breakpoints.map(breakpointText).join(", ");
  return oneLine(`breakpoints: ${list || "none"}`, 160);
}

function pathsOf({ changes }: StateEdited): string {
  return oneLine(changes.map(({ path }) => path).join(", "), 120);
}

function headline(event: RunEvent & { type: "run_started" }, paint: Palette): string {
  const name = `${event.package.name} ${event.package.version}`;
  const model = event.simulated ? paint.yellow("SIMULATION, no model") : `model ${event.model}`;
  return `${paint.bold(oneLine(name, 80))} · workflow ${event.workflowId} · ${model}\n${
    paint.dim(`run ${event.runId}${forkedFrom(event)}`)
  }`;
}

function forkedFrom({ forkedFrom: from }: RunStarted): string {
  return from ? `, forked from ${from.runId} at "${from.nodeId}"` : "";
}

function resumedLine(event: RunEvent & { type: "run_resumed" }): string {
  const place = event.nodeId === undefined ? "" : ` at "${event.nodeId}"`;
  const interrupted = event.interruptedCalls.length;
  const unknown = interrupted > 0
    ? `; ${interrupted} began and were cut off, the model is told what the disk says`
    : "";
  return `Resumed${place}: ${event.finishedCalls} finished tool calls are not repeated${unknown}`;
}

function trimmedLine({ removedMessages, shortenedMessages = 0 }: ContextTrimmed): string {
  const parts = [
    ...(removedMessages > 0 ? [`${removedMessages} older messages left out of`] : []),
    ...(shortenedMessages > 0 ? [`${shortenedMessages} long messages shortened in`] : []),
  ];
  return `  (${parts.join(" and ")} the request)`;
}

const MOST_REASONS = 5;

function packageLine({ verdict, reasons }: NonNullable<RunResumed["packageChange"]>): string {
  if (verdict === "same") return "  package: same as before; its damaged copy was put right";
  const more = reasons.length > MOST_REASONS ? `; and ${reasons.length - MOST_REASONS} more` : "";
  return `  package: compatible (${printable(reasons.slice(0, MOST_REASONS).join("; "))}${more})`;
}

function labelOf(label: string | undefined, paint: Palette): string {
  return label ? paint.dim(` (${oneLine(label, 40)})`) : "";
}

function callLine(
  tool: string,
  args: Readonly<Record<string, unknown>> | undefined,
  result: ToolResult,
  { paint, width }: RunPrinterOptions,
): string {
  const subject = oneLine(subjectOf(tool, args, result), Math.max(40, width - tool.length - 12));
  if (result.ok) return `${paint.dim(tool)} ${subject}${paint.dim(sizeOf(result))}`;
  if (result.error.code === "ENOENT") return paint.dim(`${tool} ${subject} (not there)`);
  const room = Math.max(40, width * 2 - tool.length - subject.length);
  return `${paint.red("✗")} ${tool} ${subject} ${paint.red(result.error.code)} ${
    oneLine(result.error.message, room)
  }`;
}

function subjectOf(
  tool: string,
  args: Readonly<Record<string, unknown>> | undefined,
  result: ToolResult,
): string {
  if (result.ok && typeof result.path === "string") return result.path;
  if (tool === "ui.ask_user") {
    const answer = result.ok ? ` → ${JSON.stringify(result.answer)}` : "";
    return `${JSON.stringify(args?.question ?? "(asked before)")}${answer}`;
  }
  if (tool === "state.complete_node") return String(args?.nodeId ?? "");
  return String(args?.path ?? args?.query ?? args?.pattern ?? "");
}

function sizeOf(result: Readonly<Record<string, unknown>>): string {
  const bytes = result.bytesWritten ?? result.bytes;
  if (typeof bytes === "number") return ` ${formatBytes(bytes)}`;
  if (Array.isArray(result.matches)) return ` ${result.matches.length} matches`;
  return "";
}
