// The text of a file in an editor, and what is wrong with it: beside a form, and on a page of its own.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { packagePath } from "../package_frame.tsx";

/** What is wrong with a text that was to be saved. */
export interface RawFault {
  readonly message: string;
  /** 1-based, where it is known. */
  readonly line?: number;
  readonly column?: number;
  /** The file as it is now, where somebody else changed it. */
  readonly theirs?: { readonly text: string; readonly sha256: string };
}

/** Props of `RawForm`. */
export interface RawFormProps {
  readonly frame: Frame;
  readonly packageId: string;
  readonly path: string;
  readonly text: string;
  /** Of the file that the text comes from, for `file.write`. */
  readonly sha256: string;
  readonly place: "page" | "panel";
  /** Where a plain form leads afterwards; the file's page unless given. */
  readonly then?: string;
  readonly fault?: RawFault;
}

/** The path of a file's own page. */
export function filePath(packageId: string, path: string): string {
  return `${packagePath(packageId)}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** The editor. */
export function RawForm(props: RawFormProps) {
  const { frame, packageId, path, text, sha256, place, then, fault } = props;
  const { form: texts } = frame.texts;
  const href = filePath(packageId, path);
  const isPage = place === "page";
  const rows = isPage ? 24 : Math.min(Math.max(text.split("\n").length + 1, 8), 40);
  return (
    <form
      class="raw-form"
      method="post"
      action={href}
      hx-post={href}
      hx-swap="none"
      hx-sync="this:queue all"
      data-raw
    >
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <input type="hidden" name="baseSha256" value={sha256} />
      {then !== undefined && <input type="hidden" name="then" value={then} />}
      <RawNote frame={frame} fault={fault} isAnswer={false} />
      <textarea
        id="raw-text"
        name="text"
        class={isPage ? "textarea code raw-page" : "textarea code"}
        rows={rows}
        spellcheck={false}
        aria-label={texts.rawText(path)}
        aria-describedby="raw-note"
        {...fault && { "aria-invalid": "true" as const }}
      >
        {`\n${text}`}
      </textarea>
      <div class="row">
        <button type="submit" class={isPage ? "button primary" : "button small"}>
          {texts.fileSave}
        </button>
        {!isPage && <a class="quiet-link small" href={href}>{texts.fileOpen}</a>}
      </div>
    </form>
  );
}

/** Props of `RawNote`. */
export interface RawNoteProps {
  readonly frame: Frame;
  readonly fault: RawFault | undefined;
  readonly isAnswer: boolean;
}

/** What is wrong with the text, beside it. */
export function RawNote({ frame, fault, isAnswer }: RawNoteProps) {
  const { form: texts } = frame.texts;
  const swap = isAnswer ? { "hx-swap-oob": "true" } : {};
  return (
    <div id="raw-note" class="field-note" role="status" {...swap}>
      {fault && (
        <p
          class="fault"
          data-line={fault.line}
          data-column={fault.column}
        >
          <Icon name="error" />
          <span>{fault.theirs ? texts.rawConflict : fault.message}</span>
        </p>
      )}
      {fault?.theirs && (
        <div class="conflict">
          <p class="small muted">{texts.rawTheirs}</p>
          <pre class="theirs" tabindex={0}>{fault.theirs.text}</pre>
          <button type="submit" class="button small" name="overwrite" value={fault.theirs.sha256}>
            {texts.rawMine}
          </button>
        </div>
      )}
    </div>
  );
}
