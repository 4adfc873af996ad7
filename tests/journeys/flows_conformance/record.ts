// What a server answered and what it asked its model, without what differs from run to run.
import type { Ask } from "./conversation.ts";
import type { FlowServer } from "./servers.ts";

/** One answer, comparable. */
export interface Answered {
  readonly name: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const HEADERS = [
  "access-control-allow-headers",
  "access-control-allow-methods",
  "access-control-allow-origin",
  "cache-control",
  "content-security-policy",
  "content-type",
  "etag",
  "x-content-type-options",
  "x-request-id",
];

/** Has the conversation with a server. */
export async function converse(
  { origin, model }: FlowServer,
  asks: readonly Ask[],
): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const { name, path, init } of asks) {
    // Compressing is the server's own: Deno does it, Node does not, and it weakens the ETag.
    const plain = new Headers(init.headers);
    plain.set("accept-encoding", "identity");
    const response = await fetch(origin + path, { ...init, headers: plain });
    const text = (await response.text()).replaceAll(model.baseUrl, "http://model/v1");
    const type = response.headers.get("content-type") ?? "";
    const isNamed = new Headers(init.headers).has("x-request-id");
    const headers = HEADERS.filter((header) => header !== "x-request-id" || isNamed)
      .map((header) => [header, response.headers.get(header) ?? ""]);
    const body = type.includes("event-stream") ? eventsOf(text) : bodyOf(type, text);
    answers.push({ name, status: response.status, headers: Object.fromEntries(headers), body });
  }
  return answers;
}

function bodyOf(type: string, text: string): unknown {
  return type.includes("json") ? timeless(JSON.parse(text)) : text;
}

/** Events in order; pieces of a text as one, since a network may join them. */
function eventsOf(text: string): unknown[] {
  const events: unknown[] = [];
  let deltas = "";
  for (const block of text.split("\n\n")) {
    const [, name] = /^event: (.*)$/m.exec(block) ?? [];
    const [, data] = /^data: (.*)$/m.exec(block) ?? [];
    if (name === undefined || data === undefined) continue;
    const value = JSON.parse(data);
    if (name === "agent_delta") deltas += value.text;
    else events.push([name, timeless(value)]);
  }
  return [...events, deltas];
}

const PASSING = /^(uptime|.*_at|.*_ms|modified|timestamp)$/;

/** Times as their type alone. */
function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) =>
      PASSING.test(key) ? [key, typeof item] : [key, timeless(item)]
    ),
  );
}

/** Bodies that the model got; agents of one stage ask in any order. */
export function asked({ model }: FlowServer): string[] {
  return model.requests.map(({ body }) => JSON.stringify(body, null, 1)).sort();
}

/** Names and labels of the metrics, without their values; times fall where they may. */
export async function metricNames({ origin }: FlowServer): Promise<string[]> {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return text.split("\n").map((line) => line.replace(/ \S+$/, "")).sort();
}
