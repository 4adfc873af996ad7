import assert from "node:assert/strict";
import { simulatedConnection } from "../../../runtime/llm/connection.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import { connectionTo, recordingRequest } from "./served_model.ts";

Deno.test("openLlm() opens a served model", async () => {
  await using server = startModelServer({ replies: [{ text: "Hello" }] });
  const llm = openLlm(connectionTo(server));
  const { provider, model, simulated, contextWindowTokens } = llm;
  assert.deepEqual({ provider, model, simulated, contextWindowTokens }, {
    provider: "openai",
    model: "test-model",
    simulated: false,
    contextWindowTokens: 8_000,
  });
  assert.equal((await llm.complete(recordingRequest().request)).content, "Hello");
});

Deno.test("openLlm() opens the simulation and labels it", async () => {
  const llm = openLlm(simulatedConnection());
  assert.deepEqual([llm.provider, llm.simulated], ["simulate", true]);
  assert.match((await llm.complete(recordingRequest().request)).content, /^\[simulation\]/);
});
