// The data folder: where it is, what it holds, what may go. Sizes are said before anything is done.
import type { Frame } from "../frame.ts";
import { formatSize } from "../size.ts";
import { TimeAgo } from "../time_ago.tsx";
import { ActionButton } from "./fields.tsx";
import { Csrf, type OutcomeProps, SettingsFrame } from "./settings_frame.tsx";

/** A part of the folder. */
export interface DataPartRow {
  readonly part: "runs" | "packages" | "database" | "caches" | "trash" | "other";
  readonly bytes: number;
  readonly fileCount: number;
}

/** A run that may go, or lies in the trash. */
export interface TidyRow {
  readonly runId: string;
  readonly packageName: string | null;
  readonly username: string | null;
  readonly phase: Phase;
  readonly updatedAt: string;
  readonly bytes: number;
}

type Phase = "idle" | "running" | "waiting" | "paused" | "completed" | "failed" | "interrupted";

/** The page of the data folder. */
export interface DataPageProps extends OutcomeProps {
  readonly frame: Frame;
  readonly dataDir: string;
  readonly bytes: number;
  readonly freeBytes: number | null;
  readonly parts: readonly DataPartRow[];
  readonly keptBytes: number;
  /** What was looked for, and what was found; absent until somebody looked. */
  readonly found?: readonly TidyRow[];
  readonly olderThanDays: string;
  readonly which: "ended" | "all";
  readonly trash: readonly TidyRow[];
  readonly unused: readonly { readonly bytes: number }[];
}

/** The data folder. */
export function DataPage(props: DataPageProps) {
  const { frame, fault, done } = props;
  const { data } = frame.texts;
  return (
    <SettingsFrame
      frame={frame}
      section="data"
      title={data.title}
      lead={data.lead}
      {...(fault !== undefined && { fault })}
      {...(done !== undefined && { done })}
    >
      <Use {...props} />
      <OldRuns {...props} />
      <Trash {...props} />
      <Copies {...props} />
    </SettingsFrame>
  );
}

