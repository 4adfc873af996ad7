// A real HTTP server that speaks Ollama's own API, well or badly, by a script.
import { promptReader, type ReadPrompt } from "./prompt.ts";
import type { OllamaOptions, OllamaRequest, Reply } from "./script.ts";
import { pause, streamPieces } from "../model_server/paced_stream.ts";
import { linesOf } from "./lines.ts";
import { answerOf, partsOf } from "./wire.ts";

/** A running server. */
export interface OllamaServer extends AsyncDisposable {
  /** Without `/api` or `/v1`. */
  readonly baseUrl: string;
  /** Requests of `/api/chat` so far. */
  readonly requests: readonly OllamaRequest[];
  /** Ends open answers too. */
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1. */
export function startOllamaServer(options: OllamaOptions = {}): OllamaServer {
  const requests: OllamaRequest[] = [];
  const closing = new AbortController();
  const readPrompt = promptReader(options);
  const left = [...options.replies ?? []];
  const reply = options.reply ?? (() => left.shift());

  const chat = async (http: Request, path: string): Promise<Response> => {
    const request = {
      number: requests.length,
      path,
      headers: http.headers,
      body: await http.json(),
    };
    requests.push(request);
    const { model, tools = [] } = request.body;
    if (!modelsOf(options).includes(model)) return failure(404, `model '${model}' not found`);
    if (tools.length > 0 && options.tools === "refuse") {
      return failure(400, `registry.ollama.ai/library/${model} does not support tools`);
    }
    const next = reply(request);
    if (!next) return failure(400, `The test Ollama has no reply for request ${request.number}`);
    return await answer(next, { request, prompt: readPrompt(request.body), closing });
  };

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: options.port ?? 0, onListen: () => {} },
    async (http) => {
      const { pathname } = new URL(http.url);
      const key = options.apiKey;
      if (key && http.headers.get("authorization") !== `Bearer ${key}`) {
        return failure(401, "unauthorized");
      }
      const route = `${http.method} ${pathname}`;
      if (route === "POST /api/chat") return await chat(http, pathname);
      if (route === "POST /api/show") return showModel((await http.json()).model, options);
      if (route === "GET /api/tags") return listModels(options);
      if (route === "GET /api/version") {
        return Response.json({ version: options.version ?? "0.33.3" });
      }
      return new Response("404 page not found", { status: 404 });
    },
  );
  const close = async () => {
    closing.abort();
    await server.shutdown();
  };
  return {
    baseUrl: `http://127.0.0.1:${server.addr.port}`,
    requests,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Asked {
  readonly request: OllamaRequest;
  readonly prompt: ReadPrompt;
  readonly closing: AbortController;
}

async function answer(reply: Reply, { request, prompt, closing }: Asked): Promise<Response> {
  if (reply.mood === "slow_headers") await pause(reply.delayMs ?? 50, closing.signal);
  const odd = oddAnswer(reply);
  if (odd) return odd;
  if (prompt.kind === "refused") return tooLong(prompt);
  if (request.body.stream === false) {
    return Response.json(answerOf(reply, request, prompt.counts));
  }
  const parts = partsOf(reply, request, prompt.counts);
  return new Response(streamPieces(linesOf(parts, reply), reply, closing.signal), {
    headers: { "content-type": "application/x-ndjson" },
  });
}

/** Answers that are none. */
function oddAnswer({ mood, status = 500, error }: Reply): Response | undefined {
  switch (mood) {
    case "html":
      return new Response("<!doctype html><html><head><title>Sign in</title></head></html>", {
        headers: { "content-type": "text/html" },
      });
    case "no_message":
      return Response.json({ status: "success" });
    case "redirect":
      return new Response(null, { status: 307, headers: { location: "https://elsewhere.test" } });
    case "status":
      return failure(status, error ?? `Test status ${status}`);
    default:
      return undefined;
  }
}

/** The runner's error, which Ollama passes on as the text of its own. */
function tooLong(
  { promptTokens, windowTokens }: Extract<ReadPrompt, { kind: "refused" }>,
): Response {
  const message =
    `request (${promptTokens} tokens) exceeds the available context size (${windowTokens} tokens), try increasing it`;
  const type = "exceed_context_size_error";
  return failure(400, JSON.stringify({ error: { code: 400, message, type } }));
}

function failure(status: number, error: string): Response {
  return Response.json({ error }, { status });
}

function modelsOf({ models = ["test-model"] }: OllamaOptions): readonly string[] {
  return models;
}

function listModels(options: OllamaOptions): Response {
  const models = modelsOf(options).map((name) => ({ name, model: name, size: 1_000_000 }));
  return Response.json({ models });
}

function showModel(model: string, options: OllamaOptions): Response {
  if (!modelsOf(options).includes(model)) return failure(404, `model '${model}' not found`);
  const capabilities = ["completion", ...(options.tools === "refuse" ? [] : ["tools"])];
  return Response.json({
    capabilities,
    details: { family: "test" },
    model_info: {
      "general.architecture": "test",
      "test.context_length": options.windowTokens ?? 131_072,
    },
  });
}
