// The packages of runs, as they were when each run began: read once and kept while they are in use.
import { installedDir } from "../runtime/package/install.ts";
import { type LoadedPackage, readPackage } from "../runtime/package/load.ts";
import type { RunRecord } from "../runtime/run/run_folder.ts";
import { AppError } from "../schemas/error.ts";
import type { CanvasGraph } from "../views/editor/canvas_graph.ts";
import { openDraft } from "./edit/draft.ts";

/** A run's package, and its workflows as the canvas shows them. */
export interface RunPackage {
  readonly loaded: LoadedPackage;
  /** The same object each time; `undefined` if there is no such workflow. */
  graph(workflowId: string): CanvasGraph | undefined;
}

/** Packages kept: a person looks at few runs at once. */
const KEPT = 12;

/** The packages that runs in a data folder have. */
export class RunPackages {
  readonly #dataDir: string;
  readonly #packages = new Map<string, Promise<RunPackage>>();

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** @throws AppError `PKG_INTEGRITY` if the run's copy was changed or removed */
  async of({ package: { name, hash } }: Pick<RunRecord, "package">): Promise<RunPackage> {
    const known = this.#packages.get(hash) ?? readCopy(installedDir(this.#dataDir, hash), hash);
    this.#packages.delete(hash);
    this.#packages.set(hash, known);
    const [oldest] = this.#packages.keys();
    if (oldest !== undefined && this.#packages.size > KEPT) this.#packages.delete(oldest);
    try {
      return await known;
    } catch (cause) {
      this.#packages.delete(hash);
      throw new AppError(
        "PKG_INTEGRITY",
        `The run's copy of the package "${name}" was changed or removed since it began`,
        { cause },
      );
    }
  }
}

async function readCopy(dir: string, hash: string): Promise<RunPackage> {
  const { package: loaded } = await readPackage(dir);
  if (loaded?.hash !== hash) throw new Error(`The package in ${hash} is another one`);
  const draft = openDraft(loaded.files);
  const graphs = new Map<string, CanvasGraph | undefined>();
  return {
    loaded,
    graph(workflowId) {
      if (graphs.has(workflowId)) return graphs.get(workflowId);
      const { entryNodeId, nodes, edges } = draft.workflow(workflowId) ?? {};
      const graph = nodes && edges && { workflowId, entryNodeId: entryNodeId ?? "", nodes, edges };
      graphs.set(workflowId, graph);
      return graph;
    },
  };
}
