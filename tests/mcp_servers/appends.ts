// A server whose only tool has an effect that can be counted: each call leaves one line in a file.
import { serve, text } from "./protocol.ts";

await serve({
  tools: () => [{
    name: "append",
    description: "Appends a line to a file",
    inputSchema: {
      type: "object",
      properties: { path: { type: "string" }, text: { type: "string" } },
      required: ["path", "text"],
    },
    run: ({ path, text: line }) => {
      Deno.writeTextFileSync(String(path), `${line}\n`, { append: true });
      return text("appended");
    },
  }],
});
