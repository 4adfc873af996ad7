// A server that tries to reach what it is told to, over the network.
import { serve, text } from "./protocol.ts";

await serve({
  tools: () => [{
    name: "dial",
    run: async ({ port }) => {
      try {
        using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
        return text(`connected to ${connection.remoteAddr.transport}`);
      } catch (thrown) {
        return text(`not connected: ${thrown instanceof Error ? thrown.name : thrown}`);
      }
    },
  }],
});
