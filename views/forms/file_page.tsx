// The page of one file: its text to edit, or the image that it is.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { PackageFrame, type PackagePart } from "../package_frame.tsx";
import { rawPath } from "./assets_page.tsx";
import { type RawFault, RawForm } from "./raw_form.tsx";

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
        {text === undefined ? !isImage && <p class="muted">{texts.rawBinary}</p> : (
          <>
            <p class="small muted">{texts.rawLead}</p>
            <RawForm {...props} packageId={record.packageId} text={text} place="page" />
          </>
        )}
      </div>
    </PackageFrame>
  );
}
