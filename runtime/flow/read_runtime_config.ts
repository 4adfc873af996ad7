// `runtime.yaml` with its defaults, and what `.env` files and the environment say instead. Secrets come
// out apart and are never shown by a finding.
import type { PresetName } from "../../schemas/profile.ts";
import { PRESETS } from "../llm/presets.ts";
import type { FieldReader } from "./field_reader.ts";
import { type FindingList, listed, quoted } from "./finding_list.ts";
import type {
  AgentMemory,
  FlowSecrets,
  LlmConfig,
  MemoryConfig,
  OnMissingDoc,
  RuntimeConfig,
} from "./flow_source.ts";
import { readMemoryScope } from "./read_memory_scope.ts";
import { yamlFields } from "./yaml_fields.ts";

/** Variables by name; what is empty counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What was read. */
export interface RuntimeSettings {
  readonly config: RuntimeConfig;
  readonly secrets: FlowSecrets;
  /** What an agent without `memory_scope` gets. */
  readonly defaultMemory: AgentMemory;
}

/** The text of `runtime.yaml` and the variables that apply, `.env` files already below them. */
export interface RuntimeTexts {
  /** Empty if there is none. */
  readonly yaml: string;
  readonly file: string;
  readonly env: Environment;
}

const MISSING_DOC: readonly OnMissingDoc[] = ["wait", "skip", "error"];
const LOG_LEVELS: readonly RuntimeConfig["logLevel"][] = ["debug", "info", "warn", "error"];
const BACKENDS: readonly MemoryConfig["backend"][] = ["file", "redis"];
const YAML_HINT = "Correct the YAML; until then the defaults hold";
const LONGEST_S = 86_400;
const MEBIBYTE = 1024 * 1024;
const DEFAULT_REDIS_URL = "redis://127.0.0.1:6379";

/** Reads the settings; whatever is wrong is a finding, and its default holds. */
export function readRuntimeConfig(texts: RuntimeTexts, findings: FindingList): RuntimeSettings {
  const { file, env } = texts;
  const fields = yamlFields({ text: texts.yaml, file, hint: YAML_HINT }, findings);
  const variable = (name: string) => env[name]?.trim() || undefined;
  const memory = fields.map("memory");
  const redis = redisFields(fields, memory);
  const retry = fields.map("retry");
  const minMs = seconds(retry, "min_s", 2);
  const config: RuntimeConfig = {
    llm: llmConfig(fields.map("llm"), variable, { file, findings }),
    memory: memoryConfig(memory, redis, variable("MEMORY_BACKEND"), { file, findings }),
    onMissingDoc: fields.oneOf("on_missing_doc", MISSING_DOC) ?? "skip",
    retry: {
      attempts: retry.integer("attempts", { min: 1, max: 20 }) ?? 3,
      minMs,
      maxMs: Math.max(minMs, seconds(retry, "max_s", 10)),
    },
    limits: limitsOf(fields.map("limits"), variable("MAX_WORKERS"), findings),
    docsDir: fields.text("docs_dir") ?? "docs",
    corsOrigins: fields.map("cors").texts("origins"),
    logLevel: wordOf(variable("LOG_LEVEL")?.toLowerCase(), LOG_LEVELS, "LOG_LEVEL", findings) ??
      fields.oneOf("log_level", LOG_LEVELS) ?? "info",
    port: integerOf(variable("PORT"), { min: 0, max: 65_535 }, "PORT", findings) ??
      fields.integer("port", { min: 0, max: 65_535 }) ?? 8080,
  };
  const defaultMemory = readMemoryScope(memory, "default_scope") ?? { kind: "isolated" };
  const redisUrl = variable("REDIS_URL") ?? redis.url ?? DEFAULT_REDIS_URL;
  fields.warnOfUnknownKeys();
  return { config, defaultMemory, secrets: secretsOf(config.llm, redisUrl, variable) };
}

interface Reporting {
  readonly file: string;
  readonly findings: FindingList;
}

type Variable = (name: string) => string | undefined;

function seconds(fields: FieldReader, key: string, fallback: number): number {
  return Math.round((fields.number(key, { min: 0, max: LONGEST_S }) ?? fallback) * 1000);
}

function llmConfig(llm: FieldReader, variable: Variable, reporting: Reporting): LlmConfig {
  const named = variable("LLM_PROVIDER") ?? llm.text("provider");
  const baseUrl = variable("OPENAI_BASE_URL") ?? variable("LLM_BASE_URL") ?? llm.text("base_url");
  const model = variable("OPENAI_MODEL") ?? variable("LLM_MODEL") ?? llm.text("model") ?? "";
  const temperature = llm.number("temperature", { min: 0, max: 2 }) ?? null;
  const maxTokens = llm.integer("max_tokens", { min: 1, max: 10_000_000 }) ?? null;
  const testing = variable("TESTING");
  const provider = providerOf(named, reporting);
  llm.warnOfUnknownKeys();
  if (testing === "1" || testing === "true" || provider === "echo") {
    return { provider: "echo", model: "echo", baseUrl: null, temperature, maxTokens };
  }
  if (model === "") {
    reporting.findings.warning({
      code: "FLOW_MODEL_MISSING",
      file: reporting.file,
      message: "No model is named, so every agent will fail",
      hint: 'Write "llm: {model: …}" or set OPENAI_MODEL; TESTING=1 runs without a model',
    });
  }
  return { provider, model, baseUrl: baseUrl ?? null, temperature, maxTokens };
}

