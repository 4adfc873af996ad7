import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { SERVICE_ROUTES } from "../../../builder/flow_service/create_flow_service.ts";
import { openFlowEvents } from "../../../builder/flow_service/flow_events.ts";
import { openFlowService } from "../../../builder/flow_service/open_flow_service.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import { jsonRequest, withService } from "./service_place.ts";
import { PATIENCE_MS } from "../../patience.ts";

interface SentEvent {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** The events of a whole stream; comments are heartbeats. */
function eventsOf(text: string): SentEvent[] {
  return text.split("\n\n").filter((block) => block.startsWith("event: ")).map((block) => {
    const [, event = "", data = ""] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
    return { event, data: JSON.parse(data) };
  });
}

const streamed = (body: unknown) => {
  const init = jsonRequest("POST", body);
  return { ...init, headers: { ...init.headers, accept: "text/event-stream" } };
};

async function until(reached: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!await reached() && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("POST /run answers the results, and a finished story answers them again", () =>
  withService({}, async ({ send }) => {
    const first = await (await send("POST", "/run", { story_id: "s", input: { a: 1 } })).json();
    assert.equal(first.status, "success");
    assert.deepEqual(Object.keys(first), ["status", "results", "pending_docs", "error"]);
    assert.deepEqual(Object.keys(first.results), ["analyst", "writer"]);
    const again = await (await send("POST", "/run", { story_id: "s", input: { a: 1 } })).json();
    assert.deepEqual(again, first);
    const other = await (await send("POST", "/run", { story_id: "s", input: "else" })).json();
    assert.match(other.results.analyst.content, /else/);
  }));

Deno.test("POST /run stops for a missing document and goes on when it is there", () =>
  withService({ runtime: "on_missing_doc: wait\n" }, async ({ send, ask }) => {
    const stopped = await (await send("POST", "/run", { story_id: "s", input: "x" })).json();
    assert.deepEqual([stopped.status, stopped.pending_docs], ["pending", ["brief"]]);
    assert.deepEqual((await (await ask("/agent/writer/ready?story_id=s")).json()).missing, [
      "brief",
    ]);
    await send("PUT", "/doc/s__brief", { content: "The brief" });
    assert.equal((await (await ask("/agent/writer/ready?story_id=s")).json()).ready, true);
    assert.equal((await (await ask("/agent/writer/ready")).json()).ready, false);
    const done = await (await send("POST", "/run", { story_id: "s" })).json();
    assert.equal(done.status, "success");
    assert.match(done.results.writer.content, /The brief/);
    const { last_execution } = await (await ask("/agent/writer/ready")).json();
    assert.equal(last_execution.status, "completed");
  }));

Deno.test("POST /run as a stream tells every event in order and ends with the same body", () =>
  withService({}, async ({ ask, send }) => {
    const response = await ask("/run", streamed({ story_id: "s", input: "x" }));
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    const events = eventsOf(await response.text());
    assert.deepEqual(events.map(({ event }) => event), [
      "flow_started",
      "agent_started",
      "agent_delta",
      "agent_completed",
      "agent_started",
      "agent_delta",
      "agent_completed",
      "flow_completed",
    ]);
    const { agent, status, duration_ms, result } = events[3]?.data ?? {};
    assert.deepEqual([agent, status, typeof duration_ms], ["analyst", "completed", "number"]);
    const plain = await (await send("POST", "/run", { story_id: "s", input: "x" })).json();
    assert.deepEqual(events.at(-1)?.data, plain);
    assert.deepEqual(result, plain.results.analyst);
  }));

Deno.test("POST /run as a stream answers what goes wrong before the first event with its status", () =>
  withService({}, async ({ ask }) => {
    const response = await ask("/run", streamed({ story_id: "s", flow: "nope" }));
    assert.equal(response.status, 404);
    assert.equal((await response.json()).error.code, "FLOW_NOT_FOUND");
  }));

Deno.test("a client may leave in the middle, and its flow finishes", async () => {
  await using model = startModelServer({
    reply: () => ({ text: "Done.", mood: "slow_stream", delayMs: 100 }),
  });
  const runtime = `llm:\n  provider: openai\n  model: test\n  base_url: ${model.baseUrl}\n`;
  const env = { TESTING: "", OPENAI_API_KEY: "k" };
  await withService({ runtime, env }, async ({ ask }) => {
    const response = await ask("/run", streamed({ story_id: "s", input: "x" }));
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    const busy = await ask("/run", jsonRequest("POST", { story_id: "s", input: "x" }));
    assert.equal((await busy.json()).error.code, "FLOW_STORY_BUSY");
    const status = async () => await (await ask("/orchestration/status?workflow_id=s")).json();
    await until(async () => (await status()).status !== "running");
    const { status: ended, agents } = await status();
    assert.equal(ended, "success");
    assert.deepEqual(
      Object.values(agents).map((agent) => (agent as { status: string }).status),
      ["completed", "completed"],
    );
  });
});

Deno.test("a service that closes lets its flows finish", async () => {
  await using model = startModelServer({
    reply: () => ({ text: "Done.", mood: "slow_headers", delayMs: 200 }),
  });
  const runtime = `llm:\n  provider: openai\n  model: test\n  base_url: ${model.baseUrl}\n`;
  const env = { TESTING: "", OPENAI_API_KEY: "k" };
  await withService({ runtime, env }, async ({ send, services }) => {
    const running = send("POST", "/run", { story_id: "s", input: "x" });
    await until(() => model.requests.length > 0);
    await services[0]?.close(60_000);
    assert.equal((await (await running).json()).status, "success");
  });
});

Deno.test("openFlowEvents() sends heartbeats until the listener leaves", async () => {
  const events = openFlowEvents(5);
  const reader = events.body.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), ":\n\n");
  await reader.cancel();
  events.send({ type: "agent_started", agent: "nobody hears this" });
  events.close();
});

