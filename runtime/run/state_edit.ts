// A person edits the state of a run that has stopped. The guard's rules of form hold; where the run
// goes on is the person's choice. Not here: changes by tools (`runtime/state/`).
import { isDeepStrictEqual } from "node:util";
import type { FrontMatterChange } from "../../schemas/front_matter.ts";
import { AppError } from "../../schemas/error.ts";
import { currentNodeIdOf, findNode } from "../../schemas/graph.ts";
import type { GraphNode, WorkflowState } from "../../schemas/package.ts";
import type { RunEvent, StateEditChange, StateEdited } from "../../schemas/run_event.ts";
import { isRecord } from "../../schemas/record.ts";
import { writeFileAtomic } from "../disk/durable.ts";
import type { LoadedWorkflow } from "../package/load.ts";
import { type ReadState, readState } from "../state/read_state.ts";
import { STATE_PATH } from "../state/state_document.ts";
import { stateDocumentPath } from "./active_workflow.ts";
import { atRest, closePending, emitPhase, type RestingRun } from "./at_rest.ts";
import { readBlob } from "./changes.ts";
import { readRecord, type RunFolder, sha256Of, storeBlob } from "./run_folder.ts";
import { type ActiveState, readActiveState } from "./run_place.ts";

/** The state of a run as a person edits it: the active workflow's. */
export interface RunState {
  readonly workflowId: string;
  /** Of the whole document; an edit names it, so that nobody's change is lost. */
  readonly sha256: string;
  /** The front matter as it is written, without its `---` lines. */
  readonly yaml: string;
  readonly state: WorkflowState;
  readonly currentNodeId: string;
  readonly nodes: readonly Pick<GraphNode, "id" | "title" | "type">[];
}

/** A new front matter as a whole, or values of it. */
export type StateEdit =
  & { readonly ifMatchSha256: string }
  & (
    | { readonly yaml: string }
    | { readonly changes: StateEditValues }
  );

