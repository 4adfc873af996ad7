// The conversation that every server has to answer alike: a request on each line, in this order.

/** One request. */
export interface Ask {
  readonly name: string;
  readonly path: string;
  readonly init: RequestInit;
}

const get = (path: string): Ask => ({ name: `GET ${path}`, path, init: {} });

const send = (method: string, path: string, body: unknown, headers: HeadersInit = {}): Ask => ({
  name: `${method} ${path} ${JSON.stringify(body)?.slice(0, 80)}`,
  path,
  init: {
    method,
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", "x-request-id": "r-1", ...headers },
  },
});

const post = (path: string, body: unknown, headers?: HeadersInit) =>
  send("POST", path, body, headers);
const stream = { accept: "text/event-stream" };

/** Every route, what goes well and what does not. */
export const CONVERSATION: readonly Ask[] = [
  get("/health/live"),
  get("/flows"),
  get("/flows/default/graph"),
  get("/flows/default/graph?format=mermaid"),
  get("/openapi.json"),
  get("/docs"),
  get("/agent/summarizer/ready?story_id=s"),

  post("/run", { story_id: "s", input: { idea: 'An "idea" with\nlines', number: 1.5 } }),
  get("/orchestration/status?workflow_id=s"),
  send("PUT", "/doc/s__brief", "# Brief\n\nÄ 漢\n", { "content-type": "text/markdown" }),
  get("/doc/s__brief/status"),
  get("/agent/summarizer/ready?story_id=s"),
  post("/run", { story_id: "s" }),
  post("/run", { story_id: "s" }, stream),
  post("/run", { story_id: "t", flow: "ask", input: "x" }, stream),
  post("/run", { story_id: "t", flow: "fail", input: "x" }),
  post("/run", { story_id: "u", flow: "fail", input: "x" }, stream),
  get("/orchestration/status?workflow_id=s"),
  send("PUT", "/orchestration/status?workflow_id=w", { agents: { analyst: "running" } }),

  get("/doc/s__analysis"),
  get("/doc/s__analyst.md"),
  get("/doc"),
  send("PUT", "/doc/s__brief.md", { content: "# Changed\n" }),
  send("PUT", "/doc/s__brief", { content: "# Lost\n" }, { "if-match": '"wrong"' }),
  get("/memory/shared:terms/term"),
  send("PUT", "/memory/shared:terms/none", null),
  get("/memory/shared:terms/none"),
  send("DELETE", "/memory/shared:terms/none", ""),
  get("/memory/shared:terms/none"),

  post("/agent/analyst/execute", { instruction: "Count", documents: { d: "# D" } }),
  post("/agent/summarizer/execute", { instruction: "x" }),
  post("/agent/left/execute", { instruction: "x", context_data: { a: [1, { b: null }] } }),

  post("/run", { story_id: "s", flow: "nothing" }),
  post("/run", { story_id: "../s" }),
  post("/run", { story_id: "s", other: 1 }),
  post("/run", {}),
  post("/run", "{"),
  post("/run", `${"[".repeat(1000)}${"]".repeat(1000)}`),
  post("/run", { story_id: "s", input: "x".repeat(5000) }),
  post("/run", { story_id: "s" }, { "content-type": "text/plain" }),
  post("/run", { story_id: "s" }, { origin: "https://evil.example.org" }),
  post("/run", { story_id: "s" }, { origin: "https://app.example.org" }),
  { name: "OPTIONS /run", path: "/run", init: { method: "OPTIONS", headers: PREFLIGHT() } },
  get("/agent/nobody/ready"),
  get("/agent/%2e%2e%2fx/ready"),
  get("/doc/nothing"),
  get("/doc/%2fetc%2fpasswd"),
  get("/memory/shared:../x/y"),
  get("/memory/unknown/y"),
  get("/nothing/here"),
  { name: "DELETE /run", path: "/run", init: { method: "DELETE" } },
];

function PREFLIGHT(): HeadersInit {
  return {
    "origin": "https://app.example.org",
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type",
  };
}
