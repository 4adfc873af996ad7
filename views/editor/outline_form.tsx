// A form of the outline: an edit that is known but for a few fields. Not here: which edits there are
// (`outline_nodes.tsx`, `outline_edges.tsx`), and how a server reads one (`builder/http/edit_form.ts`).
import type { Child } from "hono/jsx";
import type { Edit } from "../../schemas/edit.ts";
import type { Frame } from "../frame.ts";
import { packageUrl, workflowUrl } from "./editor_page.tsx";
import type { Scene } from "./scene.ts";

/** What every form of an outline needs. */
export interface OutlineContext {
  readonly frame: Frame;
  readonly scene: Scene;
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  readonly packageId: string;
  readonly revision: number;
}

/** An edit whose fields may be missing: those that the person fills in. */
export type PartialEdit = { readonly kind: Edit["kind"] } & Readonly<Record<string, unknown>>;

/** Props of `EditForm`. */
export interface EditFormProps {
  readonly context: OutlineContext;
  readonly edit: PartialEdit;
  /** The node that is open afterwards. */
  readonly openNodeId?: string;
  readonly label?: string;
  readonly children?: Child;
}

/** A form that posts one edit; fields named `set.…`, `number.…` and so on fill it in. */
export function EditForm({ context, edit, openNodeId = "", label, children }: EditFormProps) {
  return (
    <form
      class="edit-form"
      method="post"
      action={`${packageUrl(context.packageId)}/edits`}
      aria-label={label}
    >
      <Common context={context} openNodeId={openNodeId} />
      <input type="hidden" name="edit" value={JSON.stringify(edit)} />
      {children}
    </form>
  );
}

function Common({ context, openNodeId }: { context: OutlineContext; openNodeId: string }) {
  const { frame, packageId, revision, scene } = context;
  const outline = `${workflowUrl(packageId, scene.graph.workflowId)}/outline`;
  const then = openNodeId ? `${outline}?open=${encodeURIComponent(openNodeId)}` : outline;
  return (
    <>
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <input type="hidden" name="baseRevision" value={String(revision)} />
      <input type="hidden" name="then" value={then} />
    </>
  );
}

/** Props of `StepForm`. */
export interface StepFormProps {
  readonly context: OutlineContext;
  readonly kind: "undo" | "redo";
  /** What would be taken back or done again; empty if nothing. */
  readonly summary: string;
}

/** Undo or redo, with what it would do. */
export function StepForm({ context, kind, summary }: StepFormProps) {
  const { editor } = context.frame.texts;
  return (
    <form method="post" action={`${packageUrl(context.packageId)}/${kind}`}>
      <Common context={context} openNodeId="" />
      <input type="hidden" name="workflowId" value={context.scene.graph.workflowId} />
      <button type="submit" class="button quiet small" disabled={summary === ""}>
        {summary ? `${editor[kind]}: ${summary}` : editor[kind]}
      </button>
    </form>
  );
}

/** Part of a field's name that stands for a key: dots in ids are no separators. */
export function fieldKey(key: string): string {
  return encodeURIComponent(key).replaceAll(".", "%2E");
}
