// What the test model server is told to say: replies, their moods, and scripts of them.
import type { ChatMessage } from "../../schemas/conversation.ts";

/** A call in a reply; `arguments` as an object is sent as JSON text, as text it is sent unchanged. */
export interface ScriptedCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>> | string;
  /** `call_<request>_<n>` unless told. */
  readonly id?: string;
}

/**
 * How a reply misbehaves. `slow_*`, `stall` and `cut` apply to streams, where not said otherwise.
 * - `slow_headers`: waits `delayMs` before the headers · `slow_stream`: waits `delayMs` between pieces
 * - `stall`: half the answer, then nothing · `cut`: half, then the connection is closed
 * - `ends_early`: half, then a proper end · `no_done`: neither `[DONE]` nor a last line end
 * - `malformed_chunk` · `html` · `empty_choices` · `error_in_stream`: status 200 all the same
 * - `status`: `status` with `error`, and `retryAfter` as header · `redirect`
 * - `arguments_as_object`, `no_ids`, `no_index`, `same_index`, `no_usage`: sloppy tool calls and usage
 * - `refuses_stream`, `refuses_stream_options`, `refuses_temperature`: 400 for requests that have it;
 *   the reply stays for the next request · `context_too_long`: 400 as OpenAI words it
 */
export type Mood =
  | "slow_headers"
  | "slow_stream"
  | "stall"
  | "cut"
  | "ends_early"
  | "no_done"
  | "malformed_chunk"
  | "html"
  | "empty_choices"
  | "error_in_stream"
  | "status"
  | "redirect"
  | "arguments_as_object"
  | "no_ids"
  | "no_index"
  | "same_index"
  | "no_usage"
  | "refuses_stream"
  | "refuses_stream_options"
  | "refuses_temperature"
  | "context_too_long";

/** One reply. Without anything it is an empty answer. */
export interface Reply {
  readonly text?: string;
  readonly reasoning?: string;
  readonly reasoningField?: "reasoning_content" | "reasoning";
  readonly toolCalls?: readonly ScriptedCall[];
  readonly finishReason?: string;
  /** 10 and 5 unless told. */
  readonly usage?: { readonly promptTokens: number; readonly completionTokens: number };
  readonly mood?: Mood;
  /** For `slow_headers` and `slow_stream`; 50 unless told. */
  readonly delayMs?: number;
  /** For `status`. */
  readonly status?: number;
  /** For `status`: the error object, or a body as text. */
  readonly error?: Readonly<Record<string, unknown>> | string;
  /** For `status`: seconds or an HTTP date. */
  readonly retryAfter?: string | number;
  /** A stream in which the whole answer is one piece. */
  readonly oneChunk?: boolean;
}

/** A request as it came in. */
export interface ModelRequest {
  /** Counts chat requests from 0. */
  readonly number: number;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly model?: string;
    readonly stream?: boolean;
    readonly messages?: readonly WireMessage[];
    readonly tools?: readonly { readonly function: { readonly name: string } }[];
  };
  /** `node.id` of the latest NODE_BRIEF among the messages. */
  readonly nodeId: string | undefined;
}

/** A message of the protocol, as far as scripts look at it. */
export interface WireMessage {
  readonly role: ChatMessage["role"];
  readonly content: string | null;
  readonly tool_calls?: readonly { readonly id: string; readonly function: ScriptedCall }[];
  readonly tool_call_id?: string;
}

/** A reply, or `undefined` if the script has none left. */
export type ReplyFunction = (request: ModelRequest) => Reply | undefined;

/** A script file: replies in order, or by the node that the request is about. */
export interface Script {
  readonly replies?: readonly Reply[];
  readonly nodes?: Readonly<Record<string, readonly Reply[]>>;
  readonly models?: readonly string[];
}

/** Replies one after the other. */
export function inOrder(replies: readonly Reply[]): ReplyFunction {
  const left = [...replies];
  return (request) => takeNext(left, request);
}

/** For each node its replies one after the other; a node that is visited again goes on in its list. */
export function byNode(nodes: Readonly<Record<string, readonly Reply[]>>): ReplyFunction {
  const left = new Map(Object.entries(nodes).map(([nodeId, replies]) => [nodeId, [...replies]]));
  return (request) => takeNext(left.get(request.nodeId ?? "") ?? [], request);
}

/** The replies of a script: those of the request's node, else those in order. */
export function ofScript({ replies = [], nodes = {} }: Script): ReplyFunction {
  const node = byNode(nodes);
  const next = inOrder(replies);
  return (request) => node(request) ?? next(request);
}

/** A reply that refuses the request stays in the list for the one that follows. */
function takeNext(left: Reply[], request: ModelRequest): Reply | undefined {
  const [first] = left;
  if (first && !isRefused(first, request)) left.shift();
  return first;
}

/** The request field that a reply's mood refuses. */
const REFUSED_FIELDS: Partial<Record<Mood, string>> = {
  refuses_stream: "stream",
  refuses_stream_options: "stream_options",
  refuses_temperature: "temperature",
};

/** The field that the reply refuses and the request has. */
export function isRefused({ mood }: Reply, { body }: ModelRequest): string | undefined {
  const field = mood && REFUSED_FIELDS[mood];
  return field !== undefined && body[field] ? field : undefined;
}

/** `node.id` of the latest NODE_BRIEF in the messages of a request. */
export function nodeIdOf(messages: readonly WireMessage[]): string | undefined {
  const text = messages.filter(({ role }) => role === "user").map(({ content }) => content)
    .join("\n");
  const brief = text.slice(Math.max(0, text.lastIndexOf("\nNODE_BRIEF\n")));
  return /NODE_BRIEF\s*\{\s*"node"\s*:\s*\{\s*"id"\s*:\s*"([^"]+)"/.exec(brief)?.[1];
}
