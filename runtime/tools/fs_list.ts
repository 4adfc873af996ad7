// `fs.list`: what is in a folder.
import type { ToolResult } from "../../schemas/tool.ts";
import { argumentFailure } from "./arguments.ts";
import { type CallContext, encodeText, findTarget } from "./call_context.ts";

/** Arguments of `fs.list`. */
export interface ListArguments {
  readonly path?: string;
  readonly depth?: number;
}

/** More entries than these are left out, and the answer says so. */
const MAX_ENTRIES = 200;

/** Answers `entries` of mount path, kind and size, upper levels first; `truncated` over 200. */
export async function listPath(args: ListArguments, context: CallContext): Promise<ToolResult> {
  const found = findTarget(args.path ?? "@project", "read", context);
  if (!found.ok) return found;
  const { kind, place, name } = found.target;
  if (kind === "state") {
    return argumentFailure(`"${name}" is a file, not a folder. Read it with fs_read`);
  }
  if (kind === "state-folder") return await listState(context);
  const request = { place, depth: args.depth ?? 1, maxEntries: MAX_ENTRIES };
  const listed = await context.files.run("list", request, context.limits);
  if (!listed.ok) return listed;
  const { entries, truncated } = listed.value;
  if (!truncated) return { ok: true, path: name, entries };
  const hint =
    `Only the first ${MAX_ENTRIES} entries are shown. List a folder further down, or find files with fs_search and globs`;
  return { ok: true, path: name, entries, truncated, hint };
}

async function listState({ state }: CallContext): Promise<ToolResult> {
  const { length } = encodeText(await state.read());
  return { ok: true, path: "@state", entries: [{ path: state.path, kind: "file", bytes: length }] };
}
