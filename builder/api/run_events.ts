// The events of a run over the API: as a stream of exactly what the log holds, and page by page. Not
// here: the stream of pieces that a run's page reads (`pages/run_stream.tsx`).
import { runFolder } from "../../runtime/run/run_folder.ts";
import { readRunLog } from "../../runtime/run/run_log.ts";
import { AppError } from "../../schemas/error.ts";
import type { RunDelta, RunEvent } from "../../schemas/run_event.ts";
import type { AppContext } from "../app_context.ts";
import type { EventSink } from "../http/event_stream.ts";
import { dataResponse } from "../http/respond.tsx";
import { logPage, type LogQuery } from "../log_page.ts";
import type { ApiRequest } from "./operation.ts";

/** `GET /runs/{runId}/events?after=`; `Last-Event-ID` goes before `after`. */
export async function streamEvents(
  c: AppContext,
  { params, query }: ApiRequest,
): Promise<Response> {
  const { services: { liveRuns, streams }, user } = c.var;
  const { runId = "" } = params;
  await liveRuns.get(user, runId);
  return await streams.open(c.req.raw, async (sink) => {
    const afterSeq = seqOf(sink.lastEventId) ?? Number(query.after ?? 0);
    const sender = new PacedSender(sink);
    const end = await liveRuns.subscribe(user, runId, {
      afterSeq,
      listener: (event) => sender.push(event),
    });
    sender.historyIsTold();
    return end;
  });
}

/** An id that is none of ours is refused, rather than told everything anew. */
function seqOf(lastEventId: string | undefined): number | undefined {
  if (lastEventId === undefined || lastEventId === "") return undefined;
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  throw new AppError("REQUEST_INVALID", "Last-Event-ID is the number of an event, such as 12");
}

/** Who falls this many events behind is cut off, and comes back with the id that was seen last. */
const MOST_BEHIND = 10_000;

/** Sends no faster than the listener reads, so that a long history does not cut it off. */
class PacedSender {
  readonly #sink: EventSink;
  readonly #waiting: (RunEvent | RunDelta)[] = [];
  #most = Infinity;
  /** Resolves when all is sent; it never rejects, since a sink that has ended takes what it gets. */
  #work: Promise<void> | undefined;

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  /** What comes from now on is new. */
  historyIsTold(): void {
    this.#most = this.#waiting.length + MOST_BEHIND;
  }

  push(event: RunEvent | RunDelta): void {
    if (this.#waiting.length >= this.#most) return this.#sink.close();
    this.#waiting.push(event);
    this.#work ??= this.#send();
  }

  async #send(): Promise<void> {
    for (let at = 0; at < this.#waiting.length; at++) {
      const event = this.#waiting[at];
      if (event === undefined) break;
      await this.#sink.drained();
      this.#sink.send({ ...("seq" in event && { id: String(event.seq) }), data: event });
    }
    this.#waiting.length = 0;
    this.#work = undefined;
  }
}

const LOG_PAGE = 100;

/** `GET /runs/{runId}/log`. */
export async function showLog(c: AppContext, { params, query }: ApiRequest): Promise<Response> {
  const { services: { liveRuns, config: { dataDir } }, user } = c.var;
  const { record: { runId } } = await liveRuns.get(user, params.runId ?? "");
  const asked = query as Partial<LogQuery>;
  const page = logPage(readRunLog(runFolder(dataDir, runId).logPath), {
    type: asked.type ?? "",
    node: asked.node ?? "",
    text: asked.text ?? "",
    order: asked.order ?? "oldest",
    beyond: asked.beyond,
    limit: asked.limit ?? LOG_PAGE,
  });
  return dataResponse(page);
}
