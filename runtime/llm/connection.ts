// What it takes to reach a model, and where the command line gets it from. Stored profiles will be
// one more source of an `LlmConnection`; nothing behind it needs to know.
import { AppError } from "../../schemas/error.ts";

/** A model served over HTTP, or the built-in simulation. */
export type LlmConnection = ServedConnection | SimulatedConnection;

/** A model behind an OpenAI-compatible API. */
export interface ServedConnection {
  readonly provider: "openai";
  readonly model: string;
  /** Up to and including `/v1` or what the server has in its place. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** Sent with every request; values are treated as secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For the headers of the answer and its first piece: a long prompt takes its time. */
  readonly timeoutMs: number;
  /** Between two pieces of an answer. */
  readonly idleTimeoutMs: number;
  /** 0 tries once. */
  readonly maxRetries: number;
  /** Prompt and answer together. */
  readonly contextWindowTokens: number;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  readonly streaming: boolean;
}

/** The built-in simulation; see `simulate.ts`. */
export interface SimulatedConnection {
  readonly provider: "simulate";
  readonly model: "simulation";
  readonly contextWindowTokens: number;
  /** Node id → label of the edge to take there on the first visit. */
  readonly decisions: Readonly<Record<string, string>>;
}

/** What a person may give on the command line. */
export interface ConnectionFlags {
  /** `--model` */
  readonly model?: string;
  /** `--base-url` */
  readonly baseUrl?: string;
  /** Prompt and answer together; 128,000 unless told. */
  readonly contextWindowTokens?: number;
}

const OPENAI_URL = "https://api.openai.com/v1";
const DEFAULTS = {
  timeoutMs: 300_000,
  idleTimeoutMs: 120_000,
  maxRetries: 4,
  contextWindowTokens: 128_000,
  streaming: true,
} as const;
/** The simulation sends nothing anywhere, so nothing is ever too long for it. */
const SIMULATED_WINDOW_TOKENS = 10_000_000;

/** The simulation, with the branches a person chose for it. */
export function simulatedConnection(
  decisions: Readonly<Record<string, string>> = {},
): SimulatedConnection {
  return {
    provider: "simulate",
    model: "simulation",
    contextWindowTokens: SIMULATED_WINDOW_TOKENS,
    decisions,
  };
}

/**
 * The connection of a command line without a profile: flags before environment. Model: `--model`,
 * `CREWAGENT_MODEL`. Base URL: `--base-url`, `OPENAI_BASE_URL`, else OpenAI's. Key:
 * `CREWAGENT_API_KEY`, `OPENAI_API_KEY`; a server on this machine needs none.
 * @throws AppError `LLM_NOT_CONFIGURED` naming what to set
 */
export function connectionFromEnvironment(
  flags: ConnectionFlags,
  env: Readonly<Record<string, string | undefined>>,
): ServedConnection {
  const model = flags.model?.trim() || env.CREWAGENT_MODEL?.trim();
  if (!model) {
    throw notConfigured(
      'No model is chosen. Pass --model NAME (and --base-url URL for a server that is not OpenAI\'s), or set CREWAGENT_MODEL. "--simulate" runs without a model',
    );
  }
  const baseUrl = readBaseUrl(flags.baseUrl?.trim() || env.OPENAI_BASE_URL?.trim() || OPENAI_URL);
  const apiKey = env.CREWAGENT_API_KEY?.trim() || env.OPENAI_API_KEY?.trim();
  if (!apiKey && !isLoopback(baseUrl)) {
    throw notConfigured(
      `No API key for "${baseUrl.host}". Set CREWAGENT_API_KEY or OPENAI_API_KEY in the environment`,
    );
  }
  return {
    provider: "openai",
    model,
    baseUrl: baseUrl.href.replace(/\/$/, ""),
    ...(apiKey && { apiKey }),
    ...DEFAULTS,
    ...(flags.contextWindowTokens && { contextWindowTokens: flags.contextWindowTokens }),
  };
}

function readBaseUrl(text: string): URL {
  const example = 'such as "http://localhost:11434/v1"';
  if (!URL.canParse(text)) {
    throw notConfigured(`The base URL "${text}" is no URL; give one ${example}`);
  }
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw notConfigured(`The base URL "${text}" is neither http nor https; give one ${example}`);
  }
  if (url.username || url.password) {
    throw notConfigured(
      `The base URL for "${url.host}" holds a user name or password. Set CREWAGENT_API_KEY instead`,
    );
  }
  return url;
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" ||
    /^127(\.\d+){3}$/.test(hostname);
}

function notConfigured(message: string): AppError {
  return new AppError("LLM_NOT_CONFIGURED", message);
}
