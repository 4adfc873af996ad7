// Reads the body of an HTTP answer under a watchdog, as a whole or as server-sent events.

/** How long to wait for the first and for each further piece, and when to stop. */
export interface Patience {
  readonly firstMs: number;
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

/** Nothing came for `afterMs`. */
export class StalledError extends Error {
  constructor(readonly afterMs: number) {
    super(`No data for ${afterMs} ms`);
    this.name = "StalledError";
  }
}

/** One server-sent event; `data` has its lines joined by a line feed. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** An answer may not be larger than this; a model that loops fills it in the end. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * The text of a body, piece by piece; the body is cancelled when the reader leaves early.
 * @throws StalledError when a piece takes too long; the signal's reason on abort; whatever the
 *   connection throws when it is lost
 */
export async function* readText(
  body: ReadableStream<Uint8Array>,
  { firstMs, idleMs, signal }: Patience,
): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let limitMs = firstMs;
  let bytes = 0;
  try {
    while (true) {
      // Before the read begins: one that nobody waits for would fail with the signal, and end the program.
      signal.throwIfAborted();
      const { done, value } = await within(reader.read(), limitMs, signal);
      if (done) break;
      limitMs = idleMs;
      bytes += value.byteLength;
      if (bytes > MAX_BODY_BYTES) {
        throw new Error(`The answer is over ${MAX_BODY_BYTES} bytes long`);
      }
      yield decoder.decode(value, { stream: true });
    }
    yield decoder.decode();
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A whole body as text; see `readText`. */
export async function readWhole(
  body: ReadableStream<Uint8Array>,
  patience: Patience,
): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of readText(body, patience)) pieces.push(piece);
  return pieces.join("");
}

/**
 * Server-sent events of a text, whatever its line ends. More forgiving than the standard: an event
 * counts even if the text ends before its blank line, and a line that is bare JSON counts as data.
 */
export async function* readEvents(text: AsyncIterable<string>): AsyncGenerator<ServerSentEvent> {
  let event = "";
  let data: string[] = [];
  for await (const line of readLines(text)) {
    if (line === "") {
      if (data.length > 0) yield { event, data: data.join("\n") };
      event = "";
      data = [];
    } else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
    else if (line.startsWith("event:")) event = line.slice(6).trim();
    else if (line.startsWith("{")) data.push(line);
  }
  if (data.length > 0) yield { event, data: data.join("\n") };
}

/** The lines of a text, whatever their ends; the last one counts without an end too. */
export async function* readLines(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of text) {
    rest += piece;
    // A carriage return at the end may be half of a line end: it waits for the next piece.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest.replace(/\r$/, "");
}

/** A promise with a time limit that also ends on an abort to come. */
async function within<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const interruption = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal.reason);
    const timer = setTimeout(() => reject(new StalledError(ms)), ms);
    signal.addEventListener("abort", onAbort, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
  });
  try {
    return await Promise.race([promise, interruption]);
  } finally {
    stop();
  }
}
