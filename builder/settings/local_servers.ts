// The model servers that usually listen on this machine. They are asked only when a person wishes so.
import { listModels } from "../../runtime/llm/list_models.ts";
import { PRESETS } from "../../runtime/llm/presets.ts";
import { profileConnection } from "../../runtime/llm/profile_connection.ts";
import type { PresetName } from "../../schemas/profile.ts";

/** A place where a model server may be. */
export interface LocalPlace {
  readonly preset: PresetName;
  readonly baseUrl: string;
}

/** A server that answered, with its models. */
export interface LocalServer extends LocalPlace {
  readonly title: string;
  readonly models: readonly string[];
}

/** Where Ollama, LM Studio and llama.cpp listen unless told otherwise. */
export const LOCAL_PLACES: readonly LocalPlace[] = (["ollama", "lm-studio", "llama-cpp"] as const)
  .map((preset) => ({ preset, baseUrl: PRESETS[preset].baseUrl ?? "" }));

/** Long enough for a server on this machine, however busy; nobody there is told at once. */
const PATIENCE_MS = 5_000;

/** Asks each place for its models; who does not answer as a model server would is left out. No key is sent. */
export async function findLocalServers(
  places: readonly LocalPlace[] = LOCAL_PLACES,
): Promise<LocalServer[]> {
  const found = await Promise.all(places.map(async ({ preset, baseUrl }) => {
    const connection = profileConnection({ name: "local", preset, model: "", baseUrl }, {});
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const models = await listModels(connection, preset, signal).catch(() => undefined);
    return models && { preset, baseUrl, title: PRESETS[preset].title, models: [...models].sort() };
  }));
  return found.filter((server) => server !== undefined);
}
