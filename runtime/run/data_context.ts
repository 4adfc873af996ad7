// A file that a menu item loads before its start, as the model is told of it: a preview and its path.
import { AppError } from "../../schemas/error.ts";

/** A data file. The model reads the rest with its tools. */
export interface DataContext {
  /** Mount path. */
  readonly path: string;
  readonly format: "json" | "yaml" | "csv" | "xml" | "text";
  readonly bytes: number;
  /** Its beginning, by whole lines where it has any. */
  readonly preview: string;
  readonly truncated: boolean;
}

const FORMATS: Readonly<Record<string, DataContext["format"]>> = {
  json: "json",
  yaml: "yaml",
  yml: "yaml",
  csv: "csv",
  tsv: "csv",
  xml: "xml",
};

/** Characters of a file that are told with every prompt. */
const PREVIEW_CHARS = 4000;

/** @throws AppError `ENGINE_PRECONDITION` for a file that is no text, or `.json` that is no JSON */
export function dataContextOf(path: string, content: Uint8Array): DataContext {
  const text = textOf(path, content);
  const format = FORMATS[path.slice(path.lastIndexOf(".") + 1).toLowerCase()] ?? "text";
  if (format === "json") requireJson(path, text);
  const { start: preview, isCut: truncated } = startOfText(text, PREVIEW_CHARS);
  return { path, format, bytes: content.length, preview, truncated };
}

/** The beginning of a text, up to the last whole line that fits. */
export function startOfText(text: string, most: number): { start: string; isCut: boolean } {
  if (text.length <= most) return { start: text, isCut: false };
  const cut = text.slice(0, most);
  const lastLine = cut.lastIndexOf("\n");
  return { start: lastLine > 0 ? cut.slice(0, lastLine) : cut, isCut: true };
}

/** @throws AppError `ENGINE_PRECONDITION` if the bytes are no UTF-8 text */
export function textOf(path: string, content: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    if (!text.includes("\0")) return text;
  } catch (cause) {
    throw noText(path, cause);
  }
  throw noText(path);
}

function noText(path: string, cause?: unknown): AppError {
  return new AppError(
    "ENGINE_PRECONDITION",
    `The menu loads "${path}", which is no text in UTF-8. Name a text file`,
    { cause },
  );
}

function requireJson(path: string, text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      "ENGINE_PRECONDITION",
      `The menu loads "${path}", which is not valid JSON: ${why}`,
      { cause },
    );
  }
}
