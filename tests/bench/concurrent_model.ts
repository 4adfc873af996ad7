// The model of `concurrent.ts`: writes the word of the run it is asked by, then goes on.
import { startModelServer } from "../model_server/model_server.ts";
import type { Reply } from "../model_server/script.ts";

/** Starts the model. It keeps nothing: every answer comes from the request. */
export function startConcurrentModel() {
  let requests = 0;
  const server = startModelServer({
    reply({ body: { messages = [] } }): Reply {
      requests += 1;
      const said = messages.map(({ content }) => String(content)).join("\n");
      const briefs = [...said.matchAll(/(?:^|\n)NODE_BRIEF\n(\{.*?\n\})/gs)];
      const { node, allowedNext } = JSON.parse(briefs.at(-1)?.[1] ?? "{}");
      const word = /word-\d+-end/.exec(said)?.[0];
      const hasWritten = messages.some(({ role }) => role === "tool");
      if (word !== undefined && !hasWritten) {
        const file = { path: `@project/artifacts/${node.id}.md`, content: `${word}\n` };
        return { toolCalls: [{ name: "fs_write", arguments: file }] };
      }
      const finish = { nodeId: node.id, next: allowedNext[0]?.to };
      return { toolCalls: [{ name: "state_complete_node", arguments: finish }] };
    },
  });
  return {
    baseUrl: server.baseUrl,
    requests: () => requests,
    close: () => server[Symbol.asyncDispose](),
  };
}
