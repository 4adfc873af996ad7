// The state document a run begins with: the package's `workflow.md` with what a run adds.
import {
  type FrontMatterChange,
  readFrontMatter,
  writeFrontMatter,
} from "../../schemas/front_matter.ts";

/** What a run knows at its start. */
export interface RunStart {
  readonly runId: string;
  readonly now: Date;
  readonly projectName: string;
  /** A subworkflow's variables from its caller (`passContext`). */
  readonly variables?: Readonly<Record<string, unknown>>;
}

const DEFAULTS: Readonly<Record<string, unknown>> = {
  stepsCompleted: [],
  currentNodeId: "",
  variables: {},
  decisionLog: [],
  artifacts: [],
};

/**
 * Fills keys that are missing, empty or null with their defaults and sets run, project and date.
 * Anchors are written out: a run changes one value at a time. Text that has no readable front matter is returned as it is; the checker reports it.
 */
export function initialState(workflowText: string, start: RunStart): string {
  const read = readFrontMatter(workflowText);
  if (!read.ok) return workflowText;
  const { data, body, hasAnchors } = read.value;
  if (hasAnchors) return initialState(writeFrontMatter(structuredClone(data), body), start);
  const isEmpty = (key: string) =>
    data[key] === undefined || data[key] === null || data[key] === "";
  const changes: FrontMatterChange[] = Object.entries(DEFAULTS)
    .filter(([key]) => isEmpty(key) && data[key] !== DEFAULTS[key])
    .map(([key, value]) => ({ path: [key], set: value }));
  changes.push({ path: ["runId"], set: start.runId });
  if (isEmpty("project_name")) changes.push({ path: ["project_name"], set: start.projectName });
  if (isEmpty("date")) changes.push({ path: ["date"], set: start.now.toISOString().slice(0, 10) });
  changes.push({ path: ["updatedAt"], set: start.now.toISOString() });
  for (const [name, value] of Object.entries(start.variables ?? {})) {
    changes.push({ path: ["variables", name], set: value });
  }
  return read.value.withChanges(changes);
}
