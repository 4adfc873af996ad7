// A form on its way into the package: its changes as one edit, by the same corridor as all others.
// Not here: how the form is read (`submission.ts`) and shown (`views/forms/`).
import type { Edit } from "../../schemas/edit.ts";
import { AppError } from "../../schemas/error.ts";
import type { FieldState, FormState } from "../../views/forms/form_state.ts";
import type { AppContext } from "../app_context.ts";
import type { Draft } from "../edit/draft.ts";
import { readEdit } from "../edit/read_edit.ts";
import { readForm } from "../http/guards.ts";
import { isFragmentRequest } from "../http/respond.tsx";
import type { StoredEdit } from "../live_drafts.ts";
import type { Entries } from "./codec.ts";
import { type FormField, readSubmission, stateOf, type Submission, wasBoth } from "./submission.ts";

/** What a form is about. */
export interface FormSubject {
  /** Fills fields in for a button that is no list's; a field named by `redraw` is shown anew. */
  prepare?(sent: FormData): void;
  /** @throws AppError if it is gone */
  fieldsOf(draft: Draft): readonly FormField[];
  /** The one edit for the changes of the form. */
  editOf(changes: ReadonlyMap<string, unknown>, draft: Draft): Edit;
}

/** A form after it was sent. */
export interface SavedForm {
  readonly form: FormState;
  readonly draft: Draft;
  /** Before and after. */
  readonly baseRevision: number;
  readonly revision: number;
  /** `200`, `409` with a conflict, `422` with something refused. */
  readonly status: number;
  /** Absent if nothing was stored. */
  readonly stored?: StoredEdit;
}

const IN_WORDS: readonly string[] = [
  "EDIT_REFUSED",
  "EDIT_CONFLICT",
  "PKG_NAME_TAKEN",
  "REQUEST_INVALID",
];

/**
 * Stores what the person changed. What is refused stays in the form with the reason beside it; the
 * rest of the form is stored all the same.
 * @throws AppError `PKG_NOT_FOUND`, and what `fieldsOf` throws
 */
export async function saveForm(c: AppContext, subject: FormSubject): Promise<SavedForm> {
  const { services: { liveDrafts }, user } = c.var;
  const { packageId = "" } = c.req.param();
  const sent = await readForm(c);
  subject.prepare?.(sent);
  const { draft, revision } = await liveDrafts.read(user.userId, packageId);
  const submission = readSubmission(sent, subject.fieldsOf(draft));
  const before = { draft, revision, baseRevision: revision };
  const isAnswer = isFragmentRequest(c.req.raw);
  if (submission.changes.size === 0) {
    return { ...before, ...judged({ ...submission.form, isAnswer }, 200) };
  }
  try {
    const edit = readEdit(subject.editOf(submission.changes, draft));
    const stored = await liveDrafts.edit(user.userId, packageId, { baseRevision: revision, edit });
    const { revision: after, result } = stored;
    const fields = subject.fieldsOf(result.draft);
    const form = { ...storedForm(submission, fields), done: result.summary, isAnswer };
    return { ...before, draft: result.draft, revision: after, stored, ...judged(form, 200) };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !IN_WORDS.includes(thrown.code)) throw thrown;
    const form = { ...refusedForm(submission, thrown.message), isAnswer };
    return { ...before, ...judged(form, thrown.code === "EDIT_CONFLICT" ? 409 : 422) };
  }
}

function judged(form: FormState, otherwise: number): { form: FormState; status: number } {
  const all = [...form.fields.values()];
  if (all.some(({ theirs }) => theirs !== undefined)) return { form, status: 409 };
  return { form, status: all.some(({ faults }) => faults.size > 0) ? 422 : otherwise };
}

/** Controls keep what was typed, unless items were moved: then they are numbered anew. */
function storedForm({ form, changes }: Submission, fields: readonly FormField[]): FormState {
  const states = fields.map((field): [string, FieldState] => {
    const now = stateOf(field);
    const typed = form.fields.get(field.name);
    if (typed === undefined) return [field.name, now];
    if (!changes.has(field.name)) return [field.name, typed];
    if (typed.swap === "whole" || basesOf(typed.entries) !== basesOf(now.entries)) {
      return [field.name, { ...now, swap: "whole" }];
    }
    const was = wasBoth(typed.entries, now.entries);
    return [field.name, { ...typed, was }];
  });
  return { ...form, fields: new Map(states) };
}

function basesOf(entries: Entries): string {
  return [...entries].filter(([sub]) => sub.endsWith(".base")).map(([, base]) => base).join(" ");
}

/** Beside the field, if only one was changed; else it cannot be told which one it was. */
function refusedForm({ form, changes }: Submission, message: string): FormState {
  const [name, ...others] = changes.keys();
  const field = form.fields.get(name ?? "");
  if (field === undefined || others.length > 0) return { ...form, fault: message };
  const refused: FieldState = { ...field, faults: new Map([["", message]]) };
  return { ...form, fields: new Map([...form.fields, [field.name, refused]]) };
}
