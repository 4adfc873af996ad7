// Wall 2: the half of the tools that touches files. It runs with the rights that `start_worker.ts`
// gives and nothing else. One request, one answer; nothing it throws leaves it unworded.
import { nameOf, type Place } from "./mounts.ts";
import { Confinement } from "./confine.ts";
import { describeProblem } from "./file_problem.ts";
import { folderWindow, latestFiles } from "./folder_window.ts";
import { gatherPlace, makeNewFolder, movePlace, removeGathered } from "./move_place.ts";
import { digestFile, glimpsePlace, readChunk } from "./read_chunk.ts";
import { listFolder } from "./list_folder.ts";
import { readTable } from "./read_table.ts";
import { readText } from "./read_text.ts";
import { loadFile, removeFile, replaceFile } from "./replace_file.ts";
import { searchFiles } from "./search_files.ts";
import { statPlace } from "./stat_place.ts";
import { patchText, showDiff } from "./text_diff.ts";
import type {
  WorkerAnswer,
  WorkerOperations,
  WorkerRequest,
  WorkerSetup,
} from "./worker_protocol.ts";

/** The side of a worker that its global object shows. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<WorkerSetup | WorkerRequest>) => void) | null;
  postMessage(answer: WorkerAnswer): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data }) => {
  const operations = createOperations(new Confinement(data as WorkerSetup));
  scope.onmessage = (event) => answer(operations, event.data as WorkerRequest);
};

function createOperations(walls: Confinement): WorkerOperations {
  return {
    read: (request) => readText(walls, request),
    load: (request) => loadFile(walls, request),
    replace: (request) => replaceFile(walls, request),
    remove: (request) => removeFile(walls, request),
    table: (request) => readTable(walls, request),
    list: (request) => listFolder(walls, request),
    search: (request) => searchFiles(walls, request),
    stat: ({ place }) => statPlace(walls, place),
    window: (request) => folderWindow(walls, request),
    glimpse: ({ place }) => glimpsePlace(walls, place),
    chunk: (request) => readChunk(walls, request),
    digest: ({ place }) => digestFile(walls, place),
    latest: (request) => latestFiles(walls, request),
    makeFolder: ({ place }) => makeNewFolder(walls, place),
    move: (request) => movePlace(walls, request),
    gather: (request) => gatherPlace(walls, request),
    removeFolder: (request) => removeGathered(walls, request),
    patch: patchText,
    diff: showDiff,
  };
}

function answer(operations: WorkerOperations, { id, operation, input }: WorkerRequest): void {
  const run = operations[operation] as (input: unknown) => unknown;
  try {
    scope.postMessage({ id, outcome: { ok: true, value: run(input) } });
  } catch (thrown) {
    scope.postMessage({ id, outcome: describeProblem(thrown, subjectOf(input)) });
  }
}

/** The mount path a request is about, for its error message. */
function subjectOf(input: unknown): string {
  const { place, places, name } = input as { place?: Place; places?: Place[]; name?: string };
  const subject = place ?? places?.[0];
  return subject ? nameOf(subject) : name ?? "the request";
}
