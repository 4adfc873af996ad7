// A flow's events as server-sent events. The listener may leave; the flow does not notice.
import type { FlowEvent } from "../../runtime/flow/flow_result.ts";

const HEARTBEAT_MS = 15_000;
/** What a listener that reads nothing may hold; then it is cut off. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** An open stream as its sender sees it. After its end, and after its listener left, it does nothing. */
export interface FlowEventStream {
  readonly body: ReadableStream<Uint8Array>;
  send(event: FlowEvent): void;
  /** Ends with an error as data, where the flow broke off after its first event. */
  fail(body: unknown): void;
  close(): void;
}

/** Opens a stream with a comment as heartbeat, so that proxies keep it and a dead listener is noticed. */
export function openFlowEvents(heartbeatMs = HEARTBEAT_MS): FlowEventStream {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const end = () => {
    controller = undefined;
    clearInterval(heartbeat);
  };
  const write = (text: string) => {
    if (controller === undefined) return;
    controller.enqueue(encoder.encode(text));
    if ((controller.desiredSize ?? 0) > 0) return;
    controller.error(new Error("The listener does not read"));
    end();
  };
  const body = new ReadableStream<Uint8Array>({
    start: (opened) => {
      controller = opened;
    },
    cancel: end,
  }, { highWaterMark: MAX_WAITING_BYTES, size: (chunk) => chunk?.byteLength ?? 0 });
  const heartbeat = setInterval(() => write(":\n\n"), heartbeatMs);
  // JSON holds no line break, so an event is always one data line.
  const sendNamed = (name: string, data: unknown) =>
    write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  const close = () => {
    controller?.close();
    end();
  };
  return {
    body,
    send: ({ type, ...data }) => sendNamed(type, data),
    fail(data) {
      sendNamed("error", data);
      close();
    },
    close,
  };
}
