import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readCallResult, type ResultOptions } from "../../../../runtime/tools/mcp/call_result.ts";
import { mapPaths } from "../../../../runtime/tools/mcp/path_mapping.ts";

const options: ResultOptions = { maxBytes: 1000, paths: mapPaths([]) };
const text = (text: string) => ({ type: "text", text });

Deno.test("readCallResult() gives bytes as they came where there is no store", () => {
  const image = { type: "image", mimeType: "image/png", data: btoa("abc") };
  deepEqual(readCallResult({ content: [image] }, options), {
    ok: true,
    blocks: [{ type: "image", mimeType: "image/png", bytes: 3, data: btoa("abc") }],
  });
});

Deno.test("readCallResult() says where bytes cannot be read", () => {
  const result = readCallResult({ content: [{ type: "audio", data: "%" }] }, options);
  match(JSON.stringify(result), /"bytes":0,"note":"The server sent no readable data"/);
});

Deno.test("readCallResult() gives an empty answer as a success", () => {
  deepEqual(readCallResult({}, options), { ok: true });
  deepEqual(readCallResult({ content: [] }, options), { ok: true });
  deepEqual(readCallResult({ content: [text("")] }, options), { ok: true, text: "" });
});

Deno.test("readCallResult() stores all of a result over the limit, and shows the text first", () => {
  const stored: string[] = [];
  const store = (bytes: Uint8Array) => `@x/${stored.push(new TextDecoder().decode(bytes))}`;
  const answer = { content: [text("short")], structuredContent: { a: "b".repeat(2000) } };
  const result = readCallResult(answer, { ...options, store });
  ok(result.ok);
  deepEqual([result.contentPreview, result.stored, result.truncated], ["short", "@x/1", true]);
  deepEqual(JSON.parse(stored[0] ?? ""), {
    ok: true,
    text: "short",
    structuredContent: { a: "b".repeat(2000) },
  });
});

Deno.test("readCallResult() keeps a preview within the limit, whatever is in it", () => {
  for (const character of ["a", "ä", "€", "😀", "\u0000"]) {
    const result = readCallResult({ content: [text(character.repeat(5000))] }, options);
    ok(result.ok);
    const preview = String(result.contentPreview);
    ok(new TextEncoder().encode(preview).length <= 1000);
    equal(preview.replaceAll(character, ""), "");
  }
});

Deno.test("readCallResult() tells what a tool said of its failure, and by which code", () => {
  const table: readonly (readonly [said: string, code: string])[] = [
    ["Error: ENOENT: no such file", "E_PRECONDITION_FAILED"],
    ["MCP error -32602: Invalid arguments for tool x", "E_TOOL_ARGS"],
    ["Input validation error: [...]", "E_TOOL_ARGS"],
    ["MCP error -32602: Tool x not found", "E_TOOL_UNKNOWN"],
    ["Tool x not found", "E_TOOL_UNKNOWN"],
  ];
  for (const [said, code] of table) {
    const result = readCallResult({ isError: true, content: [text(said)] }, options);
    deepEqual(result, { ok: false, error: { code, message: said } });
  }
  const mute = readCallResult({ isError: true }, options);
  match(JSON.stringify(mute), /did not say why/);
  const long = readCallResult({ isError: true, content: [text("e".repeat(90_000))] }, options);
  ok(JSON.stringify(long).length < 5000);
});
