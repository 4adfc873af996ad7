// A profile: a model connection that a person keeps under a name. `profiles.schema.json` is the contract.

/** What a profile is made from. `ollama` speaks Ollama's own protocol, all others OpenAI's. */
export const PRESET_NAMES = [
  "openai",
  "azure-openai",
  "ollama",
  "lm-studio",
  "llama-cpp",
  "openrouter",
  "deepseek",
  "anthropic",
  "gemini",
  "custom",
] as const;

/** A word of `PRESET_NAMES`. */
export type PresetName = (typeof PRESET_NAMES)[number];

/** A model connection with a name. What is left out is the preset's. */
export interface Profile {
  /** 1 to 64 of `a-z A-Z 0-9 . _ -`, unique ignoring case. */
  readonly name: string;
  readonly preset: PresetName;
  readonly model: string;
  /** Up to and including `/v1` or what the server has in its place. */
  readonly baseUrl?: string;
  /** Where the key comes from; `value` is stored in the data folder, readable by this user only. */
  readonly key?: { readonly env: string } | { readonly value: string };
  /** Sent with every request; values are treated as secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly idleTimeoutMs?: number;
  readonly maxRetries?: number;
  /** Prompt and answer together; what Ollama is told as `num_ctx`. */
  readonly contextWindowTokens?: number;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  readonly streaming?: boolean;
  readonly prices?: ModelPrices;
  readonly lastTest?: ProfileTest;
}

/** US dollars for a million tokens. */
export interface ModelPrices {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

/** The outcome of `profile test`, shown before a run. */
export interface ProfileTest {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly model: string;
  /** 0 to 100: weighted share of the exercises that passed; 0 if the server or model is not there. */
  readonly score: number;
  readonly exercises: readonly ExerciseResult[];
}

/** The exercises of a profile test, in their order. */
export const EXERCISES = [
  "reachable",
  "model_present",
  "streaming",
  "tool_call",
  "parallel_tool_calls",
  "long_prompt",
  "json_arguments",
  "three_nodes",
] as const;

/** One exercise. */
export interface ExerciseResult {
  readonly exercise: (typeof EXERCISES)[number];
  readonly passed: boolean;
  /** One sentence: what was seen, and what to do if it failed. */
  readonly reason: string;
  readonly durationMs: number;
}
