// The settings of a flow as a generated project carries them: what `runtime.yaml` said, with defaults, in
// its own words and without secrets. What `config/runtime.yaml` of the project says goes before.
import type { FlowSecrets, RuntimeConfig } from "../flow/flow_source.ts";

const DEFAULT_REDIS_URL = "redis://127.0.0.1:6379";

/** The map that `readRuntimeConfig` reads back to the same settings. */
export function settingsMap(
  config: RuntimeConfig,
  { redisUrl }: Pick<FlowSecrets, "redisUrl">,
): Readonly<Record<string, unknown>> {
  const { llm, memory, retry, limits } = config;
  return {
    llm: {
      provider: llm.provider,
      ...(llm.model !== "" && { model: llm.model }),
      ...(llm.baseUrl !== null && isOpen(llm.baseUrl) && { base_url: llm.baseUrl }),
      ...(llm.temperature !== null && { temperature: llm.temperature }),
      ...(llm.maxTokens !== null && { max_tokens: llm.maxTokens }),
    },
    memory: {
      backend: memory.backend,
      path: memory.path,
      redis: {
        ...(redisUrl !== DEFAULT_REDIS_URL && isOpen(redisUrl) && { url: redisUrl }),
        pool_size: memory.redis.poolSize,
        ttl: memory.redis.ttlSeconds,
        key_prefix: memory.redis.keyPrefix,
      },
    },
    on_missing_doc: config.onMissingDoc,
    retry: {
      attempts: retry.attempts,
      min_s: retry.minMs / 1000,
      max_s: retry.maxMs / 1000,
    },
    limits: {
      workers: limits.workers,
      body_bytes: limits.bodyBytes,
      request_s: limits.requestMs / 1000,
    },
    docs_dir: config.docsDir,
    cors: { origins: config.corsOrigins },
    log_level: config.logLevel,
    port: config.port,
  };
}

/** Addresses of the settings that hold a secret and are therefore left out, by their key. */
export function leftOut(
  { llm }: Pick<RuntimeConfig, "llm">,
  { redisUrl }: Pick<FlowSecrets, "redisUrl">,
): readonly string[] {
  return [
    ...(llm.baseUrl !== null && !isOpen(llm.baseUrl) ? ["llm.base_url"] : []),
    ...(isOpen(redisUrl) ? [] : ["memory.redis.url"]),
  ];
}

/** Whether an address holds no user, password, query or fragment, where a secret could be. */
function isOpen(address: string): boolean {
  try {
    const { username, password, search, hash } = new URL(address);
    return username + password + search + hash === "";
  } catch {
    return false;
  }
}
