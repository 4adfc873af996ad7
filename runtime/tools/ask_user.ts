// `ui.ask_user`: reads the model's question. The engine asks it, not the tool host.
import type { Question, QuestionKind } from "../../schemas/question.ts";
import type { ToolFailure } from "../../schemas/tool.ts";
import { argumentFailure, type RawArguments, readArguments } from "./arguments.ts";
import { definitionOf } from "./definitions.ts";
import { nameOf, parsePlace } from "./mounts.ts";

/** Outcome of `readQuestion`. */
export type QuestionResult =
  | { readonly ok: true; readonly value: Question }
  | { readonly ok: false; readonly failure: ToolFailure };

/**
 * The question of a call. Without a kind, options make it a selection and a schema a form. A form needs
 * a schema of type object, a selection options, a review a path; else `E_TOOL_ARGS`.
 */
export function readQuestion(args: RawArguments): QuestionResult {
  const read = readArguments(definitionOf("ui.ask_user"), args);
  if (!read.ok) return { ok: false, failure: read };
  const given = read.values as Partial<Question> & { readonly question: string };
  const kind = given.kind ?? impliedKind(given);
  const need = missingFor(kind, given);
  if (need) return { ok: false, failure: argumentFailure(`ui_ask_user: a ${kind} needs ${need}`) };
  if (given.path === undefined) return { ok: true, value: { ...given, kind } };
  const found = parsePlace(given.path, "read");
  if (!found.ok) return { ok: false, failure: found };
  return { ok: true, value: { ...given, kind, path: nameOf(found.place) } };
}

function impliedKind({ options, schema }: Partial<Question>): QuestionKind {
  if (options && options.length > 0) return "selection";
  return schema ? "form" : "text";
}

function missingFor(
  kind: QuestionKind,
  { options, schema, path }: Partial<Question>,
): string | undefined {
  if (kind === "selection" && !options?.length) return '"options", a list of texts';
  if (kind === "form" && schema?.type !== "object") return '"schema", a JSON Schema of type object';
  if (kind === "review" && path === undefined) {
    return '"path", the mount path of the file to look at';
  }
  return undefined;
}
