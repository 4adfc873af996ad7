// A person at the terminal: asks questions and approvals at the prompt, one at a time.
import { createInterface, type Interface } from "node:readline/promises";
import process from "node:process";
import type { Answer, ApprovalDecision, Question } from "../../schemas/question.ts";
import { asksAlways } from "../run/consent.ts";
import type { AskedAt, Person } from "../run/person.ts";
import { argumentLines, paintDiff, type Palette, printable } from "./terminal.ts";

/** What a terminal person needs. */
export interface TerminalPersonOptions {
  readonly paint: Palette;
  /** Ends a streamed line before the prompt shows. */
  closeLine(): void;
  write(text: string): void;
}

/**
 * Asks at standard input. End of input (Ctrl-D) leaves the question open, so the run waits.
 * Ctrl-C aborts through the place's signal.
 */
export function terminalPerson(options: TerminalPersonOptions): Person {
  const { paint } = options;
  const show = (text: string) => {
    options.closeLine();
    options.write(`${text}\n`);
  };
  return {
    async ask(question, place) {
      show(`\n${paint.yellow("?")} ${paint.bold(printable(question.question))}`);
      if (question.path) show(paint.dim(`  see ${printable(question.path)}`));
      const answer = await askByKind(question, place, show);
      return answer === null ? null : { answer, by: "person" };
    },
    async approve(request, place) {
      show(
        `\n${paint.yellow("?")} ${paint.bold(`Allow ${request.tool}`)} ${
          printable(request.path ?? "")
        }`,
      );
      for (const line of argumentLines(request.arguments)) show(paint.dim(`  ${printable(line)}`));
      if (request.diff) show(paintDiff(printable(request.diff), paint));
      return await askApproval(request.tool, place);
    },
    async advise(reason, place) {
      show(`\n${paint.yellow("?")} ${printable(reason)}`);
      const text = await readLine("Tell the model what to do (empty: the run waits) > ", place);
      return text?.trim() || null;
    },
  };
}

async function askApproval(tool: string, place: AskedAt): Promise<ApprovalDecision | null> {
  const onlyOnce = asksAlways(tool);
  const longer = onlyOnce ? "" : "[r] this run  [a] always for this agent  ";
  for (;;) {
    const line = await readLine(`[y] once  ${longer}[n] no  > `, place);
    if (line === null) return null;
    const [word = "", ...reason] = line.trim().split(/\s+/);
    switch (word.toLowerCase()) {
      case "y":
      case "yes":
        return { decision: "allow", scope: "once" };
      case "r":
      case "run":
        if (onlyOnce) continue;
        return { decision: "allow", scope: "run" };
      case "a":
      case "always":
        if (onlyOnce) continue;
        return { decision: "allow", scope: "always" };
      case "n":
      case "no":
        return {
          decision: "deny",
          scope: "once",
          ...(reason.length > 0 && { reason: reason.join(" ") }),
        };
    }
  }
}

async function askByKind(
  question: Question,
  place: AskedAt,
  show: (text: string) => void,
): Promise<Answer | null> {
  switch (question.kind) {
    case "selection":
      return await askSelection(question.options ?? [], place, show);
    case "confirmation":
      return await askYesNo(place);
    case "form":
      return await askForm(question, place);
    case "review": {
      const comments = await readLine("Comments (empty: approved) > ", place);
      return comments === null ? null : { approved: comments.trim() === "", comments };
    }
    default:
      return await readLine("> ", place);
  }
}

async function askSelection(
  options: readonly string[],
  place: AskedAt,
  show: (text: string) => void,
): Promise<Answer | null> {
  if (options.length === 0) return await readLine("> ", place);
  options.forEach((option, index) => show(`  ${index + 1}. ${printable(option)}`));
  for (;;) {
    const line = await readLine(`1-${options.length} > `, place);
    if (line === null) return null;
    const chosen = options[Number(line) - 1] ??
      options.find((option) => option.toLowerCase() === line.trim().toLowerCase());
    if (chosen !== undefined) return chosen;
    show(`  Type a number from 1 to ${options.length}.`);
  }
}

async function askYesNo(place: AskedAt): Promise<boolean | null> {
  for (;;) {
    const line = await readLine("[y/n] > ", place);
    if (line === null) return null;
    if (/^y(es)?$/i.test(line.trim())) return true;
    if (/^no?$/i.test(line.trim())) return false;
  }
}

async function askForm(question: Question, place: AskedAt): Promise<Answer | null> {
  const properties = Object.entries(
    (question.schema?.properties ?? {}) as Record<string, { type?: string; title?: string }>,
  );
  const values: Record<string, unknown> = {};
  for (const [name, { type, title }] of properties) {
    const line = await readLine(`${printable(title ?? name)} > `, place);
    if (line === null) return null;
    if (line !== "") values[name] = fieldValue(line, type);
  }
  return values;
}

function fieldValue(line: string, type: string | undefined): unknown {
  if ((type === "number" || type === "integer") && Number.isFinite(Number(line))) {
    return Number(line);
  }
  if (type === "boolean") return /^(y(es)?|true|1)$/i.test(line.trim());
  if (type === "array") return line.split(",").map((item) => item.trim());
  return line;
}

/** One line; `null` at the end of input or when the run is stopped. */
export function readLine(label: string, { signal }: AskedAt): Promise<string | null> {
  const lines: Interface = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise<string | null>((resolve) => {
    lines.once("close", () => resolve(null));
    // readline takes Ctrl-C from the terminal for itself; hand it on to the signal listeners.
    lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
    lines.question(label, { signal }).then(resolve, () => resolve(null));
  }).finally(() => lines.close());
}
