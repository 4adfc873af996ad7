// How long an event of a flow is under way: a model server writes the time into its pieces, and the
// listener of the flow's events, in the same process, compares. Two HTTP connections are in between.

const PIECES = 200;
const PAUSE_MS = 10;

/** A model server whose answers are times. */
export interface TimedModel extends AsyncDisposable {
  readonly baseUrl: string;
}

/** Starts it on 127.0.0.1. */
export function startTimedModel(): TimedModel {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(timedPieces(), { headers: { "content-type": "text/event-stream" } }),
  );
  return {
    baseUrl: `http://127.0.0.1:${server.addr.port}/v1`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function timedPieces(): ReadableStream<Uint8Array> {
  const piece = (delta: object, finish_reason: string | null) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const send = async function* () {
    for (let sent = 0; sent < PIECES; sent++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      yield piece({ content: `@${performance.now()}\n` }, null);
    }
    yield piece({}, "stop") + "data: [DONE]\n\n";
  };
  return ReadableStream.from(send()).pipeThrough(new TextEncoderStream());
}

/** Milliseconds from each piece of the model to its event, sorted. */
export async function eventLags(origin: string): Promise<readonly number[]> {
  const response = await fetch(`${origin}/run`, {
    method: "POST",
    body: JSON.stringify({ story_id: `lag-${crypto.randomUUID()}`, input: "x" }),
    headers: { "content-type": "application/json", accept: "text/event-stream" },
  });
  const lags: number[] = [];
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const now = performance.now();
    for (const [, data = ""] of text.matchAll(/^event: agent_delta\ndata: (.*)$/gm)) {
      for (const [, sentAt] of JSON.parse(data).text.matchAll(/@([\d.]+)\n/g)) {
        lags.push(now - Number(sentAt));
      }
    }
  }
  return lags.sort((a, b) => a - b);
}
