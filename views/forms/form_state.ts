// What a form shows: for each field the texts of its controls and what is wrong with them. Not here:
// how a document becomes texts and texts an edit (`builder/forms/`).

/** One field: the smallest thing that is saved by itself. It may have several controls. */
export interface FieldState {
  readonly name: string;
  /** Texts of the controls: `""` for the only one, `2.content` for one of a list. */
  readonly entries: ReadonlyMap<string, string>;
  /** Stands for what the person saw: sent back with the form, so that a conflict is noticed. */
  readonly was: string;
  /** What is wrong, by control; `""` for the field as a whole. */
  readonly faults: ReadonlyMap<string, string>;
  /** Somebody else changed the field meanwhile, to this. */
  readonly theirs?: string;
  /** In an answer to htmx: what of the field takes the place of the old one in the page. */
  readonly swap?: "note" | "whole";
}

/** A form as it is shown. */
export interface FormState {
  readonly fields: ReadonlyMap<string, FieldState>;
  /** What is wrong with the form as a whole; empty if nothing. */
  readonly fault: string;
  /** What was just stored, such as `Change "Write"`; empty if nothing. */
  readonly done: string;
  /** Whether the form goes into a page that shows it already: only what changed is put in. */
  readonly isAnswer: boolean;
  /** What undo and redo would do, where the page offers them. */
  readonly history?: FormHistory;
}

/** What undo and redo would do within a scope; empty if nothing. */
export interface FormHistory {
  readonly scope: string;
  readonly undo: string;
  readonly redo: string;
}

/** The field of a form. @throws Error for a name that the form does not have */
export function fieldOf(form: FormState, name: string): FieldState {
  const field = form.fields.get(name);
  if (field) return field;
  throw new Error(`The form has no field "${name}"`);
}

/** The name of a control, as the form sends it. */
export function controlName(field: string, sub = ""): string {
  return sub === "" ? field : `${field}.${sub}`;
}

/** An element id of a control or of what belongs to it. */
export function controlId(part: "control" | "note" | "was" | "field", name: string): string {
  return `${part}-${name.replaceAll(".", "-")}`;
}

/** How many items the list of a field has. */
export function itemCount({ entries }: FieldState): number {
  return Number(entries.get("count") ?? 0);
}
