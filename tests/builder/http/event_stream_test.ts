import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { type EventSink, EventStreams } from "../../../builder/http/event_stream.ts";

const request = (init: RequestInit = {}) => new Request("http://127.0.0.1/events", init);

Deno.test("EventStreams.open() sends events as browsers read them, and no line of its own making", async () => {
  const streams = new EventStreams();
  const response = await streams.open(request(), (sink) => {
    sink.send({ data: { a: 1 } });
    sink.send({ name: "revision", id: "7", data: "two\nlines\r\nthree\rfour" });
    sink.send({ name: "evil\ndata: x", id: "1\r\ndata: y", data: "" });
    sink.close();
    return () => {};
  });
  strictEqual(response.headers.get("content-type"), "text/event-stream");
  deepStrictEqual((await response.text()).split("\n\n"), [
    "retry: 1000",
    'data: {"a":1}',
    "event: revision\nid: 7\ndata: two\ndata: lines\ndata: three\ndata: four",
    "event: evil data: x\nid: 1  data: y\ndata: ",
    "",
  ]);
});

Deno.test("EventStreams.open() tells the sender what the browser saw last", async () => {
  const streams = new EventStreams();
  const headers = { "last-event-id": "41" };
  const response = await streams.open(request({ headers }), (sink) => {
    sink.send({ data: sink.lastEventId });
    sink.close();
    return () => {};
  });
  match(await response.text(), /data: 41/);
});

Deno.test("EventStreams.open() ends the subscription once, however the stream ends", async () => {
  const endings: Record<
    string,
    (parts: {
      streams: EventStreams;
      sink: EventSink;
      response: Response;
      abort: AbortController;
    }) => unknown
  > = {
    "by the sender": ({ sink }) => sink.close(),
    "by the browser": ({ response }) => response.body?.cancel(),
    "by the connection": ({ abort }) => abort.abort(),
    "by the server": ({ streams }) => streams.closeAll(),
  };
  for (const [name, end] of Object.entries(endings)) {
    const streams = new EventStreams();
    const abort = new AbortController();
    const opened = Promise.withResolvers<EventSink>();
    let ended = 0;
    const response = await streams.open(request({ signal: abort.signal }), (sink) => {
      opened.resolve(sink);
      return () => ended++;
    });
    strictEqual(streams.size, 1);
    const sink = await opened.promise;
    await end({ streams, sink, response, abort });
    sink.close();
    sink.send({ data: "too late" });
    strictEqual(ended, 1, name);
    strictEqual(streams.size, 0, name);
  }
});

Deno.test("EventStreams.open() cuts off a listener that reads nothing", async () => {
  const streams = new EventStreams();
  const opened = Promise.withResolvers<EventSink>();
  let ended = 0;
  const response = await streams.open(request(), (sink) => {
    opened.resolve(sink);
    return () => ended++;
  });
  const sink = await opened.promise;
  for (let sent = 0; sent < 100; sent++) sink.send({ data: "x".repeat(100_000) });
  strictEqual(ended, 1);
  strictEqual((await response.text()).length < 2_000_000, true);
});

Deno.test("EventStreams.open() leaves nothing behind when the sender fails", async () => {
  const streams = new EventStreams();
  await rejects(streams.open(request(), () => Promise.reject(new Error("no such package"))), {
    message: "no such package",
  });
  strictEqual(streams.size, 0);
});

Deno.test("EventStreams.open() sends each event at once, also to a browser that takes gzip", async () => {
  const streams = new EventStreams();
  const opened = Promise.withResolvers<EventSink>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (each) => {
    return streams.open(each, (sink) => {
      opened.resolve(sink);
      return () => {};
    });
  });
  const headers = { "accept-encoding": "gzip, br", accept: "text/event-stream" };
  const response = await fetch(`http://127.0.0.1:${server.addr.port}/`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const sink = await opened.promise;
  let text = "";
  sink.send({ data: "first" });
  while (!text.includes("data: first")) text += (await reader?.read())?.value ?? "";
  sink.send({ data: "second" });
  while (!text.includes("data: second")) text += (await reader?.read())?.value ?? "";
  sink.close();
  strictEqual((await reader?.read())?.done, true);
  await server.shutdown();
});

Deno.test("drained() lets a sender tell more than may wait, as fast as it is read, and ends with the stream", async () => {
  const streams = new EventStreams();
  const text = "x".repeat(100_000);
  let sent = 0;
  const done = Promise.withResolvers<void>();
  const response = await streams.open(request(), (sink) => {
    const send = async () => {
      for (; sent < 50; sent++) {
        await sink.drained();
        sink.send({ id: String(sent), data: text });
      }
      sink.close();
      done.resolve();
    };
    void send();
    return () => {};
  });
  const body = await response.text();
  await done.promise;
  deepStrictEqual(Array.from(body.matchAll(/^id: (\d+)$/gm), ([, id]) => Number(id)).length, 50);

  const ended = Promise.withResolvers<void>();
  const unread = await streams.open(request(), (sink) => {
    const send = async () => {
      for (let at = 0; at < 50; at++) {
        await sink.drained();
        sink.send({ data: text });
      }
      ended.resolve();
    };
    void send();
    return () => {};
  });
  streams.closeAll();
  await ended.promise;
  await unread.body?.cancel();
});
