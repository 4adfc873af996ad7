import assert from "node:assert/strict";
import {
  readEvents,
  readText,
  readWhole,
  StalledError,
} from "../../../runtime/llm/response_body.ts";

const PATIENCE = { firstMs: 60_000, idleMs: 60_000, signal: new AbortController().signal };

const STREAMS: readonly [string, string, readonly string[]][] = [
  ["line feeds", "data: a\n\ndata: b\n\n", ["a", "b"]],
  ["carriage returns and line feeds", "data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]],
  ["carriage returns", "data: a\r\rdata: b\r\r", ["a", "b"]],
  ["no last line end", "data: a\n\ndata: b", ["a", "b"]],
  ["comments and unknown fields", ": ping\nid: 1\nretry: 5\ndata: a\n\n: bye\n\n", ["a"]],
  ["no space behind the colon", "data:a\n\n", ["a"]],
  ["several data lines", "data: a\ndata: b\n\n", ["a\nb"]],
  ["bare JSON lines", '{"a":1}\n\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
  ["nothing", "", []],
];

for (const [title, text, data] of STREAMS) {
  Deno.test(`readEvents() reads a stream with ${title}, however it is cut`, async () => {
    for (let size = 1; size <= Math.max(1, text.length); size += 1) {
      const events = await Array.fromAsync(readEvents(cut(text, size)));
      assert.deepEqual(events.map((event) => event.data), data);
    }
  });
}

Deno.test("readEvents() names the kind of an event", async () => {
  const events = await Array.fromAsync(readEvents(cut("event: error\ndata: x\n\ndata: y\n\n", 4)));
  assert.deepEqual(events, [{ event: "error", data: "x" }, { event: "", data: "y" }]);
});

Deno.test("readText() joins characters that were cut in the middle", async () => {
  const bytes = new TextEncoder().encode("Größe 中文");
  const body = ReadableStream.from(Array.from(bytes, (byte) => new Uint8Array([byte])));
  assert.equal(await readWhole(body, PATIENCE), "Größe 中文");
});

Deno.test("readText() waits longer for the first piece than for the others", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      controller.enqueue(new TextEncoder().encode("first"));
    },
    cancel: () => void (cancelled = true),
  });
  const pieces: string[] = [];
  const reading = async () => {
    const patience = { ...PATIENCE, idleMs: 20 };
    for await (const piece of readText(body, patience)) pieces.push(piece);
  };
  await assert.rejects(reading(), (error) => error instanceof StalledError && error.afterMs === 20);
  assert.deepEqual(pieces, ["first"]);
  assert.ok(cancelled);
});

Deno.test("readText() ends with the signal's reason on abort", async () => {
  const stop = new AbortController();
  const body = new ReadableStream<Uint8Array>();
  setTimeout(() => stop.abort(new Error("enough")), 10);
  await assert.rejects(readWhole(body, { ...PATIENCE, signal: stop.signal }), /enough/);
});

async function* cut(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) {
    yield await Promise.resolve(text.slice(at, at + size));
  }
}

Deno.test("readText() leaves no read behind when it is stopped between two pieces", async () => {
  const abort = new AbortController();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("one"));
      // What a connection does: the signal that stops the reader fails its body too.
      abort.signal.addEventListener("abort", () => controller.error(abort.signal.reason));
    },
  });
  const pieces = readText(body, { firstMs: 60_000, idleMs: 60_000, signal: abort.signal });
  assert.strictEqual((await pieces.next()).value, "one");
  abort.abort();
  // A read that nobody waits for would fail this test as an uncaught error.
  await assert.rejects(pieces.next(), { name: "AbortError" });
});
