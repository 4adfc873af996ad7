import { ok } from "node:assert/strict";
import { embeddedUrl } from "../../../runtime/package/embedded.ts";

Deno.test("embeddedUrl() finds the examples from source", async () => {
  ok((await Deno.stat(embeddedUrl("examples/"))).isDirectory);
});
