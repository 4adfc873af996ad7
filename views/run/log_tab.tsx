// The tab of the log: every event as it stands on disk, with a filter.
import type { RunEvent } from "../../schemas/run_event.ts";
import type { Frame } from "../frame.ts";
import type { ShownLog } from "./run_records.ts";

/** What the tab shows. */
export interface LogTabProps extends ShownLog {
  readonly frame: Frame;
  readonly runId: string;
}

/** A page of the log. While one looks on, new events come first in `#log-rows`. */
export function LogTab(props: LogTabProps) {
  const { frame, runId, events, type, node, text, order, next, isLive } = props;
  const { run, record } = frame.texts;
  const query = { tab: "log", type, node, text, order, beyond: String(next) };
  return (
    <div class="stack-tight">
      <Filter {...props} />
      {isLive && <p class="small muted">{record.logFollows}</p>}
      <ol id="log-rows" class="record-rows">
        {events.map((event) => <LogRow event={event} />)}
      </ol>
      <p class="muted none-yet">{run.logNone}</p>
      {next !== null && (
        <a class="quiet-link" href={`/runs/${runId}?${new URLSearchParams(query)}`}>
          {order === "newest" ? record.toEarlier : record.toLater}
        </a>
      )}
    </div>
  );
}

function Filter({ frame, runId, types, nodes, type, node, text, order }: LogTabProps) {
  const { record } = frame.texts;
  return (
    <form class="row tab-filters" method="get" action={`/runs/${runId}`}>
      <input type="hidden" name="tab" value="log" />
      <select class="select" name="type" aria-label={record.logType}>
        <option value="">{record.logType}: {record.all}</option>
        {types.map((name) => <option value={name} selected={name === type}>{name}</option>)}
      </select>
      <select class="select" name="node" aria-label={record.logNode}>
        <option value="">{record.logNode}: {record.all}</option>
        {nodes.map((name) => <option value={name} selected={name === node}>{name}</option>)}
      </select>
      <input
        class="input"
        type="search"
        name="text"
        value={text}
        maxlength={200}
        aria-label={record.logText}
        placeholder={record.logText}
      />
      <select class="select" name="order" aria-label={record.logOrder}>
        <option value="newest" selected={order === "newest"}>{record.logNewest}</option>
        <option value="oldest" selected={order === "oldest"}>{record.logOldest}</option>
      </select>
      <button type="submit" class="button">{record.filter}</button>
    </form>
  );
}

const MOST_LOGGED = 8_000;

/** An event; its id is `event-` and its number. */
export function LogRow({ event }: { event: RunEvent }) {
  const { seq, type, at, nodeId } = event;
  const json = JSON.stringify(event, null, 2);
  return (
    <li id={`event-${seq}`}>
      <details class="fold">
        <summary>
          <span class="numeric muted">{seq}</span> <code>{type}</code>
          {nodeId !== undefined && <span class="muted small">{nodeId}</span>}
          <span class="call-state numeric">{at.slice(11, 23)}</span>
        </summary>
        <pre class="code-block" tabindex={0} aria-label={`${seq} ${type}`}>
          {json.length > MOST_LOGGED ? `${json.slice(0, MOST_LOGGED)}\n…` : json}
        </pre>
      </details>
    </li>
  );
}
