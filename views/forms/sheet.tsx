// What all forms of a package's parts have round them: the form itself with its status line, and the
// generated file beside it. Not here: the fields.
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { packagePath } from "../package_frame.tsx";
import type { FormState } from "./form_state.ts";
import { RawForm } from "./raw_form.tsx";

/** The file that a form writes. */
export interface GeneratedFile {
  readonly path: string;
  /** `undefined` if there is none, or if it is no text. */
  readonly text: string | undefined;
  /** For `file.write`. */
  readonly sha256: string;
}

/** Props of `Sheet`. */
export interface SheetProps {
  readonly frame: Frame;
  readonly form: FormState;
  /** Where the form is sent, and where it is found. */
  readonly action: string;
  /** Where the sheet alone is found, to be loaded anew. */
  readonly source: string;
  readonly packageId: string;
  readonly file: GeneratedFile;
  /** `page` has the file beside the form, `panel` below it. */
  readonly place: "page" | "panel";
  /** Stands above the form, outside it. */
  readonly head?: Child;
  /** Stands beside the form, above the file. */
  readonly side?: Child;
  readonly children?: Child;
}

/** A form that saves itself, with the file that it writes. */
export function Sheet(props: SheetProps) {
  const { frame, form, action, source, place, head, side, children } = props;
  const { form: texts } = frame.texts;
  return (
    <div
      id="sheet"
      class={`sheet sheet-${place}`}
      data-source={source}
      data-offline={texts.offline}
      data-kept={texts.kept}
      data-refused={texts.refusedElsewhere}
    >
      {head}
      {place === "page" && <History {...props} />}
      <form
        id="sheet-form"
        class="sheet-form"
        method="post"
        action={action}
        novalidate
        data-autosave
        hx-post={action}
        hx-trigger="change, submit"
        hx-swap="none"
        hx-sync="this:queue all"
      >
        {/* Enter in a field takes the first button: this one, and not one that removes something. */}
        <button type="submit" class="visually-hidden" tabindex={-1}>{texts.save}</button>
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <FormStatus frame={frame} form={form} />
        {children}
        <noscript>
          <button type="submit" class="button primary">{texts.save}</button>
        </noscript>
      </form>
      <div class="sheet-side">
        {side}
        <FilePanel {...props} />
      </div>
    </div>
  );
}

/** Undo and redo, for pages that have no canvas. */
function History({ frame, form, packageId, action }: SheetProps) {
  const { form: texts } = frame.texts;
  const { history } = form;
  if (history === undefined) return <div id="sheet-history"></div>;
  const step = (direction: "undo" | "redo", summary: string) =>
    summary !== "" && (
      <button
        type="submit"
        class="button quiet small"
        name="direction"
        value={direction}
        title={summary}
      >
        <Icon name={direction} />
        <span>{texts[direction](summary)}</span>
      </button>
    );
  return (
    <form
      id="sheet-history"
      class="sheet-history"
      method="post"
      action={`${packagePath(packageId)}/step`}
      {...oob(form)}
    >
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <input type="hidden" name="scope" value={history.scope} />
      <input type="hidden" name="then" value={action} />
      {step("undo", history.undo)}
      {step("redo", history.redo)}
    </form>
  );
}

function oob(form: FormState) {
  return form.isAnswer ? { "hx-swap-oob": "true" } : {};
}

/** Says what was stored, or why not. */
function FormStatus({ frame, form }: { frame: Frame; form: FormState }) {
  const { form: texts } = frame.texts;
  return (
    <div id="form-status" class="form-status" role="status" {...oob(form)}>
      {form.fault !== "" && (
        <p class="notice error">
          <Icon name="error" />
          <span>{texts.fixFirst} {form.fault}</span>
        </p>
      )}
      {form.fault === "" && form.done !== "" && (
        <p class="small saved">
          <Icon name="check" />
          <span>{texts.saved(form.done)}</span>
        </p>
      )}
      {form.fault === "" && form.done === "" && <p class="small muted">{texts.autosave}</p>}
    </div>
  );
}

function FilePanel({ frame, form, packageId, file, action, place }: SheetProps) {
  const { form: texts } = frame.texts;
  return (
    <details id="file-panel" class="file-panel" open={place === "page"} {...oob(form)}>
      <summary>
        <Icon name="file" />
        <span>{texts.file}</span>
        <span class="mono small muted file-path">{file.path}</span>
      </summary>
      {file.text === undefined ? <p class="muted small">{texts.fileMissing}</p> : (
        <>
          <RawForm
            {...{ frame, packageId }}
            {...file}
            text={file.text}
            place="panel"
            then={action}
          />
          <p class="small muted">{texts.fileHint}</p>
        </>
      )}
    </details>
  );
}
