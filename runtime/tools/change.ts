// A change on its way: loaded, computed, checked, shown for approval, and at last carried out. The three
// changing tools only say what the new content is.
import { type ToolFailure, toolFailure, type ToolResult } from "../../schemas/tool.ts";
import { type CallContext, encodeText, findTarget, type Target } from "./call_context.ts";
import type { Outcome } from "./file_worker.ts";
import type { LoadedFile, LoadedPlace } from "./worker_protocol.ts";

/** A file or the state document before its change. */
export interface Subject {
  readonly target: Target;
  /** Mount path of the file that really changes, where a link inside the project leads to it. */
  readonly realName: string;
  /** `null` if there is no file. */
  readonly before: LoadedFile | null;
}

/** A change that passed every check that can be made beforehand. */
export type Change = ProjectChange | StateChange;

/** A change of a project file. */
export interface ProjectChange {
  readonly kind: "project";
  readonly subject: Subject;
  readonly after: Uint8Array<ArrayBuffer>;
  /** Facts for the answer, such as the number of replacements. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A change of the state document: the guard has the last word. */
export interface StateChange {
  readonly kind: "state";
  readonly path: string;
  apply(): Promise<ToolResult>;
}

/** Outcome of planning a change. */
export type ChangeResult = { readonly ok: true; readonly change: Change } | ToolFailure;

/** Loads what a call wants to change and checks `ifMatchSha256` for a project file. */
export async function loadSubject(
  { path, ifMatchSha256 }: { path: string; ifMatchSha256?: string },
  context: CallContext,
): Promise<{ readonly ok: true; readonly subject: Subject } | ToolFailure> {
  const found = findTarget(path, "write", context);
  if (!found.ok) return found;
  const { target } = found;
  const loaded = await load(target, context);
  if (!loaded.ok) return loaded;
  const { file: before, realName } = loaded.value;
  const wanted = ifMatchSha256?.toLowerCase();
  if (target.kind === "file" && wanted !== undefined && wanted !== before?.sha256) {
    return toolFailure(
      "E_PRECONDITION_FAILED",
      before
        ? `"${target.name}" is not the file you read: its sha256 is another by now. Read it again, then change it`
        : `"${target.name}" does not exist, so it cannot match ifMatchSha256`,
      before ? { sha256: before.sha256 } : {},
    );
  }
  return { ok: true, subject: { target, realName, before } };
}

async function load(
  { kind, place, name }: Target,
  { files, state, limits }: CallContext,
): Promise<Outcome<LoadedPlace>> {
  if (kind === "file") return await files.run("load", { place }, limits);
  const file = { bytes: encodeText(await state.read()), sha256: "" };
  return { ok: true, value: { realName: name, file } };
}

/** The text of a subject; a missing or binary file is a failure. */
export function textOf({ target, before }: Subject): Outcome<string> {
  if (!before) {
    return toolFailure("ENOENT", `There is no "${target.name}". To make it, use fs_write`);
  }
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { ok: true, value: decoder.decode(before.bytes) };
  } catch {
    return toolFailure(
      "E_TOOL_ARGS",
      `"${target.name}" is no UTF-8 text (${before.bytes.length} bytes), so it cannot be edited`,
    );
  }
}

/** The limit is on what one call brings in, not on the file it changes. */
export function overWriteLimit(
  { target }: Subject,
  bytes: number,
  { options }: CallContext,
): ToolFailure | undefined {
  const { maxWriteBytes } = options.policy;
  if (bytes <= maxWriteBytes) return undefined;
  return toolFailure(
    "E_WRITE_LIMIT",
    `This call writes ${bytes} bytes to "${target.name}"; one call may write ${maxWriteBytes}. Write the text in parts, with mode "append" or to several files`,
    { bytes, maxWriteBytes },
  );
}

/** New content as a change of whatever the subject is. */
export function changeTo(
  subject: Subject,
  after: Uint8Array<ArrayBuffer>,
  { state, ifMatchSha256, facts = {} }: {
    state: CallContext["state"];
    ifMatchSha256?: string | undefined;
    facts?: Readonly<Record<string, unknown>>;
  },
): ChangeResult {
  if (subject.target.kind === "file") {
    return { ok: true, change: { kind: "project", subject, after, facts } };
  }
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(after);
  const apply = () => state.propose(text, ifMatchSha256);
  return { ok: true, change: { kind: "state", path: subject.target.name, apply } };
}

/** True if the file already holds what the call wants. */
export function isNothingNew({ subject: { before }, after }: ProjectChange): boolean {
  if (before === null || before.bytes.length !== after.length) return false;
  return before.bytes.every((byte, index) => byte === after[index]);
}

/** Carries a change out: pre-image first, then the atomic write. Answers `sha256Before`, `sha256After`. */
export async function carryOut(change: Change, context: CallContext): Promise<ToolResult> {
  if (change.kind === "state") return await change.apply();
  const { subject: { target, realName, before }, after, facts } = change;
  const sha256Before = before?.sha256 ?? null;
  const answer = {
    ok: true as const,
    path: target.name,
    ...facts,
    ...(before && { sha256Before }),
  };
  if (isNothingNew(change)) return { ...answer, sha256After: sha256Before, unchanged: true };
  if (context.limits.signal.aborted) {
    return toolFailure("E_INTERRUPTED", "The run was stopped before this call changed anything");
  }
  const refusal = await context.options.beforeChange?.({
    path: realName,
    before: before?.bytes ?? null,
    after,
  });
  if (refusal) return refusal;
  // From here on the run may be stopped, but this write is finished.
  const limits = { ...context.limits, signal: NEVER };
  const request = { place: target.place, bytes: after, sha256Before };
  const replaced = await context.files.run("replace", request, limits);
  return replaced.ok ? { ...answer, sha256After: replaced.value.sha256 } : replaced;
}

const NEVER = new AbortController().signal;
