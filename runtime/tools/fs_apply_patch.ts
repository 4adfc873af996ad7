// `fs.apply_patch`: a unified diff, or an update of front matter.
import { isRecord } from "../../schemas/record.ts";
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import { argumentFailure, type RawArguments } from "./arguments.ts";
import { type CallContext, encodeText } from "./call_context.ts";
import {
  type ChangeResult,
  changeTo,
  loadSubject,
  overWriteLimit,
  type Subject,
  textOf,
} from "./change.ts";
import { readFileUpdate, readStateUpdate, updateFrontMatter } from "./front_matter_update.ts";

/** Arguments of `fs.apply_patch` after `flattenPatch`: a diff or an update. */
export interface PatchArguments {
  readonly path: string;
  readonly diff?: string;
  readonly update?: RawArguments;
  readonly ifMatchSha256?: string;
}

/**
 * The arguments without the level `patch`: some models nest operation and update there, some give the
 * diff as `patch`.
 */
export function flattenPatch(args: RawArguments): RawArguments {
  const { patch, ...flat } = args;
  const nested = typeof patch === "string" && patch.trimStart().startsWith("{")
    ? parseJson(patch)
    : patch;
  if (isRecord(nested)) return { ...nested, ...flat };
  return typeof patch === "string" && flat.diff === undefined ? { ...flat, diff: patch } : args;
}

/** Plans a patch. */
export async function planPatch(args: PatchArguments, context: CallContext): Promise<ChangeResult> {
  const { diff, update } = args;
  if ((diff === undefined) === (update === undefined)) {
    return argumentFailure(
      'fs_apply_patch: give either "diff" (a unified diff) or "operation": "updateFrontmatter" with "update"',
    );
  }
  const loaded = await loadSubject(args, context);
  if (!loaded.ok) return loaded;
  const { subject } = loaded;
  const read = textOf(subject);
  if (!read.ok) return read;
  const text = read.value;
  const size = encodeText(diff ?? JSON.stringify(update)).length;
  const over = overWriteLimit(subject, size, context);
  if (over) return over;
  return update === undefined
    ? await planDiff({ subject, text, diff: diff ?? "", args }, context)
    : planUpdate({ subject, text, update, args }, context);
}

interface Loaded {
  readonly subject: Subject;
  readonly text: string;
  readonly args: PatchArguments;
}

async function planDiff(
  { subject, text, diff, args }: Loaded & { diff: string },
  context: CallContext,
): Promise<ChangeResult> {
  const request = { text, patch: diff, name: subject.target.name };
  const patched = await context.files.run("patch", request, context.limits);
  if (!patched.ok) return patched;
  return changeTo(subject, encodeText(patched.value), {
    ...context,
    ifMatchSha256: args.ifMatchSha256,
  });
}

function planUpdate(
  { subject, text, update, args }: Loaded & { update: RawArguments },
  context: CallContext,
): ChangeResult {
  const { target } = subject;
  if (target.kind === "state") {
    const read = readStateUpdate(update);
    if (!read.ok) return read;
    const apply = () => context.state.update(read.update, args.ifMatchSha256);
    return { ok: true, change: { kind: "state", path: target.name, apply } };
  }
  const read = readFileUpdate(update);
  if (!read.ok) return read;
  const updated = updateFrontMatter(text, read.entries);
  if (updated.ok) return changeTo(subject, encodeText(updated.text), context);
  return invalidFrontMatter(target.name, updated.reason);
}

function invalidFrontMatter(name: string, reason: string): ToolFailure {
  return toolFailure(
    "E_INVALID_FRONTMATTER",
    `The front matter of "${name}" cannot be updated: ${reason}. It has to be a map of YAML keys between two lines "---" at the head of the file`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