/** What is left out stays. */
export interface StateEditValues {
  readonly currentNodeId?: string;
  readonly stepsCompleted?: readonly string[];
  /** All there are to be. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** More than this no model could read, and no form show. */
const MOST_YAML_CHARACTERS = 2 << 20;

/** The state as it is on disk. @throws AppError `RUN_FOLDER_DAMAGED` */
export function readRunState(folder: RunFolder, workflows: readonly LoadedWorkflow[]): RunState {
  return runStateOf(readActiveState(folder, workflows));
}

/**
 * Saves a person's edit and logs it with before and after. The log tells of it first and holds the whole
 * new document, so a crash between the two loses nothing (`finishStateEdit`). The model is told of it
 * with the next prompt. Making another node the current one leaves open what the old one had asked.
 * @throws AppError `RUN_BUSY`, `RUN_PHASE` if the run is completed, `STATE_CHANGED` if the document is not
 * the one that was read, `STATE_INVALID`, `RUN_FOLDER_DAMAGED`
 */
export async function editState(
  folder: RunFolder,
  workflows: readonly LoadedWorkflow[],
  edit: StateEdit,
): Promise<RunState> {
  return await atRest(folder, (run) => {
    if (readRecord(folder).phase === "completed") {
      throw new AppError("RUN_PHASE", "The run is completed, so its state stays as it is");
    }
    finishStateEdit(folder, run.log.history);
    const before = readActiveState(folder, workflows);
    if (sha256Of(before.text) !== edit.ifMatchSha256.toLowerCase()) {
      throw new AppError(
        "STATE_CHANGED",
        "The run's state is not the one that you read: somebody changed it since. Load it again and make your change there",
      );
    }
    const text = editedText(before, edit);
    const after = checked(before, text);
    const changes = changesBetween(before.read.state, after.state);
    if (changes.length > 0) saveEdit(run, before, { after, changes });
    return readRunState(folder, workflows);
  });
}

/**
 * Writes the document of an edit that the log tells of and a crash kept from the disk. Done by whoever
 * has the run's lock, before the state is read.
 */
export function finishStateEdit(folder: RunFolder, history: readonly RunEvent[]): void {
  const last = history.findLast(({ type }) => type === "state_changed" || type === "state_edited");
  if (last?.type !== "state_edited") return;
  const path = stateDocumentPath(folder, last.workflowId);
  if (sha256Of(Deno.readTextFileSync(path)) !== last.sha256Before) return;
  writeFileAtomic(path, new TextDecoder().decode(readBlob(folder, last.sha256After)));
}

function runStateOf({ workflow, text, read, nodeId }: ActiveState): RunState {
  return {
    workflowId: workflow.id,
    sha256: sha256Of(text),
    yaml: frontMatterText(text, read),
    state: read.state,
    currentNodeId: nodeId,
    nodes: workflow.graph.nodes.map(({ id, type, title }) => ({
      id,
      type,
      ...(title !== undefined && { title }),
    })),
  };
}

const FRONT_MATTER = /^(\uFEFF?---[ \t]*\r?\n)([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m;

function frontMatterText(text: string, { frontMatter: { body } }: ReadState): string {
  const head = text.slice(0, text.length - body.length);
  return FRONT_MATTER.exec(head)?.[2] ?? "";
}

function editedText({ text, read }: ActiveState, edit: StateEdit): string {
  if ("changes" in edit) return read.frontMatter.withChanges(valueChanges(read, edit.changes));
  const { yaml } = edit;
  if (yaml.length > MOST_YAML_CHARACTERS) {
    throw invalid(`It has ${yaml.length} characters, and ${MOST_YAML_CHARACTERS} are the most`);
  }
  if (/^---[ \t]*\r?$/m.test(yaml)) {
    throw invalid('A line "---" would end the front matter; write the values without it');
  }
  const lines = yaml === "" || yaml.endsWith("\n") ? yaml : `${yaml}\n`;
  const { body } = read.frontMatter;
  const head = text.slice(0, text.length - body.length);
  const opening = FRONT_MATTER.exec(head)?.[1] ?? "---\n";
  return `${opening}${lines}---\n${body}`;
}

function valueChanges(
  { state }: ReadState,
  { currentNodeId, stepsCompleted, variables }: StateEditValues,
): FrontMatterChange[] {
  const changes: FrontMatterChange[] = [];
  if (currentNodeId !== undefined) changes.push({ path: ["currentNodeId"], set: currentNodeId });
  if (stepsCompleted !== undefined && !isDeepStrictEqual(stepsCompleted, state.stepsCompleted)) {
    changes.push({ path: ["stepsCompleted"], set: stepsCompleted });
  }
  if (variables === undefined) return changes;
  if (!isRecord(variables)) throw invalid('"variables" has to be a map of names to values');
  const present = state.variables ?? {};
  for (const name of Object.keys(present)) {
    if (!Object.hasOwn(variables, name)) changes.push({ path: ["variables", name], remove: true });
  }
  for (const [name, value] of Object.entries(variables)) {
    if (Object.hasOwn(present, name) && isDeepStrictEqual(present[name], value)) continue;
    changes.push({ path: ["variables", name], set: value });
  }
  return changes;
}

/** The guard's rules of form: what can be read, has the schema's shape, and names nodes that are there. */
function checked({ workflow: { graph }, read }: ActiveState, text: string): ReadState {
  const after = readState(text);
  if (!after.ok) throw invalid(after.error.message.split(/ ?Nothing was changed/)[0] ?? "");
  const { state } = after;
  const own = (["schemaVersion", "workflowType", "runId"] as const)
    .find((key) => state[key] !== read.state[key]);
  if (own) throw invalid(`"${own}" belongs to the run and cannot be changed`);
  const { currentNodeId, stepsCompleted } = state;
  const unknown = [currentNodeIdOf(graph, currentNodeId), ...stepsCompleted]
    .find((nodeId) => !findNode(graph, nodeId));
  if (unknown === undefined) return after;
  const nodes = graph.nodes.map(({ id }) => id).join(", ");
  throw invalid(`The workflow has no node "${unknown}". It has: ${nodes}`);
}

function changesBetween(before: WorkflowState, after: WorkflowState): StateEditChange[] {
  const flat = ({ variables = {}, ...rest }: WorkflowState): Map<string, unknown> =>
    new Map([
      ...Object.entries(rest),
      ...Object.entries(variables).map(([name, value]) => [`variables.${name}`, value] as const),
    ]);
  const [old, now] = [flat(before), flat(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => !isDeepStrictEqual(old.get(path), now.get(path)))
    .map((path) => ({
      path,
      ...(old.get(path) !== undefined && { before: old.get(path) }),
      ...(now.get(path) !== undefined && { after: now.get(path) }),
    }));
}

function saveEdit(
  run: RestingRun,
  before: ActiveState,
  { after, changes }: {
    readonly after: ReadState;
    readonly changes: readonly StateEditChange[];
  },
): void {
  const { folder, emit, log } = run;
  const { workflow, nodeId } = before;
  const final = after.frontMatter.withChanges([
    { path: ["updatedAt"], set: new Date().toISOString() },
  ]);
  const currentNodeId = currentNodeIdOf(workflow.graph, after.state.currentNodeId);
  const isMoved = currentNodeId !== nodeId;
  if (isMoved) closePending(run, nodeId);
  const bytes = (document: string) => new TextEncoder().encode(document);
  const event: StateEdited = {
    type: "state_edited",
    document: STATE_PATH,
    workflowId: workflow.id,
    currentNodeId,
    ...(isMoved && { movedFrom: nodeId }),
    changes,
    sha256Before: storeBlob(folder, bytes(before.text)),
    sha256After: storeBlob(folder, bytes(final)),
  };
  emit(event, { nodeId });
  log.sync();
  writeFileAtomic(before.path, final);
  if (!isMoved) return;
  const reason = `A person moved the run from "${nodeId}" to "${currentNodeId}"`;
  emitPhase(run, { phase: "paused", code: "STATE_EDITED", reason });
}

function invalid(why: string): AppError {
  return new AppError("STATE_INVALID", `The state cannot be saved so: ${why.trim()}`);
}
