// A server that ends at once when its input ends, and leaves a child that holds its pipes.
import { serve, text } from "./protocol.ts";

const { pid } = new Deno.Command("sleep", { args: ["300"], stdin: "null" }).spawn();
await serve({
  tools: () => [
    { name: "child", run: () => text(String(pid)) },
    { name: "dies", run: () => Deno.exit(1) },
  ],
});
Deno.exit(0);
