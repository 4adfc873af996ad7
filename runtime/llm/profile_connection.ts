// From a profile to a connection: what the profile says, else its preset, and the key.
import { AppError } from "../../schemas/error.ts";
import type { Profile } from "../../schemas/profile.ts";
import { isLoopback, readBaseUrl, withoutSlash } from "./base_url.ts";
import { CONNECTION_DEFAULTS, type HttpConnection } from "./connection.ts";
import { PRESETS } from "./presets.ts";

/** Where the key of a profile comes from. */
export type KeySource =
  | { readonly kind: "stored"; readonly value: string }
  | { readonly kind: "environment"; readonly variable: string; readonly isNeeded: boolean };

/**
 * The connection of a profile.
 * @param env the environment, for a key that is kept there
 * @throws AppError `LLM_NOT_CONFIGURED` naming the profile and what is missing; never with a key
 */
export function profileConnection(
  profile: Profile,
  env: Readonly<Record<string, string | undefined>>,
): HttpConnection {
  const preset = PRESETS[profile.preset];
  const { headers = {}, temperature, maxOutputTokens } = profile;
  const key = keyOf(profile, env);
  const carried = key !== undefined && preset.keyHeader ? { [preset.keyHeader]: key } : {};
  const all = { ...carried, ...headers };
  return {
    provider: preset.protocol,
    model: profile.model,
    baseUrl: profileBaseUrl(profile),
    ...(key !== undefined && !preset.keyHeader && { apiKey: key }),
    ...(Object.keys(all).length > 0 && { headers: all }),
    timeoutMs: profile.timeoutMs ?? CONNECTION_DEFAULTS.timeoutMs,
    idleTimeoutMs: profile.idleTimeoutMs ?? CONNECTION_DEFAULTS.idleTimeoutMs,
    maxRetries: profile.maxRetries ?? CONNECTION_DEFAULTS.maxRetries,
    contextWindowTokens: profile.contextWindowTokens ?? preset.contextWindowTokens,
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    streaming: profile.streaming ?? CONNECTION_DEFAULTS.streaming,
  };
}

/**
 * Where the requests of a profile go.
 * @throws AppError `LLM_NOT_CONFIGURED` if it is no URL, or the preset has none and neither has the profile
 */
export function profileBaseUrl(profile: Profile): string {
  const preset = PRESETS[profile.preset];
  const text = profile.baseUrl ?? preset.baseUrl;
  const owner = `The profile "${profile.name}"`;
  if (text === undefined) {
    throw notConfigured(`${owner} has no base URL. ${preset.title}: ${preset.notes}`);
  }
  const url = readBaseUrl(text, owner);
  if (profile.preset === "azure-openai") addAzurePath(url, profile.model);
  if (preset.protocol === "ollama") url.pathname = url.pathname.replace(/\/(?:v1|api)?\/*$/, "");
  return withoutSlash(url);
}

/** A resource's URL alone is enough: with a version the API of deployments, else the one of OpenAI. */
function addAzurePath(url: URL, deployment: string): void {
  if (url.pathname.replaceAll("/", "") !== "") return;
  url.pathname = url.searchParams.has("api-version")
    ? `/openai/deployments/${encodeURIComponent(deployment)}`
    : "/openai/v1";
}

/** Where the key of a profile comes from: what the profile says, else its preset's variable. */
export function keySource(profile: Profile): KeySource {
  const { key } = profile;
  if (key && "value" in key) return { kind: "stored", value: key.value };
  if (key) return { kind: "environment", variable: key.env, isNeeded: true };
  const { keyEnv, needsKey } = PRESETS[profile.preset];
  const isNeeded = needsKey && !isLoopback(new URL(profileBaseUrl(profile)));
  return { kind: "environment", variable: keyEnv, isNeeded };
}

function keyOf(
  profile: Profile,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const source = keySource(profile);
  if (source.kind === "stored") return source.value;
  const { variable, isNeeded } = source;
  const value = (Object.hasOwn(env, variable) && env[variable]?.trim()) || undefined;
  if (value === undefined && isNeeded) {
    throw notConfigured(
      `The profile "${profile.name}" takes its key from the environment variable ${variable}, which is not set. Set it, or add the profile anew with --key-env VARIABLE or --key-stdin`,
    );
  }
  if (value !== undefined && !isKey(value)) {
    throw notConfigured(
      `The environment variable ${variable}, from which the profile "${profile.name}" takes its key, holds a space or a character that no key has`,
    );
  }
  return value;
}

/** Whether a text can be sent as a key: visible ASCII without spaces. */
export function isKey(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

function notConfigured(message: string): AppError {
  return new AppError("LLM_NOT_CONFIGURED", message);
}