Deno.test("POST /agent/{name}/execute is stateless: the same request asks the model the same", async () => {
  await using model = startModelServer({ reply: () => ({ text: "An answer." }) });
  const runtime = `llm:\n  provider: openai\n  model: test\n  base_url: ${model.baseUrl}\n`;
  const env = { TESTING: "", OPENAI_API_KEY: "k" };
  await withService({ runtime, env }, async ({ send }) => {
    const body = {
      instruction: "Write it",
      documents: { brief: "Short" },
      context_data: { tone: "calm" },
      execution_id: "e-1",
    };
    const first = await (await send("POST", "/agent/writer/execute", body)).json();
    await send("POST", "/agent/writer/execute", body);
    assert.equal(first.status, "completed");
    assert.equal(first.content, "An answer.");
    assert.deepEqual(model.requests[0]?.body, model.requests[1]?.body);
    assert.match(JSON.stringify(model.requests[0]?.body), /Write it.*Short|Short.*Write it/);
  });
});

Deno.test("a model that cannot be reached fails the agent, never completes it, and degrades health", () => {
  const runtime = "llm:\n  provider: openai\n  model: test\n  base_url: http://127.0.0.1:9/v1\n" +
    "retry:\n  attempts: 1\n";
  return withService({ runtime, env: { TESTING: "", OPENAI_API_KEY: "k" } }, async (place) => {
    const { send, ask } = place;
    const result = await (await send("POST", "/run", { story_id: "s", input: "x" })).json();
    assert.equal(result.status, "error");
    assert.equal(result.results.analyst.status, "failed");
    assert.equal(result.results.writer.status, "skipped");
    const health = async () => await (await ask("/health")).json();
    await until(async () => (await health()).checks.model === "unreachable");
    assert.equal((await health()).status, "degraded");
    assert.equal((await ask("/health/ready")).status, 200);
  });
});

