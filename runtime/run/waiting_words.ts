// Words for a run that it has not read yet: a file beside its log, so that they outlive whoever drives it and
// may come from another process. The log says which were read (`user_input.inputId`), so none is read twice.
import { dirname, join } from "node:path";
import type { RunEvent } from "../../schemas/run_event.ts";
import { syncFolder, writeAll } from "../disk/durable.ts";
import type { RunFolder } from "./run_folder.ts";

/** What a person said to a run. */
export interface WaitingWords {
  readonly inputId: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly text: string;
}

/** Adds words. On disk when it returns; the run reads them before its next request to the model. */
export function addWords(folder: RunFolder, text: string): void {
  const words: WaitingWords = { inputId: crypto.randomUUID(), at: new Date().toISOString(), text };
  const path = wordsPath(folder);
  using file = Deno.openSync(path, { create: true, append: true, mode: 0o600 });
  // A line that was cut off by a crash must not swallow this one; an empty line is passed over.
  writeAll(file, new TextEncoder().encode(`\n${JSON.stringify(words)}\n`));
  file.syncDataSync();
  syncFolder(dirname(path));
}

/** Words that no event of the log has told the model, oldest first. */
export function wordsLeft(folder: RunFolder, events: Iterable<RunEvent>): WaitingWords[] {
  const words = readWords(folder);
  if (words.length === 0) return words;
  const read = new Set<string>();
  for (const event of events) {
    if (event.type === "user_input" && event.inputId !== undefined) read.add(event.inputId);
  }
  return words.filter(({ inputId }) => !read.has(inputId));
}

/** Reads words one after the other while a run is driven. */
export interface WordsReader {
  /** The next words that were not read; they count as read only once an event says so. */
  next(): WaitingWords | undefined;
}

/** @param history what the log held when the run was taken up */
export function openWords(folder: RunFolder, history: readonly RunEvent[]): WordsReader {
  const given = new Set<string>();
  return {
    next() {
      const words = wordsLeft(folder, history).find(({ inputId }) => !given.has(inputId));
      if (words) given.add(words.inputId);
      return words;
    },
  };
}

function wordsPath({ dir }: RunFolder): string {
  return join(dir, "words.jsonl");
}

function readWords(folder: RunFolder): WaitingWords[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(wordsPath(folder));
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return [];
    throw thrown;
  }
  return text.split("\n").flatMap((line) => parseWords(line) ?? []);
}

function parseWords(line: string): WaitingWords | undefined {
  if (line === "") return undefined;
  try {
    const { inputId, at, text } = JSON.parse(line);
    return typeof inputId === "string" && typeof text === "string"
      ? { inputId, at: String(at), text }
      : undefined;
  } catch {
    return undefined;
  }
}
