// From the fields of an answered question to the text that `answerQuestion` reads. Not here: the fields
// (`views/run/`).
import { AppError } from "../schemas/error.ts";
import type { Question } from "../schemas/question.ts";
import { textField } from "./http/form_fields.ts";

/**
 * The answer to a question as text; of a form or a review, JSON.
 * @throws AppError `ANSWERS_INVALID` naming the field
 */
export function answerOfForm(form: FormData, question: Question): string {
  if (question.kind === "form") return JSON.stringify(formValues(form, question.schema ?? {}));
  if (question.kind !== "review") return textField(form, "text");
  const approved = textField(form, "approved") === "yes";
  return JSON.stringify({ approved, comments: textField(form, "comments") });
}

function formValues(form: FormData, schema: Readonly<Record<string, unknown>>) {
  const properties = isMap(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const values: [string, unknown][] = [];
  for (const [name, property] of Object.entries(properties)) {
    const value = valueOf(textField(form, `field.${name}`), isMap(property) ? property : {}, name);
    if (value !== undefined) values.push([name, value]);
    else if (required.includes(name)) {
      throw invalid(`The field "${name}" is empty; it has to be filled`);
    }
  }
  // By entries: a property may be called "__proto__".
  return Object.fromEntries(values);
}

function valueOf(text: string, schema: Readonly<Record<string, unknown>>, name: string): unknown {
  if (schema.type === "boolean") return text === "true";
  if (text.trim() === "") return undefined;
  if (Array.isArray(schema.enum)) return choiceOf(text, schema.enum, name);
  if (schema.type === "number" || schema.type === "integer") {
    const number = Number(text);
    const fits = Number.isFinite(number) && (schema.type === "number" || Number.isInteger(number));
    if (fits) return number;
    throw invalid(`The field "${name}" takes a number, not "${text}"`);
  }
  return schema.type === "object" || schema.type === "array" ? jsonOf(text, name) : text;
}

function choiceOf(text: string, choices: readonly unknown[], name: string): unknown {
  const chosen = choices.find((choice) =>
    text === (typeof choice === "string" ? choice : JSON.stringify(choice))
  );
  if (chosen !== undefined) return chosen;
  throw invalid(`The field "${name}" has no choice "${text}"`);
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("ANSWERS_INVALID", `The field "${name}" takes JSON, not "${text}"`, {
      cause,
    });
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string): AppError {
  return new AppError("ANSWERS_INVALID", message);
}
