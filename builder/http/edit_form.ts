// A change of a package as a plain form says it: for buttons and fields that work without JavaScript.
// Not here: whether the edit is one (`schemas/edit.schema.json`).
import { AppError } from "../../schemas/error.ts";
import { ownPath, textField } from "./form_fields.ts";

/** What a form asks for. */
export interface EditForm {
  readonly baseRevision: number;
  /** JSON; to be validated. */
  readonly edit: unknown;
  /** The path of ours that is shown afterwards; undefined if the form names none. */
  readonly then: string | undefined;
}

const SET = "set.";

/**
 * Reads the fields `baseRevision`, `edit` (the whole edit as JSON), `set.a.b` (a text that is put at
 * `edit.a.b`) and `then`.
 * @throws AppError `REQUEST_INVALID`
 */
export function editOfForm(form: FormData): EditForm {
  const baseRevision = Number(textField(form, "baseRevision") || Number.NaN);
  if (!Number.isSafeInteger(baseRevision) || baseRevision < 0) {
    throw new AppError("REQUEST_INVALID", 'The form has no "baseRevision": load the page again');
  }
  let edit = parsed(textField(form, "edit"));
  for (const name of form.keys()) {
    if (name.startsWith(SET)) {
      edit = withValue(edit, name.slice(SET.length).split("."), textField(form, name));
    }
  }
  return {
    baseRevision,
    edit,
    then: form.has("then") ? ownPath(textField(form, "then")) : undefined,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("REQUEST_INVALID", 'The field "edit" of the form is no JSON', { cause });
  }
}

/** Own keys only, into new objects: a name such as `__proto__` becomes a key like any other. */
function withValue(target: unknown, [key, ...rest]: readonly string[], value: string): unknown {
  if (key === undefined) return value;
  const entries = typeof target === "object" && target !== null ? Object.entries(target) : [];
  const old = entries.find(([name]) => name === key)?.[1];
  const others = entries.filter(([name]) => name !== key);
  return Object.fromEntries([...others, [key, withValue(old, rest, value)]]);
}
