// From the form of a start to what `LiveRuns.start` takes. Not here: the form (`views/run/start_page.tsx`).
import { chooseConnection } from "../runtime/commands/choose_connection.ts";
import { DEFAULT_RUN_OPTIONS, type RunOptions } from "../runtime/run/run_folder.ts";
import { readBreakpoint } from "../schemas/breakpoint.ts";
import { AppError } from "../schemas/error.ts";
import { SIMULATION, START_WAYS, type StartWay } from "../views/run/start_offer.ts";
import { inputField } from "../views/run/start_workflows.tsx";
import type { RunStart } from "./live_runs.ts";
import type { RunUser } from "./projects.ts";

/** The fields as they were typed; a missing one is empty. */
export type StartFields = Readonly<Record<string, string>>;

/**
 * What was asked for.
 * @throws AppError `REQUEST_INVALID`, `PROJECT_NOT_FOUND` if none is named, `AUTH_FORBIDDEN` for an option that is the owner's,
 * `BREAKPOINT_INVALID`, `LLM_NOT_CONFIGURED`, `PROFILE_NOT_FOUND`, `PROFILES_INVALID`
 */
export function startOfFields(fields: StartFields, user: RunUser, dataDir: string): RunStart {
  const { package: packageId = "", project = "", profile } = fields;
  const options = optionsOf(fields);
  if (options.terminal && user.role !== "owner") {
    throw new AppError(
      "AUTH_FORBIDDEN",
      "Only the owner of this installation may let runs start programs",
    );
  }
  const what = whatOf(fields);
  if (project.trim() === "") throw new AppError("PROJECT_NOT_FOUND", "Name the project folder");
  const values = profile === SIMULATION ? { simulate: true } : profile ? { profile } : {};
  return {
    packageId,
    projectDir: project.trim(),
    connection: chooseConnection(values, dataDir),
    options,
    ...breakpointsOf(fields),
    ...what,
  };
}

/** Where the run is to stop: "run to here" once, and what the options name, several with commas. */
function breakpointsOf(fields: StartFields): Pick<RunStart, "breakpoints"> {
  const { until = "", workflow = "" } = fields;
  const way = wayOf(fields.way);
  const named = (name: string) =>
    (fields[name] ?? "").split(/[\s,]+/).filter((word) => word !== "");
  const atNodes = (["before", "after"] as const).flatMap((at) =>
    named(`${at}Nodes`).map((nodeId) => ({ at, nodeId }))
  );
  const breakpoints = [
    ...(way === "workflow" && until
      ? [{ at: "before", nodeId: until, workflowId: workflow, once: true }]
      : []),
    ...(way === "chat" ? [] : atNodes),
    ...named("onTools").map((tool) => ({ at: "tool", tool })),
  ];
  return breakpoints.length === 0 ? {} : { breakpoints: breakpoints.map(readBreakpoint) };
}

type What = Pick<RunStart, "workflowId" | "agentId" | "input" | "entry" | "inputs">;

/** By the way: an agent with words or an item of its menu, a workflow with its inputs, or a chat. */
function whatOf(fields: StartFields): What {
  const { agent = "", workflow = "", input = "", pick = "", say = "", withAgent = "" } = fields;
  const words = input.trim() === "" ? {} : { input };
  switch (wayOf(fields.way)) {
    case "chat":
      return { entry: "chat", ...(agent && { agentId: agent }), ...words };
    case "workflow":
      if (workflow === "") throw invalid("Choose a workflow");
      return {
        workflowId: workflow,
        inputs: inputsOf(fields, workflow),
        ...(withAgent && { agentId: withAgent }),
        ...words,
      };
    default: {
      // An item's button says which agent it belongs to, whatever card is chosen.
      const space = pick.indexOf(" ");
      if (space > 0) return { agentId: pick.slice(0, space), input: pick.slice(space + 1) };
      if (agent === "") throw invalid("Choose an agent");
      return { agentId: agent, input: say };
    }
  }
}

/** The way that a field names; the first one for anything else. */
export function wayOf(name: string | undefined): StartWay {
  return START_WAYS.find((way) => way === name) ?? START_WAYS[0];
}

function inputsOf(fields: StartFields, workflowId: string): Record<string, string> {
  const prefix = inputField(workflowId, "");
  // By entries: a variable may be called "__proto__".
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
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