Deno.test("documents take Markdown and JSON, with or without .md, and keep their times and ETag", () =>
  withService({}, async ({ ask, send }) => {
    const markdown = "---\ntitle: mine\n---\n\n# Häding\r\n";
    const put = await ask("/doc/brief.md", {
      method: "PUT",
      body: markdown,
      headers: { "content-type": "text/markdown; charset=utf-8" },
    });
    const written = await put.json();
    assert.equal(written.success, true);
    const read = await ask("/doc/brief");
    assert.equal(read.headers.get("content-type"), "text/markdown; charset=utf-8");
    assert.equal(await read.text(), markdown);
    const etag = read.headers.get("etag") ?? "";
    assert.equal(put.headers.get("etag"), etag);
    const unchanged = await ask("/doc/brief", { headers: { "if-none-match": etag } });
    assert.equal(unchanged.status, 304);
    // As a server that compresses hands it out.
    const weak = await ask("/doc/brief", { headers: { "if-none-match": `W/${etag}` } });
    assert.equal(weak.status, 304);
    const seen = await ask("/doc/brief", {
      method: "PUT",
      body: markdown,
      headers: { "content-type": "text/markdown", "if-match": `"else", W/${etag}` },
    });
    assert.equal(seen.status, 200);
    const other = await (await send("PUT", "/doc/brief", { content: "Other" })).json();
    assert.equal(other.created_at, written.created_at);
    assert.ok(other.updated_at >= written.updated_at);
    const stale = await ask("/doc/brief", {
      method: "PUT",
      body: "Lost update",
      headers: { "content-type": "text/markdown", "if-match": etag },
    });
    assert.equal(stale.status, 412);
    assert.equal((await stale.json()).error.code, "FLOW_DOC_CONFLICT");
    assert.equal(await (await ask("/doc/brief.md")).text(), "Other");
    const list = await (await ask("/doc")).json();
    assert.deepEqual(list.documents.map(({ id }: { id: string }) => id), ["brief"]);
    assert.deepEqual(await (await ask("/doc/brief.md/status")).json(), { exists: true });
    assert.deepEqual(await (await ask("/doc/none/status")).json(), { exists: false });
  }));

Deno.test("GET, PUT and DELETE /memory carry any JSON value, null too", () =>
  withService({}, async ({ ask, send }) => {
    for (const value of [null, 0, "", "text", [1], { a: { b: null } }]) {
      const path = "/memory/isolated:analyst:story-1/k";
      assert.deepEqual(await (await send("PUT", path, value)).json(), { success: true });
      assert.deepEqual(await (await ask(path)).json(), value);
    }
    await send("PUT", "/memory/shared/k", "in the default namespace");
    assert.equal(await (await ask("/memory/shared:default/k")).json(), "in the default namespace");
    assert.equal((await ask("/memory/shared/k", { method: "DELETE" })).status, 200);
    assert.equal((await ask("/memory/shared/k", { method: "DELETE" })).status, 404);
  }));

Deno.test("outside schedulers say how far an agent is, and a later result counts more", () =>
  withService({}, async ({ ask, send }) => {
    const path = "/orchestration/status?workflow_id=s";
    const said = await (await send("PUT", path, { agent: "writer", status: "running" })).json();
    assert.equal(said.agents.writer.status, "running");
    assert.equal(said.agents.analyst.status, "pending");
    await new Promise((resolve) => setTimeout(resolve, 5));
    await send("POST", "/run", { story_id: "s", input: "x" });
    assert.equal((await (await ask(path)).json()).agents.writer.status, "completed");
    const unknown = await send("PUT", path, { agent: "nobody", status: "running" });
    assert.equal((await unknown.json()).error.code, "FLOW_AGENT_NOT_FOUND");
    const wrong = await send("PUT", path, { agent: "writer", status: "great" });
    assert.equal(wrong.status, 400);
  }));

Deno.test("GET /flows/{name}/graph draws the flow as JSON and as Mermaid", () =>
  withService({}, async ({ ask }) => {
    const graph = await (await ask("/flows/default/graph")).json();
    assert.deepEqual(graph.edges, [{ from: "analyst", to: "writer" }]);
    const mermaid = await ask("/flows/default/graph?format=mermaid");
    assert.match(mermaid.headers.get("content-type") ?? "", /mermaid/);
    assert.equal(await mermaid.text(), graph.mermaid);
  }));

Deno.test("sources with errors are served as FLOW_INVALID with every finding", () =>
  withService({
    files: { "bmad/agents/lost.md": "---\nid: lost\nwait_for: {agents: [nobody]}\n---\nx\n" },
  }, async ({ send, ask }) => {
    const response = await send("POST", "/run", { story_id: "s" });
    assert.equal(response.status, 422);
    const { error } = await response.json();
    assert.equal(error.code, "FLOW_INVALID");
    assert.match(JSON.stringify(error.details), /lost\.md.*nobody/);
    assert.equal((await ask("/health/ready")).status, 503);
    assert.equal((await ask("/health/live")).status, 200);
  }));

