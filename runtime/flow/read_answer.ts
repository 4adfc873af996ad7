// What an agent's answer says: the work, or what is missing; and its checklists. Pure.
import { NEEDS_INPUT } from "./compose_prompt.ts";
import type { ChecklistItem, ChecklistReport } from "./flow_result.ts";
import type { FlowText } from "./flow_source.ts";

/** An answer taken apart. */
export interface ReadAnswer {
  readonly content: string;
  /** Empty if the agent did the work. */
  readonly missing: readonly string[];
  readonly needsInput: boolean;
  readonly checklists: readonly ChecklistReport[];
}

const MAX_SUMMARY_CHARS = 200;
const BLOCK_START = "```checklist";
const ITEM = /^[ \t]*[-*][ \t]+\[[ xX]\][ \t]+(.+)$/;

/** Reads an answer against the checklists that the agent was given. */
export function readAnswer(text: string, checklists: readonly FlowText[]): ReadAnswer {
  const asked = readNeeds(text);
  if (asked) return { content: "", missing: asked, needsInput: true, checklists: [] };
  if (checklists.length === 0) {
    return { content: text.trim(), missing: [], needsInput: false, checklists: [] };
  }
  const start = text.lastIndexOf(BLOCK_START);
  const isBlock = start >= 0 && /```\s*$/.test(text.slice(start + BLOCK_START.length).slice(-20));
  const content = (isBlock ? text.slice(0, start) : text).trim();
  const said = readVerdicts(isBlock ? text.slice(start) : "");
  let number = 0;
  const reports = checklists.map((checklist): ChecklistReport => {
    const items = itemsOf(checklist.text).map((text): ChecklistItem => {
      number += 1;
      return { text, met: shellVerdict(text, content) ?? said.get(number) ?? null };
    });
    const passed = items.filter(({ met }) => met === true).length;
    return { checklist: checklist.name, passed, total: items.length, items };
  });
  return { content, missing: [], needsInput: false, checklists: reports };
}

/** The first line with words, without its Markdown. */
export function summaryOf(content: string): string {
  const lines = content.split("\n").map((line) => line.replace(/^[#>\-\s]+|[*`]+/g, "").trim());
  const line = lines.find((line) => /[\p{L}\p{N}]/u.test(line)) ?? "";
  return line.length > MAX_SUMMARY_CHARS ? `${line.slice(0, MAX_SUMMARY_CHARS - 1)}…` : line;
}

function readNeeds(text: string): string[] | undefined {
  const [first = "", ...rest] = text.trim().split("\n");
  const head = first.replace(/^[*#`\s]+|[*`:\s]+$/g, "");
  if (head !== NEEDS_INPUT) return undefined;
  return rest.map((line) => line.replace(/^\s*(?:[-*]|\d+[.)])\s+/, "").trim())
    .filter((line) => line !== "");
}

function itemsOf(text: string): string[] {
  return text.split("\n").flatMap((line) => ITEM.exec(line)?.[1]?.trim() ?? []);
}

/** What the shell can see for itself: whether texts that the item puts in backticks stand in the output. */
function shellVerdict(item: string, content: string): boolean | undefined {
  const wanted = [...item.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text.toLowerCase());
  if (wanted.length === 0) return undefined;
  const folded = content.toLowerCase();
  return wanted.every((text) => folded.includes(text));
}

function readVerdicts(block: string): Map<number, boolean> {
  const verdicts = new Map<number, boolean>();
  for (const line of block.split("\n")) {
    const [, number, word] = /^\s*(\d{1,4})[.):]?\s+(yes|no)\b/i.exec(line) ?? [];
    if (number && word) verdicts.set(Number(number), word.toLowerCase() === "yes");
  }
  return verdicts;
}
