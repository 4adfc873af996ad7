// `fs.edit`: replaces a passage that stands in the file exactly as given.
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import { argumentFailure } from "./arguments.ts";
import { type CallContext, encodeText } from "./call_context.ts";
import { type ChangeResult, changeTo, loadSubject, overWriteLimit, textOf } from "./change.ts";

/** Arguments of `fs.edit`. */
export interface EditArguments {
  readonly path: string;
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll?: boolean;
  readonly ifMatchSha256?: string;
}

/** Lines that a refusal names, at most. */
const MAX_NAMED_LINES = 10;

/** Plans an edit; the answer holds `replacements`. Refuses unless the passage is there once. */
export async function planEdit(args: EditArguments, context: CallContext): Promise<ChangeResult> {
  if (args.oldText === args.newText) {
    return argumentFailure(
      'fs_edit: "oldText" and "newText" are the same, so nothing would change',
    );
  }
  const loaded = await loadSubject(args, context);
  if (!loaded.ok) return loaded;
  const { subject } = loaded;
  const read = textOf(subject);
  if (!read.ok) return read;
  const { oldText, newText } = withLineEnds(args, read.value);
  const pieces = read.value.split(oldText);
  const replacements = pieces.length - 1;
  if (replacements === 0) return notFound(subject.target.name, read.value, oldText);
  if (replacements > 1 && !args.replaceAll) return ambiguous(subject.target.name, pieces, oldText);
  const over = overWriteLimit(subject, encodeText(newText).length * replacements, context);
  if (over) return over;
  const after = encodeText(pieces.join(newText));
  return changeTo(subject, after, {
    ...context,
    ifMatchSha256: args.ifMatchSha256,
    facts: { replacements },
  });
}

/** Models write LF; in a CRLF file the passage is looked for, and replaced, with CRLF. */
function withLineEnds({ oldText, newText }: EditArguments, text: string): EditArguments | {
  oldText: string;
  newText: string;
} {
  if (!text.includes("\r\n") || oldText.includes("\r") || !/\n/.test(oldText + newText)) {
    return { oldText, newText };
  }
  const toCrlf = (part: string) => part.replace(/\r?\n/g, "\r\n");
  return { oldText: toCrlf(oldText), newText: toCrlf(newText) };
}

function ambiguous(name: string, pieces: readonly string[], oldText: string): ToolFailure {
  const lines: number[] = [];
  let line = 1;
  for (const piece of pieces.slice(0, Math.min(pieces.length - 1, MAX_NAMED_LINES))) {
    line += countNewlines(piece);
    lines.push(line);
    line += countNewlines(oldText);
  }
  const matches = pieces.length - 1;
  return argumentFailure(
    `oldText stands in "${name}" ${matches} times (lines ${lines.join(", ")}${
      matches > lines.length ? ", …" : ""
    }). Take more of the text round it to make it unique, or set replaceAll`,
  );
}

function notFound(name: string, text: string, oldText: string): ToolFailure {
  const squeezed = (part: string) => part.replace(/\s+/g, " ").trim();
  const wanted = squeezed(oldText);
  const hint = wanted !== "" && squeezed(text).includes(wanted)
    ? "It does with other spaces, tabs or line breaks: copy it character for character"
    : "Read the file again and copy the passage as it stands now";
  return toolFailure("E_TOOL_ARGS", `oldText stands in "${name}" 0 times. ${hint}`, { matches: 0 });
}

function countNewlines(text: string): number {
  return text.split("\n").length - 1;
}
