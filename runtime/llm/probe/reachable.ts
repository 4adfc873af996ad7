// Exercise: does the server answer at all?
import { AppError, messageOf } from "../../../schemas/error.ts";
import { type ExerciseContext, failed, passed, type Verdict } from "./exercise.ts";

/** Statuses by which a server says that it has no list of models. */
const NO_LIST = new Set([404, 405, 501]);

/** Passes if the server lists its models, or says that it has no such list. */
export async function reachable({ listModels }: ExerciseContext): Promise<Verdict> {
  try {
    const { length } = await listModels();
    return passed(`The server answers and lists ${length} ${length === 1 ? "model" : "models"}`);
  } catch (thrown) {
    if (hasNoList(thrown)) return passed("The server answers, though it has no list of models");
    if (thrown instanceof AppError) throw thrown;
    return failed(
      `The models of the server cannot be listed (${
        messageOf(thrown)
      }): check that it is running and that the base URL is right`,
    );
  }
}

/** True if the server has answered that there is no list of models to be had. */
export function hasNoList(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === "LLM_HTTP" &&
    NO_LIST.has(Number(thrown.details?.status));
}
