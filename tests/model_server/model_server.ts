// A real HTTP server that speaks the chat completions protocol, well or badly, by a script.
import { pause, streamPieces } from "./paced_stream.ts";
import { chunksOf, completionOf } from "./wire.ts";
import {
  inOrder,
  isRefused,
  type ModelRequest,
  nodeIdOf,
  type Reply,
  type ReplyFunction,
} from "./script.ts";

/** What the server says. `reply` goes before `replies`. */
export interface ModelServerOptions {
  readonly replies?: readonly Reply[];
  readonly reply?: ReplyFunction;
  /** No answer leaves before it settles. */
  readonly gate?: Promise<unknown>;
  readonly models?: readonly string[];
  /** With a key, requests without it get 401. */
  readonly apiKey?: string;
  /** 0, a free one, unless told. */
  readonly port?: number;
}

/** A running server. */
export interface ModelServer extends AsyncDisposable {
  /** With `/v1`. */
  readonly baseUrl: string;
  /** Chat requests so far. */
  readonly requests: readonly ModelRequest[];
  /** Ends open answers too. */
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1. */
export function startModelServer(options: ModelServerOptions = {}): ModelServer {
  const requests: ModelRequest[] = [];
  const closing = new AbortController();
  const reply = options.reply ?? inOrder(options.replies ?? []);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: options.port ?? 0, onListen: () => {} },
    async (http) => {
      const { pathname } = new URL(http.url);
      const key = options.apiKey;
      if (key && http.headers.get("authorization") !== `Bearer ${key}`) {
        return failure(401, `Incorrect API key provided: ${http.headers.get("authorization")}`);
      }
      if (http.method === "GET" && pathname.endsWith("/models")) return listModels(options);
      if (http.method !== "POST" || !pathname.endsWith("/chat/completions")) {
        return failure(404, `Unknown path ${pathname}`);
      }
      const request = await readRequest(http, requests.length);
      requests.push(request);
      const said = reply(request);
      await options.gate;
      return await answer(request, said, closing.signal);
    },
  );
  const close = async () => {
    closing.abort();
    await server.shutdown();
  };
  return {
    baseUrl: `http://127.0.0.1:${server.addr.port}/v1`,
    requests,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function readRequest(http: Request, number: number): Promise<ModelRequest> {
  const body = await http.json();
  return {
    number,
    path: new URL(http.url).pathname,
    headers: http.headers,
    body,
    nodeId: nodeIdOf(body.messages ?? []),
  };
}

function listModels({ models = ["test-model"] }: ModelServerOptions): Response {
  return Response.json({ object: "list", data: models.map((id) => ({ id, object: "model" })) });
}

async function answer(
  request: ModelRequest,
  reply: Reply | undefined,
  closing: AbortSignal,
): Promise<Response> {
  if (!reply) {
    return failure(400, `The test model server has no reply for request ${request.number}`);
  }
  const refused = isRefused(reply, request);
  if (refused) return failure(400, `Unrecognized request argument supplied: ${refused}`);
  if (reply.mood === "slow_headers") await pause(reply.delayMs ?? 50, closing);
  const odd = oddAnswer(reply, request);
  if (odd) return odd;
  if (!request.body.stream) return Response.json(completionOf(reply, request));
  const headers = { "content-type": "text/event-stream" };
  return new Response(streamPieces(eventsOf(reply, request), reply, closing), { headers });
}

/** Answers that are no completion at all. */
function oddAnswer(reply: Reply, { body }: ModelRequest): Response | undefined {
  switch (reply.mood) {
    case "html":
      return new Response("<!doctype html><html><head><title>Sign in</title></head></html>", {
        headers: { "content-type": "text/html" },
      });
    case "context_too_long":
      return failure(400, "This model's maximum context length is 4096 tokens.", {
        code: "context_length_exceeded",
      });
    case "redirect":
      return new Response(null, {
        status: 307,
        headers: { location: "https://elsewhere.test/v1" },
      });
    case "status":
      return statusAnswer(reply);
    case "empty_choices":
      return body.stream ? undefined : Response.json({ object: "chat.completion", choices: [] });
    default:
      return undefined;
  }
}

function statusAnswer({ status = 500, error, retryAfter }: Reply): Response {
  const headers: Record<string, string> = retryAfter === undefined
    ? {}
    : { "retry-after": String(retryAfter) };
  if (typeof error === "string") return new Response(error, { status, headers });
  const body = { error: error ?? { message: `Test status ${status}` } };
  return Response.json(body, { status, headers });
}

function failure(status: number, message: string, more: Record<string, unknown> = {}): Response {
  return Response.json({ error: { message, type: "test_error", ...more } }, { status });
}

function eventsOf(reply: Reply, request: ModelRequest): string[] {
  const events = chunksOf(reply, request).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  switch (reply.mood) {
    case "malformed_chunk":
      return [...events.slice(0, 1), 'data: {"choices": [{"delta"\n\n', ...events.slice(1)];
    case "error_in_stream":
      return [...events.slice(0, 1), 'data: {"error":{"message":"Out of memory"}}\n\n'];
    case "no_done":
      return events.map((event, index) => index < events.length - 1 ? event : event.trimEnd());
    default:
      return [...events, "data: [DONE]\n\n"];
  }
}
