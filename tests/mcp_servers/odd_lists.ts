// A server whose tool list comes in pages that never end and holds what is no tool.
import { serve, text } from "./protocol.ts";

const broken = [null, 5, { name: 7 }, { name: "" }, { description: "nameless" }];

await serve({
  tools: () => [{ name: "first", run: () => text("1") }],
  list: ({ cursor }) => {
    if (cursor === undefined) return { tools: [{ name: "first" }, ...broken], nextCursor: "b" };
    const schema = { type: "string", properties: "none", $ref: "#/nowhere" };
    const second = { name: "second", description: "d".repeat(5000), inputSchema: schema };
    return { tools: [second, { name: "first" }], nextCursor: "b" };
  },
});
