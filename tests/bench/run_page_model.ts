// The model of `run_page.ts`: it writes the time into every piece that it streams, so that a page can tell
// how long a piece was under way, and calls a tool at the end of every answer. Not a test.
import { pause } from "../model_server/paced_stream.ts";

/** How it answers; may be changed between two requests. */
export interface Pace {
  /** Pieces of text before the call. */
  pieces: number;
  /** Before each piece. */
  pauseMs: number;
}

/** A model server. */
export interface TimedModel {
  readonly baseUrl: string;
  readonly pace: Pace;
  close(): Promise<void>;
}

const CALLS_A_NODE = 8;

/** Starts it on 127.0.0.1. */
export function startTimedModel(pace: Pace): TimedModel {
  const closing = new AbortController();
  let requests = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (http) => {
      const { messages } = await http.json();
      requests += 1;
      const call = { id: `call_${requests}`, ...nextCall(messages) };
      const body = ReadableStream.from(answer(call, pace, closing.signal));
      return new Response(body.pipeThrough(new TextEncoderStream()), {
        headers: { "content-type": "text/event-stream" },
      });
    },
  );
  return {
    baseUrl: `http://127.0.0.1:${server.addr.port}/v1`,
    pace,
    async close() {
      closing.abort();
      await server.shutdown();
    },
  };
}

interface Message {
  readonly role: string;
  readonly content: unknown;
}

interface Call {
  readonly id: string;
  readonly name: string;
  readonly arguments: object;
}

/** In each node it writes and reads, then goes on. */
function nextCall(messages: readonly Message[]): Omit<Call, "id"> {
  const said = messages.map(({ content }) => String(content)).join("\n");
  const briefs = [...said.matchAll(/(?:^|\n)NODE_BRIEF\n(\{.*?\n\})/gs)];
  const { node, allowedNext } = JSON.parse(briefs.at(-1)?.[1] ?? "{}");
  const calls = messages.filter(({ role }) => role === "tool").length;
  if (calls >= CALLS_A_NODE) {
    const finish = { nodeId: node.id, next: allowedNext[0]?.to };
    return { name: "state_complete_node", arguments: finish };
  }
  const path = `@project/artifacts/${node.id}.md`;
  return calls % 2 === 0
    ? { name: "fs_write", arguments: { path, content: `line ${calls}\n`.repeat(10) } }
    : { name: "fs_read", arguments: { path } };
}

async function* answer(call: Call, { pieces, pauseMs }: Pace, closing: AbortSignal) {
  for (let sent = 0; sent < pieces && !closing.aborted; sent++) {
    if (pauseMs > 0) await pause(pauseMs, closing);
    yield chunk({ content: `@${Date.now()}\n` }, null);
  }
  const { id, name } = call;
  const called = { name, arguments: JSON.stringify(call.arguments) };
  yield chunk({ tool_calls: [{ index: 0, id, type: "function", function: called }] }, null);
  yield chunk({}, "tool_calls") + "data: [DONE]\n\n";
}

function chunk(delta: object, finish_reason: string | null): string {
  const choices = [{ index: 0, delta, finish_reason }];
  return `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", choices })}\n\n`;
}
