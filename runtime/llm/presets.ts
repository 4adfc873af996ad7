// What the usual model servers need, as one table. A profile takes from here what it leaves out.
import type { PresetName } from "../../schemas/profile.ts";

/** What is known of a kind of model server. */
export interface Preset {
  readonly title: string;
  readonly protocol: "openai" | "ollama";
  /** Absent where every person has their own: the profile must name it. */
  readonly baseUrl?: string;
  /** The environment variable in which the key usually is. */
  readonly keyEnv: string;
  /** Without a key the server refuses; one on this machine never needs any. */
  readonly needsKey: boolean;
  /** The header that carries the key, where it is not `authorization: Bearer`. */
  readonly keyHeader?: string;
  readonly contextWindowTokens: number;
  /** Where the list of models is not at `/models` beside the API, or wants more than the key. */
  readonly modelList?: ModelList;
  /** One or two sentences for a person who adds a profile. */
  readonly notes: string;
}

/** How a server lists its models. */
export interface ModelList {
  /** A URL relative to the base URL with a slash at its end, so a leading slash is the server's root. */
  readonly path: string;
  /** The header that carries the key for this request. */
  readonly keyHeader?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Servers on this machine are loaded with less than their model could take. */
const LOCAL_WINDOW_TOKENS = 16_384;
const HOSTED_WINDOW_TOKENS = 128_000;

/** Every preset. Endpoints by the providers' own documentation, November 2026. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  "openai": {
    title: "OpenAI",
    protocol: "openai",
    baseUrl: "https://api.openai.com/v1",
    keyEnv: "OPENAI_API_KEY",
    needsKey: true,
    contextWindowTokens: HOSTED_WINDOW_TOKENS,
    notes: "Models have windows of 128,000 tokens and more; set yours with --context.",
  },
  "azure-openai": {
    title: "Azure OpenAI",
    protocol: "openai",
    keyEnv: "AZURE_OPENAI_API_KEY",
    needsKey: true,
    keyHeader: "api-key",
    contextWindowTokens: HOSTED_WINDOW_TOKENS,
    modelList: { path: "/openai/models?api-version=2024-10-21" },
    notes:
      "--base-url https://RESOURCE.openai.azure.com, and --model the name of the deployment. " +
      "Add ?api-version=VERSION for the older API, which has the deployment in its path.",
  },
  "ollama": {
    title: "Ollama",
    protocol: "ollama",
    baseUrl: "http://127.0.0.1:11434",
    keyEnv: "OLLAMA_API_KEY",
    needsKey: false,
    contextWindowTokens: LOCAL_WINDOW_TOKENS,
    modelList: { path: "api/tags" },
    notes: "--context is the window that Ollama is told to use; it costs memory.",
  },
  "lm-studio": {
    title: "LM Studio",
    protocol: "openai",
    baseUrl: "http://127.0.0.1:1234/v1",
    keyEnv: "LM_API_TOKEN",
    needsKey: false,
    contextWindowTokens: LOCAL_WINDOW_TOKENS,
    notes: "Set --context to the window with which the model was loaded.",
  },
  "llama-cpp": {
    title: "llama.cpp",
    protocol: "openai",
    baseUrl: "http://127.0.0.1:8080/v1",
    keyEnv: "LLAMA_API_KEY",
    needsKey: false,
    contextWindowTokens: LOCAL_WINDOW_TOKENS,
    notes: "Start llama-server with --jinja for tool calls; set --context to its --ctx-size.",
  },
  "openrouter": {
    title: "OpenRouter",
    protocol: "openai",
    baseUrl: "https://openrouter.ai/api/v1",
    keyEnv: "OPENROUTER_API_KEY",
    needsKey: true,
    contextWindowTokens: HOSTED_WINDOW_TOKENS,
    notes:
      "Models are named vendor/model. Optional: --header HTTP-Referer=URL --header X-Title=NAME " +
      "for its rankings.",
  },
  "deepseek": {
    title: "DeepSeek",
    protocol: "openai",
    baseUrl: "https://api.deepseek.com/v1",
    keyEnv: "DEEPSEEK_API_KEY",
    needsKey: true,
    contextWindowTokens: HOSTED_WINDOW_TOKENS,
    notes: "Models have windows of 128,000 tokens and more; set yours with --context.",
  },
  "anthropic": {
    title: "Anthropic",
    protocol: "openai",
    baseUrl: "https://api.anthropic.com/v1",
    keyEnv: "ANTHROPIC_API_KEY",
    needsKey: true,
    contextWindowTokens: 200_000,
    modelList: {
      path: "models?limit=1000",
      keyHeader: "x-api-key",
      headers: { "anthropic-version": "2023-06-01" },
    },
    notes: "By its OpenAI-compatible endpoint, which Anthropic offers for trials: no caching.",
  },
  "gemini": {
    title: "Gemini",
    protocol: "openai",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    keyEnv: "GEMINI_API_KEY",
    needsKey: true,
    contextWindowTokens: 1_000_000,
    notes: "By its OpenAI-compatible endpoint.",
  },
  "custom": {
    title: "Any OpenAI-compatible server",
    protocol: "openai",
    keyEnv: "CREWAGENT_API_KEY",
    needsKey: false,
    contextWindowTokens: HOSTED_WINDOW_TOKENS,
    notes:
      "--base-url ends where the API begins, mostly in /v1. Set --context to the server's window.",
  },
};
