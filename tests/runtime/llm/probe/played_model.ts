// A model that does every exercise of a profile test right, for a test model server, and ways to spoil it.
import type { ModelRequest, Reply, ReplyFunction } from "../../../model_server/script.ts";

/** What a request is about. */
export type Asked =
  | "ready"
  | "numbers"
  | "code_word"
  | "one_read"
  | "two_reads"
  | "save_note"
  | "workflow";

/** Which exercise a request belongs to, by what it says and offers. */
export function askedIn({ body }: ModelRequest): Asked {
  const tools = body.tools?.map((tool) => tool.function.name) ?? [];
  const task = textOf({ body });
  if (tools.includes("state_complete_node")) return "workflow";
  if (tools.includes("save_note")) return "save_note";
  if (tools.includes("fs_read")) return task.includes("at once") ? "two_reads" : "one_read";
  if (task.includes("code word")) return "code_word";
  return task.includes("twelve") ? "numbers" : "ready";
}

/** The right answer to any request of a test; reads what it was sent and nothing else. */
export function goodModel(request: ModelRequest): Reply {
  const task = textOf(request);
  switch (askedIn(request)) {
    case "ready":
      return { text: "ready" };
    case "numbers":
      return { text: "one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve" };
    case "code_word":
      return { text: /The code word is (\S+)\./.exec(task)?.[1] ?? "I know of no code word" };
    case "save_note": {
      const args = JSON.parse(task.slice(task.indexOf("\n\n{") + 2));
      return { toolCalls: [{ name: "save_note", arguments: args }] };
    }
    case "workflow":
      return playNode(request, task);
    default:
      return {
        toolCalls: Array.from(task.matchAll(/"(@project[^"]*)"/g), ([, path]) => ({
          name: "fs_read",
          arguments: { path },
        })),
      };
  }
}

/** The good model, but for some requests: those get what `spoil` makes of the right answer. */
export function spoiled(
  asked: readonly Asked[] | "all",
  spoil: (reply: Reply, request: ModelRequest) => Reply,
): ReplyFunction {
  return (request) => {
    const reply = goodModel(request);
    return asked === "all" || asked.includes(askedIn(request)) ? spoil(reply, request) : reply;
  };
}

/** A server that reads only the last characters of a prompt, and counts only these. */
export function readsOnlyTheEnd(characters: number): ReplyFunction {
  return (request) => {
    const text = textOf(request);
    if (text.length <= characters) return goodModel(request);
    const messages = [{ role: "user" as const, content: text.slice(-characters) }];
    const reply = goodModel({ ...request, body: { ...request.body, messages } });
    const promptTokens = Math.round(characters / 4);
    return { ...reply, usage: { promptTokens, completionTokens: 5 } };
  };
}

/** Reads the step file, as long as the last result is not one, then completes the node with what the file says. */
function playNode({ body, nodeId = "" }: ModelRequest, task: string): Reply {
  const result = body.messages?.findLast(({ role }) => role === "tool")?.content;
  const { ok, content } = JSON.parse(result ?? "{}");
  if (!ok) {
    const path = /"stepFile": "([^"]+)"/.exec(task)?.[1];
    return { toolCalls: [{ name: "fs_read", arguments: { path } }] };
  }
  const variables = JSON.parse(/"variables":(\{[^}]*\})/.exec(content)?.[1] ?? "{}");
  const next = /"to": "([^"]+)"/.exec(task)?.[1];
  const args = { nodeId, ...(next && { next }), variables };
  return { toolCalls: [{ name: "state_complete_node", arguments: args }] };
}

function textOf({ body }: Pick<ModelRequest, "body">): string {
  const asked = body.messages?.filter(({ role }) => role === "system" || role === "user") ?? [];
  return asked.map(({ content }) => content).join("\n\n");
}
