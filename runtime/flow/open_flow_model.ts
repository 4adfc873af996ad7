// From the settings of a flow to its model. Nothing is sent before the first request, and what is missing
// then fails that request: a service starts without a model.
import type { Profile } from "../../schemas/profile.ts";
import { AppError } from "../../schemas/error.ts";
import type { HttpConnection } from "../llm/connection.ts";
import { PRESETS } from "../llm/presets.ts";
import { profileConnection } from "../llm/profile_connection.ts";
import { type RetryClock, SYSTEM_CLOCK } from "../llm/retry.ts";
import { echoModel } from "./echo_model.ts";
import type { FlowModel } from "./flow_ports.ts";
import type { FlowSecrets, RuntimeConfig } from "./flow_source.ts";

/**
 * The model that the settings name. It retries as `retry` says: 429, 5xx and network failures only.
 * Its requests throw AppError `LLM_NOT_CONFIGURED` if the model, its address or its key is missing.
 */
export function openFlowModel(
  config: Pick<RuntimeConfig, "llm" | "retry" | "limits">,
  secrets: FlowSecrets,
  clock: RetryClock = SYSTEM_CLOCK,
): FlowModel {
  const { provider, model } = config.llm;
  if (provider === "echo") return echoModel();
  let opened: Promise<FlowModel> | undefined;
  return {
    provider,
    model,
    async complete(request) {
      opened ??= open(flowConnection(config, secrets), clock);
      return await (await opened).complete(request);
    },
  };
}

/**
 * The connection of the settings; also for asking whether the server is there.
 * @throws AppError `LLM_NOT_CONFIGURED`
 */
export function flowConnection(
  { llm, retry, limits }: Pick<RuntimeConfig, "llm" | "retry" | "limits">,
  { apiKey }: FlowSecrets,
): HttpConnection {
  const { provider, model, baseUrl, temperature, maxTokens } = llm;
  if (provider === "echo" || model === "") {
    const message =
      'No model is named. Write "llm: {model: …}" in runtime.yaml, or set OPENAI_MODEL';
    throw new AppError("LLM_NOT_CONFIGURED", message);
  }
  const profile: Profile = {
    name: "runtime.yaml",
    preset: provider,
    model,
    timeoutMs: limits.requestMs,
    maxRetries: retry.attempts - 1,
    ...(baseUrl !== null && { baseUrl }),
    ...(temperature !== null && { temperature }),
    ...(maxTokens !== null && { maxOutputTokens: maxTokens }),
  };
  const env = { [PRESETS[provider].keyEnv]: apiKey };
  const backoff = { firstMs: retry.minMs, maxMs: retry.maxMs };
  return { ...profileConnection(profile, env), backoff };
}

async function open(connection: HttpConnection, clock: RetryClock): Promise<FlowModel> {
  if (connection.provider === "ollama") {
    const { ollamaLlm } = await import("../llm/ollama.ts");
    return ollamaLlm(connection, clock);
  }
  const { openAiLlm } = await import("../llm/openai.ts");
  return openAiLlm(connection, clock);
}
