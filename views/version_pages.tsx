// The versions of a package, and what changed since one of them.
import type { Frame } from "./frame.ts";
import { Icon } from "./icons.tsx";
import { PackageFrame, packagePath } from "./package_frame.tsx";
import { Empty } from "./package_list.tsx";
import { TimeAgo } from "./time_ago.tsx";

/** A named state of a package. */
export interface VersionLine {
  readonly versionId: string;
  readonly label: string;
  readonly notes: string;
  readonly createdAt: string;
  /** Whether the package is as it was then. */
  readonly isCurrent: boolean;
}

interface PackageOfVersions {
  readonly packageId: string;
  readonly name: string;
  readonly version: string;
}

/** The page of the versions. */
export interface VersionsPageProps {
  readonly frame: Frame;
  readonly record: PackageOfVersions;
  readonly versions: readonly VersionLine[];
  /** What was typed before it was refused. */
  readonly typed?: { readonly label: string; readonly notes: string };
  readonly fault?: string;
}

/** All versions of a package, newest first. */
export function VersionsPage({ frame, record, versions, typed, fault }: VersionsPageProps) {
  const { package: texts } = frame.texts;
  return (
    <PackageFrame
      frame={frame}
      record={record}
      active="versions"
      title={texts.versionsTitle}
      crumbs={[{ label: texts.versionsTitle }]}
    >
      <div class="columns">
        <div class="stack">
          {versions.length === 0
            ? <Empty icon="history" title={texts.versionsNoneTitle} text={texts.versionsNone} />
            : (
              <ol class="panel rows">
                {versions.map((version) => (
                  <VersionRow frame={frame} record={record} version={version} />
                ))}
              </ol>
            )}
        </div>
        <NewVersionForm
          frame={frame}
          record={record}
          typed={typed ?? { label: record.version, notes: "" }}
          fault={fault}
        />
      </div>
    </PackageFrame>
  );
}

interface VersionRowProps {
  readonly frame: Frame;
  readonly record: PackageOfVersions;
  readonly version: VersionLine;
}

function VersionRow({ frame, record, version }: VersionRowProps) {
  const { texts, now } = frame;
  const { versionId, label, notes, createdAt, isCurrent } = version;
  const href = `${packagePath(record.packageId)}/versions/${encodeURIComponent(versionId)}`;
  return (
    <li class="line">
      <Icon name="history" />
      <span class="grow stack-none">
        <span class="row">
          <a class="strong-link numeric" href={href}>{label}</a>
          {isCurrent && <span class="badge ok">{texts.package.versionCurrent}</span>}
        </span>
        {notes !== "" && <span class="small muted pre-line">{notes}</span>}
      </span>
      <span class="small muted">
        <TimeAgo at={createdAt} now={now} texts={texts} />
      </span>
    </li>
  );
}

interface NewVersionProps {
  readonly frame: Frame;
  readonly record: PackageOfVersions;
  readonly typed: { readonly label: string; readonly notes: string };
  readonly fault: string | undefined;
}

function NewVersionForm({ frame, record, typed, fault }: NewVersionProps) {
  const { package: texts } = frame.texts;
  return (
    <section class="panel">
      <div class="panel-head">
        <h2>{texts.versionCreate}</h2>
      </div>
      <form
        class="panel-body stack"
        method="post"
        action={`${packagePath(record.packageId)}/versions`}
      >
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <p class="muted">{texts.versionsLead}</p>
        {fault !== undefined && (
          <p class="notice error" role="alert">
            <Icon name="error" />
            <span>{fault}</span>
          </p>
        )}
        <div class="field">
          <label for="label">{texts.versionLabel}</label>
          <input
            class="input"
            id="label"
            name="label"
            value={typed.label}
            maxlength={64}
            autocomplete="off"
            required
          />
        </div>
        <div class="field">
          <label for="notes">{texts.versionNotes}</label>
          <textarea class="textarea" id="notes" name="notes" maxlength={4000}>
            {typed.notes}
          </textarea>
        </div>
        <div>
          <button class="button primary" type="submit">{texts.versionCreate}</button>
        </div>
      </form>
    </section>
  );
}

/** A file that differs between a version and the package now. */
export interface FileDiff {
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  /** Lines of a unified diff; absent for a file that is no text. */
  readonly lines?: readonly string[];
}

/** The page of one version. */
export interface VersionPageProps {
  readonly frame: Frame;
  readonly record: PackageOfVersions;
  readonly version: VersionLine;
  readonly diffs: readonly FileDiff[];
}

/** One version: its notes, and what changed since. */
export function VersionPage({ frame, record, version, diffs }: VersionPageProps) {
  const { package: texts } = frame.texts;
  const href = `${packagePath(record.packageId)}/versions`;
  return (
    <PackageFrame
      frame={frame}
      record={record}
      active="versions"
      title={version.label}
      crumbs={[{ label: texts.versionsTitle, href }, { label: version.label }]}
    >
      <div class="stack">
        <section class="panel">
          <div class="panel-head">
            <Icon name="history" />
            <h2>
              {texts.version} {version.label}
            </h2>
            {diffs.length > 0 && (
              <form
                method="post"
                action={`${href}/${encodeURIComponent(version.versionId)}/restore`}
              >
                <input type="hidden" name="csrf" value={frame.csrfToken} />
                <button class="button small" type="submit">
                  <Icon name="undo" />
                  {texts.restoreVersion}
                </button>
              </form>
            )}
          </div>
          <div class="panel-body stack-tight">
            {version.notes !== "" && <p class="pre-line">{version.notes}</p>}
            <p class="small muted">
              <TimeAgo at={version.createdAt} now={frame.now} texts={frame.texts} />
            </p>
          </div>
        </section>
        <h2>{texts.compareTitle(version.label)}</h2>
        {diffs.length === 0 && <p class="muted">{texts.compareNone}</p>}
        {diffs.map((diff) => <DiffPanel frame={frame} diff={diff} />)}
      </div>
    </PackageFrame>
  );
}

function DiffPanel({ frame, diff }: { frame: Frame; diff: FileDiff }) {
  const { package: texts } = frame.texts;
  const words = { added: texts.fileAdded, removed: texts.fileRemoved, changed: texts.fileChanged };
  const looks = { added: "ok", removed: "error", changed: "accent" };
  return (
    <details class="panel diff" open={diff.kind === "changed"}>
      <summary class="panel-head">
        <Icon name="right" />
        <span class="grow mono">{diff.path}</span>
        <span class={`badge ${looks[diff.kind]}`}>{words[diff.kind]}</span>
      </summary>
      {diff.lines === undefined
        ? <p class="panel-body muted">{texts.compareBinary}</p>
        : (
          <pre class="diff-lines" tabindex={0} role="region" aria-label={diff.path}>
            {diff.lines.map((line) => <span class={lineClass(line)}>{`${line}\n`}</span>)}
          </pre>
        )}
    </details>
  );
}

function lineClass(line: string): string | undefined {
  if (line.startsWith("+")) return "added";
  if (line.startsWith("-")) return "removed";
  return line.startsWith("@@") ? "place" : undefined;
}
