// The page of one file: its text to edit, or the image that it is.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { PackageFrame, type PackagePart } from "../package_frame.tsx";
import { rawPath } from "./assets_page.tsx";
import { filePath } from "./sheet.tsx";

/** What is wrong with a text that was to be saved. */
export interface RawFault {
  readonly message: string;
  /** 1-based, where it is known. */
  readonly line?: number;
  readonly column?: number;
  /** The file as it is now, where somebody else changed it. */
  readonly theirs?: { readonly text: string; readonly sha256: string };
}

/** Props of `FilePage`. */
export interface FilePageProps {
  readonly frame: Frame;
  readonly record: { readonly packageId: string; readonly name: string; readonly version: string };
  readonly active: PackagePart;
  readonly path: string;
  /** What the editor shows; `undefined` for a file that is no text. */
  readonly text: string | undefined;
  readonly sha256: string;
  readonly isImage: boolean;
  readonly fault?: RawFault;
  /** What was just done; empty if nothing. */
  readonly done: string;
}

/** The page. */
export function FilePage(props: FilePageProps) {
  const { frame, record, active, path, text, isImage, done } = props;
  const { form: texts, asset } = frame.texts;
  return (
    <PackageFrame
      frame={frame}
      record={record}
      active={active}
      title={path}
      crumbs={[{ label: path }]}
      scripts={["forms.js"]}
      styles={["forms.css"]}
    >
      <div class="stack-tight file-page">
        <div class="side-by-side">
          <h2 class="mono file-title">{path}</h2>
          <a class="button small" href={rawPath(record.packageId, path)}>
            <Icon name="export" />
            {asset.download}
          </a>
        </div>
        {done !== "" && (
          <p class="notice ok" role="status">
            <Icon name="check" />
            <span>{texts.saved(done)}</span>
          </p>
        )}
        {isImage && (
          <img
            class="asset-image"
            src={rawPath(record.packageId, path)}
            alt={asset.imageOf(path)}
          />
        )}
        {text === undefined
          ? !isImage && <p class="muted">{texts.rawBinary}</p>
          : <Editor {...props} text={text} />}
      </div>
    </PackageFrame>
  );
}

function Editor(props: FilePageProps & { readonly text: string }) {
  const { frame, record, path, text, sha256, fault } = props;
  const { form: texts } = frame.texts;
  const href = filePath(record.packageId, path);
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
      <p class="small muted">{texts.rawLead}</p>
      <RawNote frame={frame} fault={fault} isAnswer={false} />
      <textarea
        id="raw-text"
        name="text"
        class="textarea code raw-page"
        rows={24}
        spellcheck={false}
        aria-label={texts.rawText(path)}
        aria-describedby="raw-note"
        {...fault && { "aria-invalid": "true" as const }}
      >
        {`\n${text}`}
      </textarea>
      <div class="row">
        <button type="submit" class="button primary">{texts.fileSave}</button>
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
          <button class="button small" name="overwrite" value={fault.theirs.sha256}>
            {texts.rawMine}
          </button>
        </div>
      )}
    </div>
  );
}
