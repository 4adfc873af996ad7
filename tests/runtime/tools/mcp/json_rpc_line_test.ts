import { deepEqual, equal } from "node:assert/strict";
import { readMessage } from "../../../../runtime/tools/mcp/json_rpc_line.ts";

Deno.test("readMessage() reads requests, notifications, results and errors as they are", () => {
  const messages = [
    { jsonrpc: "2.0", id: 1, method: "ping" },
    { jsonrpc: "2.0", method: "notifications/message", params: {} },
    { jsonrpc: "2.0", id: "a", result: {} },
    { jsonrpc: "2.0", id: 1, error: { code: -32602, message: "No" } },
  ];
  for (const message of messages) {
    deepEqual(readMessage(JSON.stringify(message)) as unknown, message);
  }
});

Deno.test("readMessage() takes nothing else for a message", () => {
  const lines = [
    "",
    "Listening on stdio",
    "{",
    "null",
    "3",
    '"text"',
    "[]",
    "{}",
    '{"jsonrpc":"1.0","id":1,"result":{}}',
    '{"jsonrpc":"2.0"}',
    '{"jsonrpc":"2.0","id":null,"result":{}}',
    '{"jsonrpc":"2.0","id":{},"result":{}}',
  ];
  for (const line of lines) equal(readMessage(line), undefined, line);
});

Deno.test("readMessage() makes an error of a damaged answer, so that its call fails at once", () => {
  const damaged = ['"result":"text"', '"result":[]', '"result":null', '"error":"x"', '"error":{}'];
  for (const part of damaged) {
    const message = readMessage(`{"jsonrpc":"2.0","id":7,${part}}`) as { error?: unknown };
    deepEqual(message.error, {
      code: -32603,
      message: "the server's answer holds neither a result object nor an error",
    }, part);
  }
});