function Use({ frame, dataDir, bytes, freeBytes, parts, keptBytes }: DataPageProps) {
  const { data } = frame.texts;
  const names = {
    runs: data.partRuns,
    packages: data.partPackages,
    database: data.partDatabase,
    caches: data.partCaches,
    trash: data.partTrash,
    other: data.partOther,
  };
  return (
    <section class="panel">
      <dl class="panel-body facts">
        <dt>{data.folder}</dt>
        <dd>
          <code>{dataDir}</code>
        </dd>
        <dt>{data.total}</dt>
        <dd>{formatSize(bytes)}</dd>
        {freeBytes !== null && <dt>{data.free}</dt>}
        {freeBytes !== null && <dd>{formatSize(freeBytes)}</dd>}
      </dl>
      <div class="table-scroll">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{data.columnPart}</th>
              <th scope="col" class="number">{data.columnFiles}</th>
              <th scope="col" class="number">{data.columnSize}</th>
            </tr>
          </thead>
          <tbody>
            {parts.map(({ part, bytes, fileCount }) => (
              <tr>
                <td class="cell-main">
                  {names[part]}
                  {part === "runs" && keptBytes > 0 && (
                    <span class="small muted">{data.partRunsHint(formatSize(keptBytes))}</span>
                  )}
                </td>
                <td class="number">{fileCount}</td>
                <td class="number">{formatSize(bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function OldRuns({ frame, found, olderThanDays, which }: DataPageProps) {
  const { data } = frame.texts;
  return (
    <section class="panel" id="runs">
      <div class="panel-head">
        <h2>{data.runsTitle}</h2>
      </div>
      <div class="panel-body stack">
        <p class="muted">{data.runsLead}</p>
        <form class="field-grid" method="get" action="/settings/data">
          <div class="field">
            <label for="days">{data.olderThan}</label>
            <input
              class="input"
              id="days"
              name="days"
              inputmode="numeric"
              value={olderThanDays}
              maxlength={6}
            />
          </div>
          <div class="field">
            <label for="which">{data.which}</label>
            <select class="select" id="which" name="which">
              <option value="ended" selected={which === "ended"}>{data.whichEnded}</option>
              <option value="all" selected={which === "all"}>{data.whichAll}</option>
            </select>
          </div>
          <div class="at-end">
            <button class="button" type="submit">{data.find}</button>
          </div>
        </form>
        {found?.length === 0 && <p role="status">{data.foundNone}</p>}
      </div>
      {found && found.length > 0 && <FoundRuns frame={frame} found={found} />}
    </section>
  );
}

function sumOf(rows: readonly { readonly bytes: number }[]): string {
  return formatSize(rows.reduce((sum, { bytes }) => sum + bytes, 0));
}

function FoundRuns({ frame, found }: { frame: Frame; found: readonly TidyRow[] }) {
  const { data } = frame.texts;
  return (
    <form method="post" action="/settings/data/trash">
      <Csrf frame={frame} />
      <RunTable frame={frame} rows={found} kind="choose" />
      <div class="panel-body actions-row">
        <strong role="status">{data.found(found.length, sumOf(found))}</strong>
        <button class="button danger" type="submit">{data.trash}</button>
      </div>
    </form>
  );
}

interface RunTableProps {
  readonly frame: Frame;
  readonly rows: readonly TidyRow[];
  readonly kind: "choose" | "put-back";
}

function RunTable({ frame, rows, kind }: RunTableProps) {
  const { data } = frame.texts;
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{data.columnRun}</th>
            <th scope="col">{data.columnPackage}</th>
            <th scope="col">{data.columnPhase}</th>
            <th scope="col">{data.columnUpdated}</th>
            <th scope="col" class="number">{data.columnSize}</th>
            {kind === "put-back" && (
              <th scope="col">
                <span class="visually-hidden">{data.columnActions}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{rows.map((row) => <RunLine frame={frame} row={row} kind={kind} />)}</tbody>
      </table>
    </div>
  );
}

function RunLine(
  { frame, row, kind }: { frame: Frame; row: TidyRow; kind: RunTableProps["kind"] },
) {
  const { texts, now } = frame;
  const { data } = texts;
  const { runId, packageName, username, phase, updatedAt, bytes } = row;
  const phases: Readonly<Record<Phase, string>> = {
    idle: data.phaseIdle,
    running: data.phaseRunning,
    waiting: data.phaseWaiting,
    paused: data.phasePaused,
    completed: data.phaseCompleted,
    failed: data.phaseFailed,
    interrupted: data.phaseInterrupted,
  };
  const ofWhom = username === null ? data.ofNobody : data.ofAnother(username);
  return (
    <tr>
      <td>
        {kind === "choose"
          ? (
            <label class="check">
              <input
                type="checkbox"
                name="run"
                value={runId}
                checked
                aria-label={data.chooseRun(runId)}
              />
              <code>{runId}</code>
            </label>
          )
          : <code>{runId}</code>}
      </td>
      <td class="cell-main">{packageName ?? <span class="muted">{ofWhom}</span>}</td>
      <td>{phases[phase]}</td>
      <td class="muted">
        <TimeAgo at={updatedAt} now={now} texts={texts} />
      </td>
      <td class="number">{formatSize(bytes)}</td>
      {kind === "put-back" && (
        <td class="actions">
          <ActionButton
            frame={frame}
            action="/settings/data/trash/restore"
            label={data.putBack}
            fullLabel={data.putBackRun(runId)}
            fields={{ run: runId }}
            kind="quiet"
            isSmall
          />
        </td>
      )}
    </tr>
  );
}

function Trash({ frame, trash }: DataPageProps) {
  const { data } = frame.texts;
  return (
    <section class="panel" id="trash">
      <div class="panel-head">
        <h2>{data.trashTitle}</h2>
        {trash.length > 0 && (
          <ActionButton
            frame={frame}
            action="/settings/data/trash/empty"
            label={data.empty(trash.length, sumOf(trash))}
            kind="danger"
            isSmall
          />
        )}
      </div>
      <p class="panel-body muted">{trash.length === 0 ? data.trashNone : data.trashLead}</p>
      {trash.length > 0 && <RunTable frame={frame} rows={trash} kind="put-back" />}
    </section>
  );
}

function Copies({ frame, unused }: DataPageProps) {
  const { data } = frame.texts;
  return (
    <section class="panel" id="copies">
      <div class="panel-head">
        <h2>{data.packagesTitle}</h2>
        {unused.length > 0 && (
          <ActionButton
            frame={frame}
            action="/settings/data/packages/clean"
            label={data.packages(unused.length, sumOf(unused))}
            kind="danger"
            isSmall
          />
        )}
      </div>
      <div class="panel-body stack-tight muted">
        <p>{data.packagesLead}</p>
        {unused.length === 0 && <p>{data.packagesNone}</p>}
      </div>
    </section>
  );
}
