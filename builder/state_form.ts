// The variables of a run's state as a form says them: rows of name, kind and value.
import { AppError } from "../schemas/error.ts";

/**
 * The map that the rows make; a row without a name, or marked to be removed, is none.
 * @throws AppError `STATE_INVALID` for a value that is no JSON, or a name that is there twice
 */
export function variablesOfForm(form: FormData): Record<string, unknown> {
  const all = (name: string) => form.getAll(name).map(String);
  const [names, kinds, values] = [all("name"), all("kind"), all("value")];
  const removed = new Set(all("remove"));
  const rows = names.flatMap((name, index) => {
    const trimmed = name.trim();
    if (trimmed === "" || removed.has(String(index))) return [];
    return [[trimmed, valueOf(trimmed, kinds[index] ?? "", values[index] ?? "")] as const];
  });
  const twice = rows.find(([name], index) => rows.findIndex(([other]) => other === name) < index);
  if (twice) throw invalid(`There are two variables "${twice[0]}"`);
  return Object.fromEntries(rows);
}

function valueOf(name: string, kind: string, text: string): unknown {
  if (kind !== "json") return text.replace(/\r\n/g, "\n");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError(
      "STATE_INVALID",
      `The value of "${name}" is no JSON. Right is 3, true, [1, 2] or "a text"`,
      { cause },
    );
  }
}

function invalid(message: string): AppError {
  return new AppError("STATE_INVALID", message);
}
