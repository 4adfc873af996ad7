// A hono route that does nothing, as a process of its own: what a request costs on this machine anyway.
import { Hono } from "hono";

const app = new Hono();
app.get("/", (c) => c.json({ status: "ok" }));
const onListen = ({ port }: Deno.NetAddr) => console.log(`http://127.0.0.1:${port}`);
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, app.fetch);