Deno.test("every request is one JSON line with the caller's X-Request-Id, without its content", () =>
  withService({}, async ({ ask, log }) => {
    const body = { story_id: "s", input: "a secret input" };
    const init = jsonRequest("POST", body);
    const headers = { ...init.headers, "x-request-id": "trace-7", authorization: "Bearer secret" };
    const response = await ask("/run?key=secret", { ...init, headers });
    assert.equal(response.headers.get("x-request-id"), "trace-7");
    const lines = log.filter((line) => line.request_id === "trace-7");
    assert.deepEqual(lines.map(({ component }) => component), ["agent", "agent", "flow", "http"]);
    for (const line of lines) {
      assert.match(String(line.timestamp), /^\d{4}-\d\d-\d\dT/);
      assert.equal(typeof line.message, "string");
      assert.equal(typeof line.duration_ms, "number");
    }
    assert.doesNotMatch(JSON.stringify(log), /secret/);
    const hostile = await ask("/flows", { headers: { "x-request-id": 'x"} {"level":"error' } });
    assert.match(hostile.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
  }));

Deno.test("GET /metrics counts requests by route, agents, memory and tokens", () =>
  withService({}, async ({ ask, send }) => {
    await send("POST", "/run", { story_id: "s", input: "x" });
    await ask("/nope/1");
    await ask("/nope/2");
    const response = await ask("/metrics");
    assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    const expected = [
      'flow_requests_total{route="/run",method="POST",status="200"} 1',
      'flow_requests_total{route="none",method="GET",status="404"} 2',
      'flow_agent_runs_total{agent="analyst",status="completed"} 1',
      'flow_agent_duration_seconds_count{agent="analyst"} 1',
      'flow_runs_total{flow="default",outcome="success"} 1',
      'flow_tokens_total{agent="analyst",direction="input"} 0',
      "flow_runs_active 0",
      "# TYPE flow_request_duration_seconds histogram",
    ];
    for (const line of expected) assert.ok(text.includes(`${line}\n`), line);
    assert.match(text, /flow_memory_operations_total\{operation="set",outcome="ok"\} \d+/);
    assert.match(text, /_bucket\{route="\/run",le="\+Inf"\} 1/);
  }));

Deno.test("GET /openapi.json describes every route with the schema that checks it", () =>
  withService({}, async ({ ask }) => {
    const document = await (await ask("/openapi.json")).json();
    assert.equal(document.openapi, "3.1.0");
    const ajv = new Ajv2020({ strict: false });
    for (const { method, path, body, isOpen } of SERVICE_ROUTES) {
      const operation = document.paths[path.replace(/:([a-z]+)/g, "{$1}")][method.toLowerCase()];
      assert.equal(operation.security.length, isOpen ? 0 : 1);
      const described = operation.requestBody?.content["application/json"].schema;
      assert.deepEqual(
        described,
        body === undefined ? undefined : JSON.parse(JSON.stringify(body)),
      );
      assert.equal(ajv.validateSchema(body ?? {}), true);
    }
    const ids = Object.values(document.paths as Record<string, Record<string, unknown>>)
      .flatMap((path) => Object.values(path))
      .map((operation) => (operation as { operationId: string }).operationId);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids.length, SERVICE_ROUTES.length);
  }));

Deno.test("GET /docs is a page without script that its own policy allows", () =>
  withService({}, async ({ ask }) => {
    const page = await ask("/docs");
    assert.match(page.headers.get("content-security-policy") ?? "", /^default-src 'none'/);
    const html = await page.text();
    assert.doesNotMatch(html, /<script|style=|https?:|onclick/i);
    assert.match(html, /\/memory\/\{scope\}\/\{key\}/);
    assert.equal((await ask("/docs.css")).headers.get("content-type"), "text/css; charset=utf-8");
  }));

Deno.test("openFlowService() refuses an address that others reach without a token", () =>
  withService({}, async ({ folder }) => {
    const open = (hostname: string, env: Record<string, string>) =>
      openFlowService({
        dir: folder,
        env: { TESTING: "1", ...env },
        version: "1",
        hostname,
        dataDir: folder,
        writeLog: () => {},
      });
    for (const hostname of ["0.0.0.0", "::", "192.168.1.5", "flows.internal"]) {
      await assert.rejects(open(hostname, {}), { code: "SERVE_ADDRESS", message: /FLOWS_TOKEN/ });
    }
    await (await open("0.0.0.0", { FLOWS_TOKEN: "t" })).close();
    await (await open("::1", {})).close();
  }));
