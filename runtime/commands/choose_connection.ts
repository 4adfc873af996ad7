// The model a command line chooses: `--simulate`, or `--model` and `--base-url` with the environment, or
// `--profile`; if nothing is said, the default profile, else the environment.
import { shownBaseUrl } from "../llm/base_url.ts";
import { connectionFromEnvironment } from "../llm/connection.ts";
import { profileConnection } from "../llm/profile_connection.ts";
import { readProfiles } from "../run/profile_file.ts";
import type { ConnectionRecord } from "../run/run_folder.ts";
import { profileNamed } from "./named_profile.ts";

/** The options that choose a model, for `readOptions`. */
export const CONNECTION_OPTIONS = {
  model: { type: "string" },
  "base-url": { type: "string" },
  profile: { type: "string" },
  simulate: { type: "boolean", default: false },
} as const;

/** What was given of them. */
export interface ConnectionValues {
  readonly model?: string | undefined;
  readonly "base-url"?: string | undefined;
  readonly profile?: string | undefined;
  readonly simulate?: boolean | undefined;
}

/** Whether the command line chooses a model, rather than leaving it to what is usual. */
export function namesModel(values: ConnectionValues): boolean {
  return values.simulate === true || namesServer(values) || values.profile !== undefined;
}

/**
 * The connection as a run keeps it, without keys. Checked before anything is made, so that a missing key
 * or model leaves no run behind. Where several options name a model, the first of `--simulate`,
 * `--model` with `--base-url`, and `--profile` decides.
 * @throws AppError `LLM_NOT_CONFIGURED`, `PROFILE_NOT_FOUND`, `PROFILES_INVALID`
 */
export function chooseConnection(values: ConnectionValues, dataDir: string): ConnectionRecord {
  if (values.simulate) return { provider: "simulate", model: "simulation" };
  if (!namesServer(values)) {
    const document = readProfiles(dataDir);
    const name = values.profile ?? document.default;
    if (name !== undefined) {
      const profile = profileNamed(document, name);
      const { provider, model, baseUrl } = profileConnection(profile, Deno.env.toObject());
      return {
        provider,
        model,
        baseUrl: shownBaseUrl(baseUrl),
        profile: profile.name,
        ...(profile.prices && { prices: profile.prices }),
      };
    }
  }
  const { model, "base-url": baseUrl } = values;
  const flags = { ...(model && { model }), ...(baseUrl && { baseUrl }) };
  const chosen = connectionFromEnvironment(flags, Deno.env.toObject());
  return { provider: chosen.provider, model: chosen.model, baseUrl: chosen.baseUrl };
}

function namesServer({ model, "base-url": baseUrl }: ConnectionValues): boolean {
  return model !== undefined || baseUrl !== undefined;
}
