// The tab of artifacts: the files that a run left, and what made each.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { TimeAgo } from "../time_ago.tsx";
import type { ShownArtifact, ShownWriter } from "./run_records.ts";

/** What the tab shows. */
export interface ArtifactsTabProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly artifacts: readonly ShownArtifact[];
}

/** The files of a run, and the run as one file. */
export function ArtifactsTab({ frame, runId, artifacts }: ArtifactsTabProps) {
  const { run, record } = frame.texts;
  return (
    <div class="stack-tight">
      {artifacts.length === 0 && <p class="muted">{run.noArtifacts}</p>}
      {artifacts.length > 0 && (
        <ul class="rows">
          {artifacts.map((artifact) => (
            <Artifact frame={frame} runId={runId} artifact={artifact} />
          ))}
        </ul>
      )}
      <p class="small muted">
        <a class="quiet-link" href={`/api/v1/runs/${runId}/export`} title={record.exportHint}>
          <Icon name="export" />
          {record.export}
        </a>
      </p>
    </div>
  );
}

function Artifact(
  { frame, runId, artifact }: {
    readonly frame: Frame;
    readonly runId: string;
    readonly artifact: ShownArtifact;
  },
) {
  const { record } = frame.texts;
  const { path, sizeBytes, isForeign, writes, lastWriter } = artifact;
  const size = sizeBytes === null ? record.artifactGone : record.size(sizeBytes);
  return (
    <li class="artifact" data-path={path}>
      <Icon name="file" />
      <span class="grow stack-none">
        {sizeBytes === null
          ? <span>{path}</span>
          : <a href={`/runs/${runId}/file?path=${encodeURIComponent(path)}`}>{path}</a>}
        <span class="small muted">{record.artifactMeta(size, writes)}</span>
        <span class="small muted">
          <WriterLink frame={frame} writer={lastWriter} />{" "}
          {lastWriter.model !== null && `· ${lastWriter.model} `}·{" "}
          <TimeAgo at={lastWriter.at} now={frame.now} texts={frame.texts} />
        </span>
        {isForeign && (
          <span>
            <span class="badge warning">{record.artifactForeign}</span>
          </span>
        )}
      </span>
    </li>
  );
}

/** Leads to the tool call that wrote it. */
export function WriterLink({ frame, writer }: { frame: Frame; writer: ShownWriter }) {
  const { record } = frame.texts;
  const { runId, callSeq, nodeId, turn, tool, isRevert } = writer;
  if (isRevert) return <span>{record.reverted}</span>;
  const label = nodeId === null ? tool ?? record.unknown : record.atNode(nodeId, turn);
  if (callSeq === null) return <span>{label}</span>;
  const href = `/runs/${runId}?tab=calls&call=${callSeq}#call-${callSeq}`;
  return <a class="writer-link" href={href} title={record.toCall}>{label}</a>;
}
