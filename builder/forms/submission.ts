// A form that came in, against the document as it is now: which fields the person changed, which
// somebody else changed meanwhile, and which cannot be read. Pure. Not here: what is done with the
// changes (`save_form.ts`).
import { createHash } from "node:crypto";
import type { FieldState, FormState } from "../../views/forms/form_state.ts";
import type { Codec, Entries } from "./codec.ts";
import { type ListAction, listAction, withAction } from "./item_codec.ts";

/** A field of a form, with the value that the document has now. */
export interface FormField {
  readonly name: string;
  readonly codec: Codec;
  /** `undefined`: the key is absent. */
  readonly value: unknown;
  /** The texts of a new item, by control, for a list. */
  readonly blank?: Readonly<Record<string, string>>;
}

/** What came in. */
export interface Submission {
  readonly form: FormState;
  /** Field → new value; `null` takes it away. */
  readonly changes: ReadonlyMap<string, unknown>;
}

/** The form as the document is now; `done` is what was just stored. */
export function formOf(fields: readonly FormField[], done = ""): FormState {
  const states = fields.map((field) => [field.name, stateOf(field)] as const);
  return { fields: new Map(states), fault: "", done, isAnswer: false };
}

/** A field as the document is now. */
export function stateOf({ name, codec, value }: FormField): FieldState {
  const entries = codec.show(value);
  return { name, entries, was: wasOf(entries), faults: new Map() };
}

/** What a field is sent back with if its controls keep texts that were stored in another spelling. */
export function wasBoth(typed: Entries, stored: Entries): string {
  const [shown, kept] = [wasOf(typed), wasOf(stored)];
  return shown === kept ? kept : `${shown}.${kept}`;
}

/** A short word for what a field shows. */
export function wasOf(entries: Entries): string {
  const sorted = [...entries].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return createHash("sha256").update(JSON.stringify(sorted)).digest("base64url").slice(0, 16);
}

/**
 * Reads a form. A field counts only if the form has its `was.<name>`; one that is as it was is left
 * alone, so an old page cannot bring old texts back. The field `op` is a list's button, `choose` the
 * answer to a conflict: `title mine` or `title theirs`.
 */
export function readSubmission(sent: FormData, fields: readonly FormField[]): Submission {
  const action = listAction(text(sent.get("op")));
  const [chosenField = "", chosenSide = ""] = text(sent.get("choose")).split(" ");
  const outcomes = fields.map((field) => {
    const choice = field.name === chosenField ? chosenSide : "";
    const own = action?.field === field.name ? action : undefined;
    return outcomeOf(field, { sent, action: own, choice });
  });
  return {
    form: {
      fields: new Map(outcomes.map(({ state }) => [state.name, state])),
      fault: "",
      done: "",
      isAnswer: false,
    },
    changes: new Map(
      outcomes.flatMap(({ state, change }) => change ? [[state.name, change.value]] : []),
    ),
  };
}

interface Asked {
  readonly sent: FormData;
  readonly action: ListAction | undefined;
  readonly choice: string;
}

interface Outcome {
  readonly state: FieldState;
  readonly change?: { readonly value: unknown };
}

function outcomeOf(field: FormField, { sent, action, choice }: Asked): Outcome {
  const now = stateOf(field);
  if (!sent.has(`was.${field.name}`)) return { state: now };
  if (choice === "theirs") return { state: { ...now, swap: "whole" } };
  const typed = entriesOf(sent, field.name);
  const entries = action ? withAction(typed, action, field.blank ?? {}) : typed;
  const was = text(sent.get(`was.${field.name}`));
  const [shown = "", kept = shown] = was.split(".");
  const hash = wasOf(entries);
  const isRedrawn = action !== undefined || sent.get("redraw") === field.name;
  const swap = isRedrawn ? "whole" : "note";
  if (hash === shown && choice === "") return { state: { ...now, ...isRedrawn && { swap } } };
  // Somebody, perhaps this person in a request before, has written the same.
  if (hash === now.was) return { state: { ...now, swap } };
  const state = { ...now, entries, was, swap } as const;
  if (kept !== now.was && choice !== "mine") {
    return { state: { ...state, theirs: readable(now.entries) } };
  }
  const { value, faults } = field.codec.read(entries, field.value);
  return faults.size > 0 ? { state: { ...state, faults } } : { state, change: { value } };
}

function text(value: FormDataEntryValue | null): string {
  return typeof value === "string" ? value : "";
}

function entriesOf(sent: FormData, name: string): Entries {
  const entries = new Map<string, string>();
  for (const [key, value] of sent) {
    if (typeof value !== "string") continue;
    const isOwn = key === name || key.startsWith(`${name}.`);
    if (isOwn) entries.set(key.slice(name.length + 1), value.replace(/\r\n?/g, "\n"));
  }
  return entries;
}

/** What others wrote, to be read beside one's own. */
function readable(entries: Entries): string {
  const only = entries.get("");
  if (only !== undefined) return only;
  return [...entries].filter(([sub, value]) => !/(^|\.)(base|count)$/.test(sub) && value !== "")
    .map(([sub, value]) => `${sub}: ${value}`).join("\n");
}
