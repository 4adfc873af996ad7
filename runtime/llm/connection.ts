// What it takes to reach a model, and where the command line gets it from. Stored profiles will be
// one more source of an `LlmConnection`; nothing behind it needs to know.
import { AppError } from "../../schemas/error.ts";
import { isLoopback, readBaseUrl, withoutSlash } from "./base_url.ts";
import type { RetryBackoff } from "./retry.ts";

/** A model served over HTTP, or the built-in simulation. */
export type LlmConnection = HttpConnection | SimulatedConnection;

/** A model served over HTTP, whatever the protocol. */
export type HttpConnection = ServedConnection | OllamaConnection;

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
  /** Between tries; half a second up to 30 s unless told. */
  readonly backoff?: RetryBackoff;
  /** Prompt and answer together. */
  readonly contextWindowTokens: number;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  readonly streaming: boolean;
}

/** A model behind Ollama's own API (`/api/chat`), which alone honours a context window. */
export interface OllamaConnection extends Omit<ServedConnection, "provider"> {
  readonly provider: "ollama";
}

/** The built-in simulation; see `simulate.ts`. */
export interface SimulatedConnection {
  readonly provider: "simulate";
  readonly model: "simulation";
  readonly contextWindowTokens: number;
  readonly decisions: Decisions;
}

/**
 * Branches chosen beforehand: `nodeId` or `workflowId/nodeId` (which goes first) → label of the edge to
 * take there on the first visit, or a list of labels, the n-th for the n-th visit. `label -> nodeId` tells
 * edges apart that share a label. A visit that has none is left to the rules of the simulation.
 */
export type Decisions = Readonly<Record<string, string | readonly string[]>>;

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
const CONTEXT_WINDOW_TOKENS = 128_000;

/** What holds for every served model unless somebody says otherwise. */
export const CONNECTION_DEFAULTS = {
  timeoutMs: 300_000,
  idleTimeoutMs: 120_000,
  maxRetries: 4,
  streaming: true,
} as const;

/** The simulation sends nothing anywhere, so nothing is ever too long for it. */
const SIMULATED_WINDOW_TOKENS = 10_000_000;

/** The simulation, with the branches a person chose for it. */
export function simulatedConnection(decisions: Decisions = {}): SimulatedConnection {
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
  const given = flags.baseUrl?.trim() || env.OPENAI_BASE_URL?.trim();
  const baseUrl = readBaseUrl(given || OPENAI_URL, "The command line (or OPENAI_BASE_URL)");
  const apiKey = env.CREWAGENT_API_KEY?.trim() || env.OPENAI_API_KEY?.trim();
  if (!apiKey && !isLoopback(baseUrl)) {
    throw notConfigured(
      `No API key for "${baseUrl.host}". Set CREWAGENT_API_KEY or OPENAI_API_KEY in the environment`,
    );
  }
  return {
    provider: "openai",
    model,
    baseUrl: withoutSlash(baseUrl),
    ...(apiKey && { apiKey }),
    ...CONNECTION_DEFAULTS,
    contextWindowTokens: flags.contextWindowTokens ?? CONTEXT_WINDOW_TOKENS,
  };
}

function notConfigured(message: string): AppError {
  return new AppError("LLM_NOT_CONFIGURED", message);
}
