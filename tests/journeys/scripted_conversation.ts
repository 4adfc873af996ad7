// Plays a conversation of `tests/fixtures/conversations/`: which turn comes next for a request.
// The format is told in the README beside those files.

/** One assistant message. */
export interface ScriptedTurn {
  readonly text?: string;
  readonly toolCalls?: readonly {
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  }[];
}

/** A conversation file. */
export interface ScriptedConversation {
  readonly package: string;
  readonly project?: Readonly<Record<string, string>>;
  readonly answers: readonly unknown[];
  readonly nodes: Readonly<Record<string, readonly (readonly ScriptedTurn[])[]>>;
}

/** A message of a request, as far as a player looks at it. */
export interface SentMessage {
  readonly role: string;
  readonly content?: unknown;
}

/** Reads a conversation by the name of its package. */
export function readConversation(name: string): ScriptedConversation {
  const url = new URL(`../fixtures/conversations/${name}.json`, import.meta.url);
  return JSON.parse(Deno.readTextFileSync(url));
}

/** Serves every turn of a conversation once, in order, by the node of the latest brief. */
export function playConversation(conversation: ScriptedConversation): {
  next(messages: readonly SentMessage[]): ScriptedTurn;
  /** Turns that no request has asked for yet, by node. */
  unserved(): Record<string, number>;
} {
  const queues = new Map(
    Object.entries(conversation.nodes).map(([node, visits]) => [node, visits.flat()]),
  );
  return {
    next(messages) {
      const { nodeId, workflowId } = briefedNode(messages);
      const queue = queues.get(`${workflowId}/${nodeId}`) ?? queues.get(nodeId);
      return queue?.shift() ?? { text: `The script has no turn left for ${workflowId}/${nodeId}.` };
    },
    unserved: () =>
      Object.fromEntries(
        [...queues].filter(([, turns]) => turns.length > 0).map((
          [node, turns],
        ) => [node, turns.length]),
      ),
  };
}

/** The node a request is about, by its latest brief and directive. */
export function briefedNode(
  messages: readonly SentMessage[],
): { nodeId: string; workflowId: string } {
  const brief = latest(messages, "NODE_BRIEF") as { node: { id: string } };
  const directive = latest(messages, "RUN_DIRECTIVE") as { workflow: { id: string } };
  return { nodeId: brief.node.id, workflowId: directive.workflow.id };
}

/** The object behind a heading; one message may hold several sections. */
function latest(messages: readonly SentMessage[], heading: string): unknown {
  const section = new RegExp(`(?:^|\\n)${heading}\\n(\\{.*?\\n\\})`, "gs");
  const text = messages.filter(({ role }) => role === "user").map(({ content }) => content).join(
    "\n",
  );
  return JSON.parse([...text.matchAll(section)].at(-1)?.[1] ?? "null");
}
