// The tab of tool calls: one line each, arguments and result folded below it.
import type { Frame } from "../frame.ts";
import type { Texts } from "../text/texts.ts";
import { duration } from "./run_phase.tsx";
import { CALL_OUTCOMES, type ShownCalls, type ToolCallRecord } from "./run_records.ts";

/** What the tab shows. */
export interface CallsTabProps extends ShownCalls {
  readonly frame: Frame;
  readonly runId: string;
}

/** The calls of a run. New ones are appended to `#call-rows` while one looks on. */
export function CallsTab(props: CallsTabProps) {
  const { frame, runId, calls, tool, outcome, openSeq, before } = props;
  const { record, run } = frame.texts;
  const query = new URLSearchParams({ tab: "calls", tool, outcome, before: String(before) });
  return (
    <div class="stack-tight">
      <Filter {...props} />
      {before !== null && (
        <a class="quiet-link" href={`/runs/${runId}?${query}`}>{record.toEarlier}</a>
      )}
      <ol id="call-rows" class="record-rows">
        {calls.map((call) => (
          <CallRow runId={runId} call={call} texts={frame.texts} isOpen={call.seq === openSeq} />
        ))}
      </ol>
      <p class="muted none-yet">{tool || outcome ? record.callNone : run.noCalls}</p>
    </div>
  );
}

function Filter({ frame, runId, tools, tool, outcome }: CallsTabProps) {
  const { record } = frame.texts;
  return (
    <form class="row tab-filters" method="get" action={`/runs/${runId}`}>
      <input type="hidden" name="tab" value="calls" />
      <select class="select" name="tool" aria-label={record.tool}>
        <option value="">{record.tool}: {record.all}</option>
        {tools.map((name) => <option value={name} selected={name === tool}>{name}</option>)}
      </select>
      <select class="select" name="outcome" aria-label={record.outcome}>
        <option value="">{record.outcome}: {record.all}</option>
        {CALL_OUTCOMES.map((name) => (
          <option value={name} selected={name === outcome}>{record[name]}</option>
        ))}
      </select>
      <button type="submit" class="button">{record.filter}</button>
    </form>
  );
}

/** A call; its id is `call-` and its number. */
export interface CallRowProps {
  readonly runId: string;
  readonly call: ToolCallRecord;
  readonly texts: Texts;
  readonly isOpen?: boolean;
}

/** One line, and what is folded below it. */
export function CallRow({ runId, call, texts, isOpen = false }: CallRowProps) {
  const { seq, tool, path, outcome, errorCode, durationMs, nodeId, turn, result } = call;
  const { record } = texts;
  return (
    <li id={`call-${seq}`} data-outcome={outcome}>
      <details class="fold" open={isOpen}>
        <summary>
          <code>{tool}</code> {path && <span class="call-subject muted">{path}</span>}
          <span class={`call-state numeric ${outcome === "failed" ? "bad" : ""}`}>
            {errorCode ?? record[outcome]}
            {durationMs !== null && ` · ${duration(durationMs)}`}
          </span>
        </summary>
        <div class="fold-body stack-tight">
          <p class="row small muted">
            <span class="numeric" title={call.at}>{call.at.slice(11, 19)}</span>
            {nodeId !== null && <span>{record.atNode(nodeId, turn)}</span>}
            {path?.startsWith("@project/") && outcome === "done" && (
              <a
                class="writer-link"
                href={`/runs/${runId}/file?path=${encodeURIComponent(path)}`}
              >
                {record.callPath}
              </a>
            )}
          </p>
          <h3 class="label">{record.arguments}</h3>
          <Json value={call.arguments} label={`${record.arguments} ${seq}`} />
          {result !== null && (
            <>
              <h3 class="label">{record.result}</h3>
              <Json value={result} label={`${record.result} ${seq}`} />
            </>
          )}
        </div>
      </details>
    </li>
  );
}

const MOST_SHOWN = 20_000;

function Json({ value, label }: { value: unknown; label: string }) {
  const text = JSON.stringify(value, null, 2);
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n…` : text;
  return <pre class="code-block" tabindex={0} aria-label={label}>{shown}</pre>;
}
