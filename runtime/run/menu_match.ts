// Which menu item a person means. Pure, no model: `runtime.md`, "Entrypoints and menu routing".
import type { Agent, MenuItem } from "../../schemas/package.ts";

/** An item as it is shown, or a handler of one. */
export interface MenuChoice {
  /** Shown number, from 1; a handler has that of its item. */
  readonly number: number;
  readonly item: MenuItem;
  /** Words that mean this handler and nothing else; an item is meant by its number. */
  readonly says?: string;
}

/** What an input means in a menu. */
export type MenuMatch =
  | { readonly kind: "empty" }
  | { readonly kind: "chosen"; readonly choice: MenuChoice }
  | { readonly kind: "out-of-range"; readonly count: number }
  | { readonly kind: "several"; readonly choices: readonly MenuChoice[] }
  | { readonly kind: "none" };

interface Candidate {
  readonly choice: MenuChoice;
  /** Names that match exactly. */
  readonly names: readonly string[];
  readonly description: string;
  readonly isHandler: boolean;
}

/** The items a person sees: all but `ide-only` ones, since this is not an IDE. */
export function visibleMenu(agent: Agent): MenuChoice[] {
  return (agent.menu ?? []).filter((item) => item["ide-only"] !== true)
    .map((item, index) => ({ number: index + 1, item }));
}

/** Matches by number, then exactly, then by words with one clear best. */
export function matchMenu(agent: Agent, input: string): MenuMatch {
  const text = normalise(input);
  if (text === "") return { kind: "empty" };
  const menu = visibleMenu(agent);
  if (/^\d+$/.test(text)) {
    const choice = menu[Number(text) - 1];
    return choice ? { kind: "chosen", choice } : { kind: "out-of-range", count: menu.length };
  }
  const candidates = menu.flatMap(candidatesOf);
  const exact = candidates.filter(({ names }) => names.includes(text));
  const handlers = exact.filter(({ isHandler }) => isHandler);
  return decide(handlers) ?? decide(exact) ?? decide(bestByWords(candidates, text)) ??
    { kind: "none" };
}

function decide(candidates: readonly Candidate[]): MenuMatch | undefined {
  const distinct = [...new Map(candidates.map(({ choice }) => [choice.item, choice])).values()];
  const [only] = distinct;
  if (!only) return undefined;
  if (distinct.length === 1) return { kind: "chosen", choice: only };
  return { kind: "several", choices: distinct };
}

/** An item and each of its handlers, which add to the item what they say themselves. */
function candidatesOf(choice: MenuChoice): Candidate[] {
  const { item } = choice;
  const aliases = triggersOf(item, "alias").map(({ match }) => match);
  const own: Candidate = {
    choice,
    names: [item.trigger, item.cmd, ...aliases, codeOf(item.description)].filter(isText)
      .map(normalise),
    description: normalise(item.description),
    isHandler: false,
  };
  const handlers = triggersOf(item, "handler").map(({ type: _type, match, ...rest }): Candidate => {
    const { triggers: _triggers, ...parent } = item;
    return {
      choice: {
        number: choice.number,
        item: { ...parent, ...rest } as MenuItem,
        ...(isText(match) && { says: match }),
      },
      names: isText(match) ? [normalise(match)] : [],
      description: isText(rest.description) ? normalise(rest.description) : "",
      isHandler: true,
    };
  });
  return [own, ...handlers];
}

function triggersOf(item: MenuItem, type: string): Record<string, unknown>[] {
  return (item.triggers ?? []).filter((trigger) => trigger.type === type);
}

/** `[CS] Create story` → `CS`. */
function codeOf(description: string): string | undefined {
  return /\[([^\]\s]{1,8})\]/.exec(description)?.[1];
}

const SCORES = {
  triggerWord: 8,
  triggerPart: 6,
  descriptionWord: 4,
  descriptionPart: 2,
  handler: 1,
};

/** The candidates with the best score; a whole word beats a part, a trigger a description. */
function bestByWords(candidates: readonly Candidate[], text: string): Candidate[] {
  const scored = candidates.map((candidate) => ({ candidate, score: scoreOf(candidate, text) }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  return best === 0
    ? []
    : scored.filter(({ score }) => score === best).map(({ candidate }) => candidate);
}

function scoreOf({ names, description, isHandler }: Candidate, text: string): number {
  if (text.length < 2) return 0;
  const score = names.some((name) => wordsOf(name).includes(text))
    ? SCORES.triggerWord
    : names.some((name) => name.includes(text))
    ? SCORES.triggerPart
    : ` ${wordsOf(description).join(" ")} `.includes(` ${text} `)
    ? SCORES.descriptionWord
    : description.includes(text)
    ? SCORES.descriptionPart
    : 0;
  return score > 0 && isHandler ? score + SCORES.handler : score;
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

function normalise(text: string): string {
  return text.trim().replace(/^\*/, "").trim().toLowerCase();
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
