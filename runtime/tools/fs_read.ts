// `fs.read`: a text file or the state document, whole or a window of lines.
import type { ToolResult } from "../../schemas/tool.ts";
import { argumentFailure } from "./arguments.ts";
import { type CallContext, encodeText, findTarget, type Target } from "./call_context.ts";
import type { Outcome } from "./file_worker.ts";
import { TextWindow } from "./text_window.ts";
import type { LineWindow, ReadText } from "./worker_protocol.ts";

/** Arguments of `fs.read`. */
export interface ReadArguments extends LineWindow {
  readonly path: string;
}

/**
 * Answers `bytes` and `sha256` of the whole file, and `content`; over the limit `truncated`,
 * `contentPreview` and a `hint` instead.
 */
export async function readFile(args: ReadArguments, context: CallContext): Promise<ToolResult> {
  const { startLine = 1, endLine = Infinity } = args;
  if (startLine > endLine) {
    return argumentFailure(`fs_read: "startLine" ${startLine} lies behind "endLine" ${endLine}`);
  }
  const found = findTarget(args.path, "read", context);
  if (!found.ok) return found;
  if (found.target.kind === "state-folder") {
    return argumentFailure(`"@state" is a folder; read "${context.state.path}"`);
  }
  const read = await readTarget(found.target, args, context);
  if (!read.ok) return read;
  return describe(found.target.name, args, read.value);
}

async function readTarget(
  { kind, place }: Target,
  { startLine, endLine }: ReadArguments,
  { files, state, options, limits }: CallContext,
): Promise<Outcome<ReadText>> {
  const window = {
    ...(startLine !== undefined && { startLine }),
    ...(endLine !== undefined && { endLine }),
    maxBytes: options.policy.maxReadBytes,
  };
  if (kind === "file") return await files.run("read", { place, ...window }, limits);
  const text = new TextWindow(window);
  text.push(encodeText(await state.read()));
  return { ok: true, value: text.finish() };
}

function describe(path: string, args: ReadArguments, read: ReadText): ToolResult {
  const { bytes, sha256, totalLines, startLine, endLine, text, truncated, damaged } = read;
  const isWindow = args.startLine !== undefined || args.endLine !== undefined;
  if (isWindow && startLine > totalLines && totalLines > 0) {
    return argumentFailure(
      `"${path}" has ${totalLines} lines; line ${startLine} lies behind its end`,
    );
  }
  const lines = isWindow ? { startLine, endLine, totalLines } : { totalLines };
  const warning = damaged
    ? {
      warning: "The file is not UTF-8; what could not be decoded shows as �. Do not write it back",
    }
    : {};
  const whole = { ok: true as const, path, bytes, sha256, ...lines, ...warning };
  if (!truncated) return { ...whole, content: text };
  const hint = isWindow
    ? "These lines are over the read limit; this is their beginning. Ask for fewer lines"
    : "The file is over the read limit; this is its beginning. Find the place with fs_search, then read it with startLine and endLine";
  return { ...whole, truncated, contentPreview: text, hint };
}
