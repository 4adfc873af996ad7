// A server that does all that tools can do, and tells what it was given.
import { serve, text, type Tool } from "./protocol.ts";

const cancelled: unknown[] = [];

const TOOLS: readonly Tool[] = [
  {
    name: "echo",
    description: `Gives back "text". Runs in ${Deno.cwd()}`,
    inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
    run: (args) => text(JSON.stringify(args)),
  },
  { name: "environment", run: () => text(JSON.stringify(Deno.env.toObject())) },
  { name: "folder", run: () => text(`I run in ${Deno.cwd()}.`, `file://${Deno.cwd()}/a.md`) },
  { name: "read", run: ({ path }) => text(Deno.readTextFileSync(String(path))) },
  { name: "pid", run: () => text(String(Deno.pid)) },
  {
    name: "slow",
    run: async ({ ms }) => {
      await new Promise((resolve) => setTimeout(resolve, Number(ms)));
      return text("late");
    },
  },
  { name: "cancelled", run: () => text(JSON.stringify(cancelled)) },
  {
    name: "structured",
    run: () => ({
      content: [{ type: "text", text: "one" }, { type: "text", text: "two" }],
      structuredContent: { path: `${Deno.cwd()}/a.md`, [`${Deno.cwd()}/b.md`]: 1 },
    }),
  },
  {
    name: "media",
    run: () => ({
      content: [
        { type: "image", mimeType: "image/png", data: btoa("picture") },
        { type: "resource", resource: { uri: `file://${Deno.cwd()}/a.md`, text: "inside" } },
        { type: "resource", resource: { uri: "x://y", mimeType: "a/b", blob: btoa("blob") } },
        { type: "resource_link", uri: `file://${Deno.cwd()}/b.md`, name: "b" },
      ],
    }),
  },
  { name: "large", run: ({ bytes }) => text("ä".repeat(Number(bytes) / 2)) },
  { name: "fails", run: () => ({ isError: true, ...text(`No ${Deno.cwd()}/a.md`) as object }) },
  {
    name: "picky",
    run: () => ({ isError: true, ...text("MCP error -32602: Input validation error") as object }),
  },
  {
    name: "a.name with spaces/that is much too long for the names of tools of models",
    run: () => text("odd"),
  },
];

console.error("ready");
await serve({
  tools: () => TOOLS,
  seen: ({ method, params }) => {
    if (method === "notifications/cancelled") cancelled.push(params?.requestId);
  },
});
