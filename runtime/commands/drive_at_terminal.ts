// Drives a run at the terminal, for `run` and `resume`: printing, asking, Ctrl-C, closing words.
import { AppError, ERROR_CODES, type ErrorCode, EXIT } from "../../schemas/error.ts";
import type { RunDelta, RunEvent, RunPhase } from "../../schemas/run_event.ts";
import { openLlm } from "../llm/open_llm.ts";
import {
  type Answers,
  answersPerson,
  NO_ANSWERS,
  parseAnswers,
  simulatedPerson,
} from "../run/answers.ts";
import { executeRun } from "../run/execute_run.ts";
import { firstOf, nobody, type Person } from "../run/person.ts";
import type { RunOutcome } from "../run/session.ts";
import type { OpenRun } from "../run/start_run.ts";
import { CHAT_WAITS } from "../run/talk.ts";
import { introduceChat, nextWords } from "./chat_at_terminal.ts";
import { connectionOfRecord } from "./connection_of_record.ts";
import { onInterrupt } from "./interrupt.ts";
import { createRunPrinter, type RunPrinter } from "./run_printer.ts";
import { formatDuration, palette, printable, wantsColour } from "./terminal.ts";
import { terminalPerson } from "./terminal_person.ts";

/** How a run is driven. */
export interface TerminalOptions {
  readonly answers: Answers;
  /** One event a line instead of text for people; nobody is asked. */
  readonly json: boolean;
}

/** Reads `--answers FILE`; none given, no answers. @throws AppError `FILE_NOT_FOUND`, `ANSWERS_INVALID` */
export async function readAnswers(path: string | undefined): Promise<Answers> {
  if (path === undefined) return NO_ANSWERS;
  try {
    return parseAnswers(await Deno.readTextFile(path));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("FILE_NOT_FOUND", `The answers file "${path}" cannot be read`, { cause });
  }
}

/** Drives until the run stops and returns the exit code. */
export async function driveAtTerminal(run: OpenRun, options: TerminalOptions): Promise<number> {
  const paint = palette(wantsColour(Deno.stdout));
  const printer = createRunPrinter({
    write: writeOut,
    paint,
    width: columns(),
    nodeCount: run.nodeCount,
  });
  const tally = { startedAt: performance.now(), turns: 0, tokens: 0, artifacts: new Set<string>() };
  const { dataDir, record } = run;
  const llm = openLlm(
    connectionOfRecord(record.connection, {
      dataDir,
      runId: record.runId,
      decisions: options.answers.decisions,
    }),
  );
  const abort = new AbortController();
  const release = onInterrupt(() => {
    printer.closeLine();
    abort.abort();
  });
  try {
    const needs = {
      llm,
      person: personFor(run, options, printer),
      signal: abort.signal,
      listener(event: RunEvent | RunDelta) {
        count(event, tally);
        if (options.json) writeEvent(event);
        else show(event, printer);
      },
    };
    const prompt = { write: writeOut, signal: abort.signal };
    let outcome = await executeRun(run, needs);
    printer.closeLine();
    if (outcome.code === CHAT_WAITS && isAtTerminal(options)) introduceChat(run, prompt);
    while (outcome.code === CHAT_WAITS && isAtTerminal(options)) {
      const next = await nextWords(run, prompt);
      if (next === null) break;
      outcome = await executeRun(next, needs);
      printer.closeLine();
    }
    if (!options.json) writeOut(closing({ run, outcome, tally, paint }));
    return exitCodeOf(outcome);
  } finally {
    release();
  }
}

function personFor(run: OpenRun, options: TerminalOptions, printer: RunPrinter): Person {
  const prepared = answersPerson(options.answers);
  const { connection, options: runOptions } = run.record;
  const atTerminal = isAtTerminal(options);
  const simulated = connection.provider === "simulate" && (runOptions.allowAll || !atTerminal);
  if (simulated) return firstOf(prepared, simulatedPerson);
  if (!atTerminal) return firstOf(prepared, nobody);
  const paint = palette(wantsColour(Deno.stdout));
  return firstOf(
    prepared,
    terminalPerson({ paint, write: writeOut, closeLine: printer.closeLine }),
  );
}

function isAtTerminal({ json }: TerminalOptions): boolean {
  return !json && Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
}

interface Tally {
  readonly startedAt: number;
  turns: number;
  tokens: number;
  readonly artifacts: Set<string>;
}

function count(event: RunEvent | RunDelta, tally: Tally): void {
  if (event.type === "request_sent") tally.turns += 1;
  if (event.type === "usage") tally.tokens += event.usage.inputTokens + event.usage.outputTokens;
  if (event.type === "file_changed") tally.artifacts.add(event.path);
}

function show(event: RunEvent | RunDelta, printer: RunPrinter): void {
  if ("seq" in event) printer.event(event);
  else printer.delta(event);
}

function writeEvent(event: RunEvent | RunDelta): void {
  if ("seq" in event) writeOut(`${JSON.stringify(event)}\n`);
}

const WORDS: Readonly<Record<RunPhase, string>> = {
  idle: "Idle",
  running: "Running",
  waiting: "Waiting for you",
  paused: "Paused",
  completed: "Completed",
  failed: "Failed",
  interrupted: "Interrupted",
};

function closing(
  { run, outcome, tally, paint }: {
    run: OpenRun;
    outcome: RunOutcome;
    tally: Tally;
    paint: ReturnType<typeof palette>;
  },
): string {
  const style = outcome.phase === "completed" ? paint.green : paint.yellow;
  const time = formatDuration(performance.now() - tally.startedAt);
  const tokens = tally.tokens ? `, ${tally.tokens} tokens` : "";
  const turns = `${tally.turns} turn${tally.turns === 1 ? "" : "s"}`;
  const lines = [`\n${style(paint.bold(WORDS[outcome.phase]))} in ${time} · ${turns}${tokens}`];
  if (outcome.reason && outcome.phase !== "completed") lines.push(printable(outcome.reason));
  for (const path of tally.artifacts) lines.push(`  ${printable(path)}`);
  if (outcome.phase === "completed" && run.record.connection.provider === "simulate") {
    lines.push(paint.dim("This was a simulation: the files hold placeholders."));
  }
  if (outcome.code === CHAT_WAITS) {
    lines.push(`Say more with: ${paint.bold(`crewagent resume ${run.record.runId} --input TEXT`)}`);
  } else if (outcome.phase !== "completed") {
    lines.push(`Go on with: ${paint.bold(`crewagent resume ${run.record.runId}`)}`);
  }
  return `${lines.join("\n")}\n`;
}

function exitCodeOf({ phase, code }: RunOutcome): number {
  if (phase === "completed") return EXIT.ok;
  if (phase === "waiting") return EXIT.waiting;
  if (phase === "interrupted") return EXIT.interrupted;
  return code !== undefined && code in ERROR_CODES
    ? ERROR_CODES[code as ErrorCode].exitCode
    : EXIT.failed;
}

function columns(): number {
  try {
    return Deno.consoleSize().columns || 100;
  } catch {
    return 100;
  }
}

const encoder = new TextEncoder();

function writeOut(text: string): void {
  const bytes = encoder.encode(text);
  for (let written = 0; written < bytes.length;) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}
