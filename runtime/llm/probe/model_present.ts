// Exercise: does the server have the model?
import { AppError } from "../../../schemas/error.ts";
import { type ExerciseContext, failed, passed, type Verdict } from "./exercise.ts";
import { nearestModel } from "./nearest_model.ts";
import { hasNoList } from "./reachable.ts";

/**
 * Passes if the list names the model. Some servers list none, or leave out aliases that they serve:
 * then a short question decides.
 */
export async function modelPresent(context: ExerciseContext): Promise<Verdict> {
  const { model } = context.llm;
  const models = await listOrNone(context);
  if (models.some((listed) => plainName(listed) === plainName(model))) {
    return passed(`The server lists "${model}"`);
  }
  const nearest = nearestModel(model, models);
  try {
    await context.ask({ messages: [{ role: "user", content: "Answer with the word: ready" }] });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "LLM_HTTP") throw thrown;
    if (nearest === undefined) throw thrown;
    const said = thrown.details?.status === 404 ? "" : ` (it says: ${thrown.message})`;
    return failed(
      `The server does not have "${model}"; the nearest name that it lists is "${nearest}": use that, or load the model there${said}`,
    );
  }
  return passed(
    nearest === undefined
      ? `The server lists no models, so it is unknown what it calls them, but it answers as "${model}"`
      : `The server does not list "${model}" but answers to that name, maybe with another model; the nearest that it lists is "${nearest}"`,
  );
}

async function listOrNone({ listModels }: ExerciseContext): Promise<readonly string[]> {
  try {
    return await listModels();
  } catch (thrown) {
    if (hasNoList(thrown)) return [];
    throw thrown;
  }
}

/** Gemini lists `models/name`, Ollama `name:latest`. */
function plainName(model: string): string {
  return model.trim().toLowerCase().replace(/^models\//, "").replace(/:latest$/, "");
}
