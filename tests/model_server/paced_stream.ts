// A body that comes piece by piece, with the moods that concern the way it comes. For every test server
// of a model, whatever its protocol.

/** How pieces come; any other mood comes at once. */
export interface PacedReply {
  readonly mood?: string | undefined;
  /** Between two pieces of a `slow_stream`; 50 unless told. */
  readonly delayMs?: number | undefined;
}

/** Streams the pieces. `closing` ends it at once. */
export function streamPieces(
  pieces: readonly string[],
  reply: PacedReply,
  closing: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const half = Math.ceil(pieces.length / 2);
  const ended = new AbortController();
  const signal = AbortSignal.any([closing, ended.signal]);
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      if (sent === half && sent > 0) {
        if (reply.mood === "cut") {
          // Without a pause the first half never leaves, and fetch silently asks again.
          await pause(20, signal);
          return controller.error(new Error("cut"));
        }
        if (reply.mood === "ends_early") return controller.close();
        if (reply.mood === "stall") {
          await whenAborted(signal);
          return controller.error(new Error("closed"));
        }
      }
      const piece = pieces[sent];
      if (piece === undefined) return controller.close();
      if (reply.mood === "slow_stream") await pause(reply.delayMs ?? 50, signal);
      sent += 1;
      controller.enqueue(encoder.encode(piece));
    },
    cancel: () => ended.abort(),
  }, { highWaterMark: 0 });
}

/** Resolves when the signal aborts. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Ends early when the signal aborts, so that no timer outlives the server. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  let timer: number | undefined;
  await Promise.race([
    new Promise<void>((resolve) => timer = setTimeout(resolve, ms)),
    whenAborted(signal),
  ]);
  clearTimeout(timer);
}
