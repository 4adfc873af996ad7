// A server with a tool for each way to misbehave during a call.
import { send, serve, text, type Tool, write } from "./protocol.ts";

const never = () => new Promise<void>(() => {});

let deaf = false;

const TOOLS: readonly Tool[] = [
  { name: "works", run: () => text("fine") },
  { name: "pid", run: () => text(String(Deno.pid)) },
  {
    name: "dies",
    run: () => {
      console.error("about to die");
      Deno.exit(3);
    },
  },
  { name: "hangs", run: never },
  {
    name: "hangs_hard",
    run: () => {
      for (;;);
    },
  },
  {
    name: "floods",
    run: () => {
      for (;;) send({ method: "notifications/message", params: { data: "x".repeat(1000) } });
    },
  },
  {
    name: "floods_errors",
    run: () => {
      for (let i = 0; i < 2000; i++) console.error(`${i} ${"e".repeat(1000)}`);
      return text("after the flood");
    },
  },
  {
    name: "prints_garbage",
    run: () => {
      write(
        'Loading…\n\n{"half": \n[1,2]\n"text"\n{"jsonrpc":"1.0"}\n\u0000\uFFFF\n{"jsonrpc":"2.0"}\n',
      );
      return text("between garbage");
    },
  },
  {
    name: "answers_with_wrong_id",
    run: (_args, id) => {
      send({ id: id + 1000, result: text("for someone else") });
      send({ id: "x", result: text("for nobody") });
    },
  },
  {
    name: "answers_twice",
    run: (_args, id) => (send({ id, result: text("first") }), text("second")),
  },
  { name: "answers_with_text", run: (_args, id) => send({ id, result: "just text" }) },
  { name: "answers_with_nothing", run: (_args, id) => send({ id }) },
  { name: "answers_with_bad_error", run: (_args, id) => send({ id, error: "oh" }) },
  {
    name: "answers_oddly",
    run: () => ({ content: "no list", isError: "maybe", structuredContent: 3 }),
  },
  {
    name: "answers_with_odd_blocks",
    run: () => ({
      content: [null, 3, { type: 5 }, { type: "text", text: 7 }, { type: "image", data: "%" }, {
        type: "resource",
      }],
    }),
  },
  {
    name: "nests_deeply",
    run: (_args, id) => {
      const depth = 200_000;
      const value = `${"[".repeat(depth)}${"]".repeat(depth)}`;
      write(`{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":${value}}}\n`);
    },
  },
  {
    name: "answers_with_huge_line",
    run: ({ bytes }) => text("h".repeat(Number(bytes))),
  },
  {
    name: "stops_reading",
    run: () => {
      deaf = true;
      return text("I read no more");
    },
  },
  {
    name: "asks_back",
    run: () => {
      send({ id: 77, method: "roots/list" });
      send({ id: 78, method: "sampling/createMessage", params: {} });
      return text("asked");
    },
  },
];

await serve({
  tools: () => TOOLS,
  seen: () => {
    if (deaf) { for (;;); }
  },
});
