// The model of `engine.ts`: a server that answers every request with one tool call, as a stream.
const encoder = new TextEncoder();
let turn = 0;

const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen: () => {} },
  async (request) => {
    await request.text();
    turn += 1;
    const path = `@project/artifacts/file-${Math.floor(turn / 2) % 10}.md`;
    const call = turn % 2
      ? {
        name: "fs_write",
        arguments: JSON.stringify({ path, content: `turn ${turn}\n`.repeat(20) }),
      }
      : {
        name: "fs_read",
        arguments: JSON.stringify({ path: path.replace(/\d+/, String((turn / 2 - 1) % 10)) }),
      };
    const chunk = (delta: unknown, finish: string | null) =>
      `data: ${
        JSON.stringify({
          id: "c",
          object: "chat.completion.chunk",
          choices: [{ index: 0, delta, finish_reason: finish }],
        })
      }\n\n`;
    const half = call.arguments.length >> 1;
    const piece = (text: string) => ({ tool_calls: [{ index: 0, function: { arguments: text } }] });
    const body = [
      chunk({
        role: "assistant",
        tool_calls: [{
          index: 0,
          id: `call_${turn}`,
          type: "function",
          function: { name: call.name, arguments: "" },
        }],
      }, null),
      chunk(piece(call.arguments.slice(0, half)), null),
      chunk(piece(call.arguments.slice(half)), null),
      chunk({}, "tool_calls"),
      "data: [DONE]\n\n",
    ].join("");
    return new Response(encoder.encode(body), { headers: { "content-type": "text/event-stream" } });
  },
);
console.log(`http://127.0.0.1:${server.addr.port}/v1`);
