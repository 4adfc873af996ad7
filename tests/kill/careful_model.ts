// A model that works off a script carefully: it keeps nothing between two requests, decides by the
// messages alone, and looks before it repeats a call that was cut off.
import type { Reply, ReplyFunction, WireMessage } from "../model_server/script.ts";

/** A call to make at a node. */
export interface PlannedCall {
  /** Name on the wire. */
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What the file at `args.path` holds once the call is done, and not before. */
  readonly evidence?: string;
}

/** The calls of one message. */
export type Round = readonly PlannedCall[];

/** What the model knows at a node. */
export interface Scene {
  readonly nodeId: string;
  /** As they were when the visit began. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The user's answer, once given in this visit. */
  readonly answer: unknown;
}

interface PastCall {
  readonly tool: string;
  readonly args: string;
  readonly path: unknown;
  readonly result: PastResult;
}

interface PastResult {
  readonly ok: boolean;
  readonly content?: string;
  readonly answer?: unknown;
  readonly error?: {
    readonly code: string;
    readonly details?: {
      readonly known?: string;
      readonly missing?: readonly { readonly what: string; readonly path?: string }[];
    };
  };
}

/** Plays the rounds that a script names for each node. */
export function carefulModel(roundsAt: (scene: Scene) => readonly Round[]): ReplyFunction {
  return ({ body }) => answer(visitOf(body.messages ?? []), roundsAt);
}

function answer(
  visit: readonly WireMessage[],
  roundsAt: (scene: Scene) => readonly Round[],
): Reply {
  const past = pastCalls(visit);
  const answered = past.find(({ tool, result }) => tool === "ui_ask_user" && result.ok);
  const { variables } = sections(visit, "STATE_SUMMARY")[0] as { variables: Scene["variables"] };
  const scene = { nodeId: nodeOf(visit), variables, answer: answered?.result.answer };
  for (const round of roundsAt(scene)) {
    const due = round.flatMap((call) => whatIsDue(call, past));
    if (due.length > 0) {
      return { toolCalls: due.map(({ tool, args }) => ({ name: tool, arguments: args })) };
    }
  }
  return { text: `There is nothing left to do at ${scene.nodeId}.` };
}

/** Nothing, the call itself, or what has to be looked at before. */
function whatIsDue(call: PlannedCall, past: readonly PastCall[]): PlannedCall[] {
  const args = JSON.stringify(call.args);
  const index = past.findLastIndex((made) => made.tool === call.tool && made.args === args);
  const result = past[index]?.result;
  if (result === undefined) return [call];
  if (result.ok) return [];
  const since = past.slice(index + 1);
  const { code, details = {} } = result.error ?? { code: "" };
  if (code === "E_STEP_INCOMPLETE") return readOutputs(call, details.missing ?? [], since);
  if (code !== "E_INTERRUPTED" || details.known === "not_done") return [call];
  if (details.known === "done") return [];
  const look = since.findLast(({ tool, path, result }) =>
    tool === "fs_read" && path === call.args.path && result.ok
  );
  if (look === undefined) return [{ tool: "fs_read", args: { path: call.args.path } }];
  return look.result.content?.includes(call.evidence ?? "") ? [] : [call];
}

/** Outputs made before a stop are looked at, which is the evidence that the guard asks for. */
function readOutputs(
  call: PlannedCall,
  missing: readonly { readonly what: string; readonly path?: string }[],
  since: readonly PastCall[],
): PlannedCall[] {
  const unread = missing.flatMap(({ what, path = "" }) => {
    const mounted = path.startsWith("@") ? path : `@project/${path}`;
    const isRead = since.some(({ tool, path, result }) =>
      tool === "fs_read" && path === mounted && result.ok
    );
    return what !== "output" || isRead ? [] : [{ tool: "fs_read", args: { path: mounted } }];
  });
  return unread.length > 0 ? unread : [call];
}

/** The messages since the present node was entered; after a stop there may be older ones before. */
function visitOf(messages: readonly WireMessage[]): readonly WireMessage[] {
  const briefs = messages.flatMap((message, index) =>
    sections([message], "NODE_BRIEF").map((brief) => ({ index, nodeId: nodeIdIn(brief) }))
  );
  const current = briefs.at(-1)?.nodeId;
  const before = briefs.findLastIndex(({ nodeId }) => nodeId !== current);
  return messages.slice(briefs[before + 1]?.index ?? 0);
}

function nodeOf(messages: readonly WireMessage[]): string {
  return sections(messages, "NODE_BRIEF").map(nodeIdIn).at(-1) ?? "";
}

function nodeIdIn(brief: unknown): string {
  return (brief as { node: { id: string } }).node.id;
}

/** The objects behind a heading, first to last; one message may hold several sections. */
function sections(messages: readonly WireMessage[], heading: string): unknown[] {
  const pattern = new RegExp(`(?:^|\\n)${heading}\\n(\\{.*?\\n\\})`, "gs");
  return messages.filter(({ role }) => role === "user")
    .flatMap(({ content }) => [...(content ?? "").matchAll(pattern)])
    .map(([, json = "null"]) => JSON.parse(json));
}

function pastCalls(messages: readonly WireMessage[]): PastCall[] {
  const results = new Map(
    messages.flatMap(({ tool_call_id: id, content }) =>
      id === undefined ? [] : [[id, JSON.parse(content ?? "{}") as PastResult]]
    ),
  );
  return messages.flatMap(({ tool_calls: calls = [] }) => calls).flatMap(
    ({ id, function: { name, arguments: text } }) => {
      const result = results.get(id);
      const args = JSON.parse(String(text));
      return result ? [{ tool: name, args: JSON.stringify(args), path: args.path, result }] : [];
    },
  );
}
