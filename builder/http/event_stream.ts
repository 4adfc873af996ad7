// Server-sent events: one open answer per listener. Not here: what is sent.

/** An event; `data` becomes JSON unless it is a text. */
export interface StreamEvent {
  /** The browser's event name; without one htmx swaps the data in. */
  readonly name?: string;
  /** Comes back as `Last-Event-ID` when the browser connects again. */
  readonly id?: string;
  readonly data: unknown;
}

/** An open stream as its sender sees it. */
export interface EventSink {
  /** Sends an event; after the end it does nothing. */
  send(event: StreamEvent): void;
  /**
   * Resolves when the listener has read so much that there is room, or when the stream has ended. Who has
   * much to tell waits for it before each event.
   */
  drained(): Promise<void>;
  /** Ends the stream; the browser connects again by itself. */
  close(): void;
  /** The id of the last event that this browser saw, if it connects again. */
  readonly lastEventId: string | undefined;
}

/** What a sender leaves behind when its listener goes: what to call then. */
export type EndOfStream = () => void;

/** The open streams of a server. */
export class EventStreams {
  readonly #open = new Set<EventSink>();

  /**
   * Answers a request with a stream. `start` gets the sink and returns what ends its subscription;
   * that is called once, however the stream ends. What `start` throws fails the request instead.
   */
  async open(
    request: Request,
    start: (sink: EventSink) => EndOfStream | Promise<EndOfStream>,
  ): Promise<Response> {
    const stream = new SinkStream(request, () => this.#open.delete(stream));
    this.#open.add(stream);
    try {
      stream.onEnd(await start(stream));
    } catch (thrown) {
      stream.close();
      throw thrown;
    }
    return new Response(stream.body, {
      headers: {
        "content-type": "text/event-stream",
        // Deno would compress it else, and hold events back until a block is full.
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
      },
    });
  }

  /** How many streams are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Ends all streams, so that the server can end. */
  closeAll(): void {
    for (const sink of [...this.#open]) sink.close();
  }
}

/** A listener that reads nothing may hold this much; then it is cut off, and reads anew. */
const MOST_WAITING_BYTES = 1 << 20;
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_000;

class SinkStream implements EventSink {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly lastEventId: string | undefined;
  readonly #encoder = new TextEncoder();
  readonly #forget: () => void;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  #end: EndOfStream | undefined;
  #isOpen = true;
  #onRead: (() => void)[] = [];

  constructor(request: Request, forget: () => void) {
    this.lastEventId = request.headers.get("last-event-id") ?? undefined;
    this.#forget = forget;
    this.body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#wake(),
      cancel: () => this.#finish(),
    }, { highWaterMark: MOST_WAITING_BYTES, size: (chunk) => chunk?.byteLength ?? 0 });
    request.signal.addEventListener("abort", () => this.close(), { once: true });
    // A comment: it keeps the connection open and tells the server of a listener that has gone.
    this.#heartbeat = setInterval(() => this.#write(":\n\n"), HEARTBEAT_MS);
    this.#write(`retry: ${RECONNECT_MS}\n\n`);
  }

  onEnd(end: EndOfStream): void {
    if (this.#isOpen) this.#end = end;
    else end();
  }

  send({ name, id, data }: StreamEvent): void {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    const lines = [
      ...(name === undefined ? [] : [`event: ${oneLine(name)}`]),
      ...(id === undefined ? [] : [`id: ${oneLine(id)}`]),
      ...text.split(/\r\n|\r|\n/).map((line) => `data: ${line}`),
    ];
    this.#write(`${lines.join("\n")}\n\n`);
  }

  async drained(): Promise<void> {
    while (this.#isOpen && (this.#controller.desiredSize ?? 0) < MOST_WAITING_BYTES / 2) {
      await new Promise<void>((resolve) => this.#onRead.push(resolve));
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#controller.close();
    this.#finish();
  }

  #write(text: string): void {
    if (!this.#isOpen) return;
    // Asked before: one event that is larger than all that may wait still has to come through.
    if ((this.#controller.desiredSize ?? 0) <= 0) return this.close();
    this.#controller.enqueue(this.#encoder.encode(text));
  }

  #wake(): void {
    const waiting = this.#onRead;
    this.#onRead = [];
    for (const resolve of waiting) resolve();
  }

  #finish(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearInterval(this.#heartbeat);
    this.#forget();
    this.#wake();
    this.#end?.();
  }
}

/** A line break would end the field, and what follows be taken for another. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, " ");
}
