// A server whose tool list grows by one with every call, which it tells.
import { send, serve, text, type Tool } from "./protocol.ts";

let count = 1;

function grow(): unknown {
  count++;
  send({ method: "notifications/tools/list_changed" });
  return text("grown");
}

await serve({
  tools: () =>
    Array.from({ length: count }, (_, index): Tool => ({ name: `tool_${index}`, run: grow })),
});
