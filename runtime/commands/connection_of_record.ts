// From what a run keeps of its model to a connection with its key.
import {
  connectionFromEnvironment,
  type Decisions,
  type LlmConnection,
  simulatedConnection,
} from "../llm/connection.ts";
import { profileConnection } from "../llm/profile_connection.ts";
import type { ConnectionRecord } from "../run/run_folder.ts";
import { profileOfRun } from "./named_profile.ts";

/**
 * The connection of a run; keys come from its profile or the environment.
 * @throws AppError `LLM_NOT_CONFIGURED`, `PROFILE_NOT_FOUND` if the profile was removed
 */
export function connectionOfRecord(
  { provider, model, baseUrl, profile }: ConnectionRecord,
  { dataDir, runId, decisions = {} }: {
    readonly dataDir: string;
    readonly runId: string;
    readonly decisions?: Decisions;
  },
): LlmConnection {
  if (provider === "simulate") return simulatedConnection(decisions);
  const env = Deno.env.toObject();
  if (profile !== undefined) return profileConnection(profileOfRun(dataDir, profile, runId), env);
  return connectionFromEnvironment({ model, ...(baseUrl && { baseUrl }) }, env);
}
