// From the form of a start to what `LiveRuns.start` takes. Not here: the form (`views/run/start_page.tsx`).
import { chooseConnection } from "../runtime/commands/choose_connection.ts";
import { DEFAULT_RUN_OPTIONS, type RunOptions } from "../runtime/run/run_folder.ts";
import { AppError } from "../schemas/error.ts";
import type { RunStart } from "./live_runs.ts";
import type { RunUser } from "./projects.ts";

/** The fields as they were typed; a missing one is empty. */
export type StartFields = Readonly<Record<string, string>>;

/**
 * What was asked for.
 * @throws AppError `REQUEST_INVALID`, `AUTH_FORBIDDEN` for an option that is the owner's,
 * `LLM_NOT_CONFIGURED`, `PROFILE_NOT_FOUND`, `PROFILES_INVALID`
 */
export function startOfFields(fields: StartFields, user: RunUser, dataDir: string): RunStart {
  const { package: packageId = "", project = "", input = "", how, profile } = fields;
  const what = /^(workflow|agent):(.+)$/s.exec(fields.what ?? "");
  const options = optionsOf(fields);
  if (options.terminal && user.role !== "owner") {
    throw new AppError(
      "AUTH_FORBIDDEN",
      "Only the owner of this installation may let runs start programs",
    );
  }
  if (project.trim() === "") throw invalid("Name the project folder");
  const values = how === "simulate" ? { simulate: true } : profile ? { profile } : {};
  return {
    packageId,
    projectDir: project.trim(),
    connection: chooseConnection(values, dataDir),
    options,
    ...(what?.[1] === "workflow" && { workflowId: what[2] }),
    ...(what?.[1] === "agent" && { agentId: what[2] }),
    ...(input.trim() !== "" && { input }),
  };
}

function optionsOf(fields: StartFields): RunOptions {
  const maxTurns = numberOf(fields, "maxTurns");
  const maxTokens = numberOf(fields, "maxTokens");
  const maxCostUsd = numberOf(fields, "maxCostUsd");
  const maxMinutes = numberOf(fields, "maxMinutes");
  if (maxTurns !== undefined && !Number.isInteger(maxTurns)) {
    throw invalid(`The number of requests is a whole number, not "${fields.maxTurns}"`);
  }
  return {
    ...DEFAULT_RUN_OPTIONS,
    allowAll: fields.allowAll === "yes",
    conditionsBinding: fields.bindConditions === "yes",
    context: fields.context === "run" ? "run" : "node",
    strictness: fields.strictness === "compatible" ? "compatible" : "strict",
    outputs: fields.outputs === "warn" ? "warn" : "required",
    ...(fields.terminal === "yes" && { terminal: true }),
    ...(maxTurns !== undefined && { maxTurns }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(maxCostUsd !== undefined && { maxCostUsd }),
    ...(maxMinutes !== undefined && { maxMinutes }),
  };
}

function numberOf(fields: StartFields, name: string): number | undefined {
  const text = (fields[name] ?? "").trim();
  if (text === "") return undefined;
  const number = Number(text);
  if (Number.isFinite(number) && number > 0 && number <= 1e12) return number;
  throw invalid(`"${name}" takes a number above 0, not "${text}"`);
}

function invalid(message: string): AppError {
  return new AppError("REQUEST_INVALID", message);
}
