// What comes while one looks on: entries of the conversation, the head, what is open, the panel. Events
// close together make one message, and a piece is sent only if it changed, so that nobody's typing is
// replaced. Text that the model streams goes its own way: nothing is drawn for it.
import type { Child } from "hono/jsx";
import type { RunDelta, RunEvent } from "../../schemas/run_event.ts";
import { ComposerForm, ComposerState } from "../../views/run/composer.tsx";
import { Matter } from "../../views/run/matter_form.tsx";
import { RunHead } from "../../views/run/run_page.tsx";
import { TalkItem } from "../../views/run/talk.tsx";
import type { AppContext } from "../app_context.ts";
import type { EventSink } from "../http/event_stream.ts";
import { tellRun } from "../tell_run.ts";
import { gather, type Gathering } from "./gathering.ts";
import { composerOf } from "./run_composer.tsx";
import { headOf, matterPropsOf } from "./run_pieces.ts";
import { openSideFeed, type SideFeed } from "./run_side_feed.tsx";

/** What comes closer together than this is sent together. */
const GATHER_MS = 30;

/** `GET /runs/:runId/stream?after=&tab=`: `Last-Event-ID` goes before `after`. */
export async function streamRun(c: AppContext): Promise<Response> {
  const { services: { liveRuns, streams }, user } = c.var;
  const runId = c.req.param("runId") ?? "";
  await liveRuns.get(user, runId);
  return await streams.open(c.req.raw, async (sink) => {
    const sender = new RunSender(c, runId, sink);
    const end = await liveRuns.subscribe(user, runId, {
      afterSeq: 0,
      listener: (event) => sender.hear(event),
      onStanding: () => sender.stand(),
    });
    sender.stand();
    return () => {
      end();
      sender.end();
    };
  });
}

/** Sends one browser what it has not seen. */
class RunSender {
  readonly #c: AppContext;
  readonly #runId: string;
  readonly #sink: EventSink;
  readonly #teller = tellRun();
  /** Words that wait for the run are named by what the log has told. */
  readonly #heard: RunEvent[] = [];
  readonly #side: SideFeed;
  /** The last event that the browser has seen. */
  #sentSeq: number;
  /** Piece → its markup as it was sent last. */
  readonly #sent = new Map<string, string>();
  #delta: Record<RunDelta["type"], string> = { text_delta: "", reasoning_delta: "" };
  #isWritten = false;
  readonly #pieces: Gathering;
  readonly #text: Gathering;

  constructor(c: AppContext, runId: string, sink: EventSink) {
    this.#c = c;
    this.#runId = runId;
    this.#sink = sink;
    const after = Number(sink.lastEventId ?? c.req.query("after") ?? 0);
    this.#sentSeq = Number.isSafeInteger(after) && after > 0 ? after : 0;
    // A stream that cannot be told any more is closed; the browser asks again and gets the reason.
    const onFailure = () => sink.close();
    this.#pieces = gather({ restMs: GATHER_MS, send: () => this.#send(), onFailure });
    this.#text = gather({ restMs: GATHER_MS, send: () => this.#sendText(), onFailure });
    const plan = () => this.#pieces.plan();
    this.#side = openSideFeed(c, { seenSeq: this.#sentSeq, plan });
  }

  hear(event: RunEvent | RunDelta): void {
    if ("seq" in event) {
      this.#teller.hear(event);
      if (event.type === "user_input") this.#heard.push(event);
      this.#side.hear(event);
      // What was streamed is said as a whole now, or will be said anew.
      if (event.type === "assistant_message" || event.type === "phase_changed") {
        this.#delta = { text_delta: "", reasoning_delta: "" };
        this.#isWritten = true;
      }
      this.#pieces.plan();
    } else {
      this.#delta[event.type] += event.text;
      this.#text.plan();
    }
  }

  /** The run stands otherwise than by its events. */
  stand(): void {
    this.#side.stand();
    this.#pieces.plan();
  }

  end(): void {
    this.#pieces.end();
    this.#text.end();
    this.#side.end();
  }

  async #send(): Promise<void> {
    const tale = this.#teller.tale();
    const pieces = [...await this.#entries(), ...await this.#changedPieces()];
    if (this.#isWritten) this.#sink.send({ name: "written", data: "" });
    this.#isWritten = false;
    if (pieces.length > 0 || tale.lastSeq > this.#sentSeq) {
      this.#sink.send({ id: String(tale.lastSeq), data: pieces.join("") });
    }
    this.#sentSeq = Math.max(this.#sentSeq, tale.lastSeq);
    this.#sendText();
  }

  /** What is streamed behind an entry must not come before it: the page clears what was streamed then. */
  #sendText(): void {
    if (this.#isWritten) return;
    const { text_delta: text, reasoning_delta: reasoning } = this.#delta;
    this.#delta = { text_delta: "", reasoning_delta: "" };
    if (text || reasoning) this.#sink.send({ name: "delta", data: { text, reasoning } });
  }

  async #entries(): Promise<string[]> {
    const { items } = this.#teller.tale();
    const { texts } = this.#c.var;
    const news = items.filter(({ lastSeq }) => lastSeq > this.#sentSeq);
    const isNew = ({ seq }: { seq: number }) => seq > this.#sentSeq;
    const fresh = news.filter(isNew).map((item) => <TalkItem item={item} texts={texts} />);
    const changed = news.filter((item) => !isNew(item));
    const replaced = await Promise.all(
      changed.map((item) =>
        markup(
          <hx-partial hx-target={`#item-${item.seq}`} hx-swap="outerHTML">
            <TalkItem item={item} texts={texts} />
          </hx-partial>,
        )
      ),
    );
    if (fresh.length === 0) return replaced;
    const appended = await markup(
      <hx-partial hx-target="#talk" hx-swap="beforeend">{fresh}</hx-partial>,
    );
    return [...replaced, appended];
  }

  async #changedPieces(): Promise<string[]> {
    const { services: { liveRuns }, user, frame } = this.#c.var;
    const tale = this.#teller.tale();
    const view = await liveRuns.get(user, this.#runId);
    const matter = await liveRuns.matter(user, this.#runId);
    const composer = await composerOf(this.#c, { view, matter, events: this.#heard });
    const pieces: [string, Child][] = [
      ["run-head", <RunHead {...headOf(frame, view, { tale, matter })} />],
      ["matter", <Matter {...matterPropsOf(frame, view, matter)} />],
      ["composer-state", <ComposerState {...composer} />],
    ];
    // Somebody may be typing in it: it is only ever taken away.
    if (view.phase === "completed") pieces.push(["composer-form", <ComposerForm {...composer} />]);
    const changed = await Promise.all(pieces.map(([id, node]) => this.#ifChanged(id, node)));
    return [...changed.flat(), ...await this.#side.pieces(view, tale)];
  }

  /** The first time counts as a change: the page may be older than the stream. */
  async #ifChanged(id: string, node: Child): Promise<string[]> {
    const text = await markup(node);
    if (this.#sent.get(id) === text) return [];
    const isFirst = !this.#sent.has(id);
    this.#sent.set(id, text);
    // A form that one may be typing in stays as it is if the page has just been loaded with it.
    if (isFirst && id === "matter" && this.#teller.tale().lastSeq === this.#sentSeq) return [];
    return [`<hx-partial hx-target="#${id}" hx-swap="outerHTML">${text}</hx-partial>`];
  }
}

async function markup(node: Child): Promise<string> {
  return await String(await node);
}
