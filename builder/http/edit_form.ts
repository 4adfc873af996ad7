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

/** How the first word of a field's name says what its text becomes; undefined puts nothing there. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  set: (text) => text,
  optional: (text) => text.trim() || undefined,
  number: (text) => Number(text.trim() || Number.NaN),
  json: (text) => text.trim() === "" ? null : parsed(text),
};

/**
 * Reads the fields `baseRevision`, `edit` (the whole edit as JSON), `then`, and those that are put at
 * `edit.a.b`: `set.a.b` as a text, `optional.a.b` unless it is empty, `number.a.b`, `json.a.b` (`null`
 * if it is empty). In a key, a dot that is no separator is written `%2E`.
 * @throws AppError `REQUEST_INVALID`
 */
export function editOfForm(form: FormData): EditForm {
  const baseRevision = Number(textField(form, "baseRevision") || Number.NaN);
  if (!Number.isSafeInteger(baseRevision) || baseRevision < 0) {
    throw new AppError("REQUEST_INVALID", 'The form has no "baseRevision": load the page again');
  }
  let edit = parsed(textField(form, "edit"));
  for (const name of form.keys()) {
    const [kind = "", ...path] = name.split(".");
    const value = Object.hasOwn(READERS, kind) ? READERS[kind]?.(textField(form, name)) : undefined;
    if (value !== undefined && path.length > 0) edit = withValue(edit, path.map(keyOf), value);
  }
  return {
    baseRevision,
    edit,
    then: form.has("then") ? ownPath(textField(form, "then")) : undefined,
  };
}

function keyOf(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new AppError("REQUEST_INVALID", `The form has a field "${part}" that is no key`, {
      cause,
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError(
      "REQUEST_INVALID",
      `A field of the form has to be JSON, but holds "${text.slice(0, 80)}"`,
      { cause },
    );
  }
}

/** Own keys only, into new objects: a name such as `__proto__` becomes a key like any other. */
function withValue(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const entries = typeof target === "object" && target !== null ? Object.entries(target) : [];
  const old = entries.find(([name]) => name === key)?.[1];
  const others = entries.filter(([name]) => name !== key);
  return Object.fromEntries([...others, [key, withValue(old, rest, value)]]);
}
