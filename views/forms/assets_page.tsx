// The page of assets: what there is, upload, and what can be done with each.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { PackageFrame, packagePath } from "../package_frame.tsx";
import { filePath } from "./raw_form.tsx";

/** A file of the assets. */
export interface AssetLine {
  readonly path: string;
  readonly bytes: number;
  /** Whether a browser shows it as an image. */
  readonly isImage: boolean;
}

/** Props of `AssetsPage`. */
export interface AssetsPageProps {
  readonly frame: Frame;
  readonly record: { readonly packageId: string; readonly name: string; readonly version: string };
  readonly assets: readonly AssetLine[];
  /** With a slash at its end. */
  readonly folder: string;
  /** What was just done, and what undo would be about; empty if nothing. */
  readonly done: string;
  readonly undoScope: string;
  /** Why something was not done. */
  readonly faults: readonly string[];
  /** What the person typed where it was refused. */
  readonly typed: { readonly newPath: string; readonly renamed: string; readonly renameTo: string };
}

/** The page. */
export function AssetsPage(props: AssetsPageProps) {
  const { frame, record, assets } = props;
  const { asset: texts, package: packageTexts } = frame.texts;
  const total = assets.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <PackageFrame
      frame={frame}
      record={record}
      active="assets"
      title={texts.title}
      crumbs={[{ label: texts.title }]}
      scripts={["forms.js"]}
      styles={["forms.css"]}
    >
      <div class="stack">
        <Outcome {...props} />
        <div class="side-by-side">
          <p class="lead">{texts.lead}</p>
          <p class="small muted numeric">{texts.usage(assets.length, packageTexts.bytes(total))}</p>
        </div>
        <section class="panel">
          <UploadForm {...props} />
          {assets.length === 0 ? <Empty frame={frame} /> : (
            <ul class="rows">
              {assets.map((asset) => <AssetRow {...props} asset={asset} />)}
            </ul>
          )}
          <NewFile {...props} />
        </section>
      </div>
    </PackageFrame>
  );
}

function Outcome({ frame, record, done, undoScope, faults }: AssetsPageProps) {
  const { asset: texts } = frame.texts;
  const href = packagePath(record.packageId);
  return (
    <>
      {faults.length > 0 && (
        <div class="notice error" role="alert">
          <Icon name="error" />
          <div class="stack-none">
            <p>{texts.failed}</p>
            <ul class="plain-list">{faults.map((fault) => <li>{fault}</li>)}</ul>
          </div>
        </div>
      )}
      {done !== "" && (
        <div class="notice ok" role="status">
          <Icon name="check" />
          <span class="grow">{done}</span>
          {undoScope !== "" && (
            <form method="post" action={`${href}/step`}>
              <input type="hidden" name="csrf" value={frame.csrfToken} />
              <input type="hidden" name="direction" value="undo" />
              <input type="hidden" name="scope" value={undoScope} />
              <input type="hidden" name="then" value={`${href}/assets`} />
              <button type="submit" class="button small">
                <Icon name="undo" />
                {texts.undo}
              </button>
            </form>
          )}
        </div>
      )}
    </>
  );
}

function UploadForm({ frame, record, folder }: AssetsPageProps) {
  const { asset: texts } = frame.texts;
  return (
    <form
      class="upload-form"
      method="post"
      action={`${packagePath(record.packageId)}/assets`}
      enctype="multipart/form-data"
      data-drop
    >
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <label class="upload-button button primary">
        <Icon name="export" />
        {texts.upload}
        <input
          class="visually-hidden"
          type="file"
          name="file"
          multiple
          aria-label={texts.uploadChoose}
        />
      </label>
      <label class="label" for="upload-folder">{texts.folder}</label>
      <input
        class="input mono"
        id="upload-folder"
        name="folder"
        value={folder}
        autocomplete="off"
      />
      <label class="check">
        <input type="checkbox" name="replace" value="on" />
        <span>{texts.replace}</span>
      </label>
      <noscript>
        <button type="submit" class="button">{texts.uploadSend}</button>
      </noscript>
      <div class="drop-hint" aria-hidden="true">{texts.drop}</div>
    </form>
  );
}

function Empty({ frame }: { frame: Frame }) {
  const { asset: texts } = frame.texts;
  return (
    <div class="empty">
      <Icon name="file" />
      <strong>{texts.emptyTitle}</strong>
      <p>{texts.empty}</p>
    </div>
  );
}

function AssetRow(props: AssetsPageProps & { readonly asset: AssetLine }) {
  const { frame, record, asset, typed } = props;
  const { asset: texts, package: packageTexts } = frame.texts;
  const href = packagePath(record.packageId);
  const { path, bytes, isImage } = asset;
  const isRenamed = typed.renamed === path;
  return (
    <li class="line asset-line">
      {isImage
        ? <img class="asset-thumb" src={rawPath(record.packageId, path)} alt="" loading="lazy" />
        : <Icon name="file" />}
      <a class="grow mono small quiet-link" href={filePath(record.packageId, path)}>{path}</a>
      <span class="small muted numeric">{packageTexts.bytes(bytes)}</span>
      <details class="menu" open={isRenamed}>
        <summary class="button quiet small icon-only" title={texts.actionsOf(path)}>
          <Icon name="more" label={texts.actionsOf(path)} />
        </summary>
        <div class="menu-list">
          <form class="menu-form" method="post" action={`${href}/assets/rename`}>
            <input type="hidden" name="csrf" value={frame.csrfToken} />
            <input type="hidden" name="path" value={path} />
            <input
              class="input mono"
              name="newPath"
              value={isRenamed ? typed.renameTo : path}
              required
              autocomplete="off"
              aria-label={texts.renameOf(path)}
            />
            <button type="submit" class="button small">{texts.rename}</button>
          </form>
          <a class="menu-item" href={rawPath(record.packageId, path)}>
            <Icon name="export" />
            {texts.download}
          </a>
          <form method="post" action={`${href}/assets/delete`}>
            <input type="hidden" name="csrf" value={frame.csrfToken} />
            <input type="hidden" name="path" value={path} />
            <button type="submit" class="menu-item danger">
              <Icon name="trash" />
              {texts.delete}
            </button>
          </form>
        </div>
      </details>
    </li>
  );
}

/** Where a file is served as it is, for downloads and images. */
export function rawPath(packageId: string, path: string): string {
  return `${packagePath(packageId)}/raw/${path.split("/").map(encodeURIComponent).join("/")}`;
}

function NewFile({ frame, record, folder, typed }: AssetsPageProps) {
  const { asset: texts } = frame.texts;
  return (
    <form
      class="new-file"
      method="post"
      action={`${packagePath(record.packageId)}/assets/new`}
    >
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <label class="label" for="new-path">{texts.newFile}</label>
      <input
        class="input mono"
        id="new-path"
        name="path"
        value={typed.newPath || `${folder}notes.md`}
        required
        autocomplete="off"
      />
      <button type="submit" class="button">
        <Icon name="plus" />
        {texts.create}
      </button>
    </form>
  );
}