function providerOf(
  named: string | undefined,
  { file, findings }: Reporting,
): LlmConfig["provider"] {
  const name = named?.toLowerCase().replaceAll("_", "-") ?? "openai";
  if (name === "echo") return "echo";
  if (name === "azure") return "azure-openai";
  if (Object.hasOwn(PRESETS, name)) return name as PresetName;
  const known = [...Object.keys(PRESETS), "echo"];
  const hint = `The providers are ${listed(known)}`;
  const message = `There is no provider ${quoted(named)}`;
  findings.error({ code: "FLOW_VALUE_INVALID", file, message, hint });
  return "custom";
}

interface RedisFields {
  readonly url: string | undefined;
  readonly poolSize: number;
  readonly ttlSeconds: number;
  readonly keyPrefix: string;
}

/** Under `memory.redis`, or under a `redis` of its own. */
function redisFields(fields: FieldReader, memory: FieldReader): RedisFields {
  const own = fields.map("redis");
  const inner = memory.map("redis");
  const pick = <Value>(read: (from: FieldReader) => Value | undefined) => {
    const [first, second] = [read(inner), read(own)];
    return first ?? second;
  };
  const sizes = { min: 1, max: 1000 };
  const poolSize = pick((from) => from.integer("pool_size", sizes));
  const most = pick((from) => from.integer("max_connections", sizes));
  const read = {
    url: pick((from) => from.text("url")),
    poolSize: poolSize ?? most ?? 10,
    ttlSeconds: pick((from) => from.integer("ttl", { min: 1, max: 366 * LONGEST_S })) ?? 86_400,
    keyPrefix: pick((from) => from.text("key_prefix")) ?? "bmad_pf_",
  };
  own.warnOfUnknownKeys();
  inner.warnOfUnknownKeys();
  return read;
}

function memoryConfig(
  memory: FieldReader,
  { poolSize, ttlSeconds, keyPrefix }: RedisFields,
  chosen: string | undefined,
  { findings }: Reporting,
): MemoryConfig {
  const backend = wordOf(chosen, BACKENDS, "MEMORY_BACKEND", findings) ??
    memory.oneOf("backend", BACKENDS) ?? "file";
  const path = memory.text("path") ?? "memory";
  memory.raw("default_scope");
  memory.warnOfUnknownKeys();
  return { backend, path, redis: { poolSize, ttlSeconds, keyPrefix } };
}

function limitsOf(
  limits: FieldReader,
  maxWorkers: string | undefined,
  findings: FindingList,
): RuntimeConfig["limits"] {
  const bounds = { min: 1, max: 1000 };
  const read = {
    workers: integerOf(maxWorkers, bounds, "MAX_WORKERS", findings) ??
      limits.integer("workers", bounds) ?? 4,
    bodyBytes: limits.integer("body_bytes", { min: 1024, max: 1024 * MEBIBYTE }) ?? MEBIBYTE,
    requestMs: Math.max(1, seconds(limits, "request_s", 300)),
  };
  limits.warnOfUnknownKeys();
  return read;
}

function wordOf<Word extends string>(
  text: string | undefined,
  words: readonly Word[],
  name: string,
  findings: FindingList,
): Word | undefined {
  if (text === undefined) return undefined;
  const word = words.find((word) => word === text);
  if (word === undefined) reportVariable(name, `Set one of ${listed(words)}`, findings);
  return word;
}

function integerOf(
  text: string | undefined,
  { min, max }: { readonly min: number; readonly max: number },
  name: string,
  findings: FindingList,
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  reportVariable(name, `Set a whole number from ${min} to ${max}`, findings);
  return undefined;
}

function reportVariable(name: string, hint: string, findings: FindingList): void {
  findings.error({
    code: "FLOW_VALUE_INVALID",
    file: "environment",
    message: `The variable ${name} has a value that cannot be used`,
    hint,
  });
}

function secretsOf({ provider }: LlmConfig, redisUrl: string, variable: Variable): FlowSecrets {
  const own = provider === "echo" ? undefined : variable(PRESETS[provider].keyEnv);
  const isOpenAi = provider === "openai" || provider === "custom";
  const apiKey = own ?? variable("LLM_API_KEY") ??
    (isOpenAi ? variable("OPENAI_API_KEY") ?? variable("CREWAGENT_API_KEY") : undefined);
  const flowsToken = variable("FLOWS_TOKEN");
  return { redisUrl, ...(apiKey && { apiKey }), ...(flowsToken && { flowsToken }) };
}
