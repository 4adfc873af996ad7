// What every tool gets besides its arguments, and how it finds the file or document a path means.
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import { argumentFailure } from "./arguments.ts";
import type { FileWorker, RequestLimits } from "./file_worker.ts";
import { type Access, nameOf, parsePlace, type Place } from "./mounts.ts";
import type { CallOptions, StateDocument, WrapProgram } from "./tool_host.ts";

/** The world of one call. */
export interface CallContext {
  readonly files: FileWorker;
  /** Real path of the project; not for a model's eyes. */
  readonly project: string;
  /** Real path of the package; not for a model's eyes, either. */
  readonly pkg: string;
  readonly wrapProgram: WrapProgram | undefined;
  readonly state: StateDocument;
  readonly options: CallOptions;
  readonly limits: RequestLimits;
}

/** What a path means: the state document, the folder it is in, or a place on disk. */
export interface Target {
  readonly kind: "file" | "state" | "state-folder";
  readonly place: Place;
  /** Mount path in its one spelling. */
  readonly name: string;
}

/** Outcome of `findTarget`. */
export type TargetResult = { readonly ok: true; readonly target: Target } | ToolFailure;

/** Resolves a model's path by wall 1. The file worker resolves links later, when it touches the file. */
export function findTarget(path: string, access: Access, { state }: CallContext): TargetResult {
  const parsed = parsePlace(path, access);
  if (!parsed.ok) return parsed;
  const { place } = parsed;
  const name = nameOf(place);
  if (place.mount !== "state") {
    if (access === "write" && /[/\\]$/.test(path)) {
      return argumentFailure(`"${name}/" names a folder. Add the name of the file to write`);
    }
    return { ok: true, target: { kind: "file", place, name } };
  }
  if (name === state.path) return { ok: true, target: { kind: "state", place, name } };
  if (place.parts.length === 0 && access === "read") {
    return { ok: true, target: { kind: "state-folder", place, name } };
  }
  return toolFailure(
    "E_SANDBOX_VIOLATION",
    `"${name}" is refused: in @state there is only "${state.path}"`,
  );
}

/** Text as it is hashed and written. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
