// Runs a whole profile test against a test model server, as a command would.
import type { ServedConnection } from "../../../../runtime/llm/connection.ts";
import { openAiLlm } from "../../../../runtime/llm/openai.ts";
import { probeModel, type ProbeOptions } from "../../../../runtime/llm/probe/probe_model.ts";
import { AppError } from "../../../../schemas/error.ts";
import type { ExerciseResult, ProfileTest } from "../../../../schemas/profile.ts";
import { type ModelServerOptions, startModelServer } from "../../../model_server/model_server.ts";
import { connectionTo, hastyClock } from "../served_model.ts";

/** What may differ from a plain test. */
export interface ServedProbe {
  readonly server: ModelServerOptions;
  readonly connection?: Partial<ServedConnection>;
  readonly options?: Partial<ProbeOptions>;
}

/** The test of a served model, its steps as told, and the requests that came in. */
export async function probeServed({ server: serverOptions, connection, options }: ServedProbe) {
  await using server = startModelServer(serverOptions);
  const steps: ExerciseResult[] = [];
  const llm = openAiLlm(connectionTo(server, connection), hastyClock());
  const test = await probeModel(llm, {
    signal: new AbortController().signal,
    listModels: () => listModels(server.baseUrl),
    onStep: (result) => steps.push(result),
    ...options,
  });
  return { test, steps, requests: server.requests };
}

/** The exercises that failed. */
export function failedIn({ exercises }: ProfileTest): readonly string[] {
  return exercises.filter(({ passed }) => !passed).map(({ exercise }) => exercise);
}

/** The reason of one exercise. */
export function reasonOf({ exercises }: ProfileTest, name: string): string {
  return exercises.find(({ exercise }) => exercise === name)?.reason ?? "";
}

async function listModels(baseUrl: string): Promise<readonly string[]> {
  const response = await fetch(`${baseUrl}/models`, {
    headers: { authorization: "Bearer sk-secret-of-the-test" },
  });
  const body = await response.json();
  const code = response.status === 401 ? "LLM_AUTH" : "LLM_HTTP";
  if (!response.ok) {
    throw new AppError(code, body.error.message, { details: { status: response.status } });
  }
  return body.data.map(({ id }: { id: string }) => id);
}
