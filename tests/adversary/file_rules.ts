// What may happen to files: announced changes one by one, and the disk as a whole at the end.
import { join } from "node:path";
import type { FileChanged } from "../../schemas/run_event.ts";
import { differences, sha256 } from "./disk.ts";

/** Whether a change of a file was allowed, and whether it can be taken back. Says what was wrong. */
export function judgeFileChange(
  { path, callId, sha256Before }: FileChanged,
  { options, approved, runDir }: {
    readonly options: { readonly allowAll: boolean };
    readonly approved: ReadonlySet<string>;
    readonly runDir: string;
  },
): string[] {
  const faults: string[] = [];
  const isFree = path.startsWith("@project/artifacts/") || options.allowAll;
  if (!isFree && !approved.has(callId)) faults.push(`${path} was changed without consent`);
  if (!path.startsWith("@project/")) faults.push(`${path} is not in the project`);
  if (/(^|\/)\.(git|crewagent[^/]*)(\/|$)/i.test(path)) faults.push(`${path} is protected`);
  if (sha256Before !== null && shaOf(join(runDir, "blobs", sha256Before)) !== sha256Before) {
    faults.push(`the content of ${path} before its change is not kept`);
  }
  return faults;
}

function shaOf(path: string): string | null {
  try {
    return sha256(Deno.readFileSync(path));
  } catch {
    return null;
  }
}

/** Project files outside `artifacts/` that changed although no change of them was announced. */
export function unannounced(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  announced: ReadonlySet<string>,
): string[] {
  return differences(before, after).filter((name) => !announced.has(`@project/${name}`));
}

/** Files of a run's folder that have no business there. */
export function strangeFiles(names: Iterable<string>): string[] {
  const known =
    /^(run\.json|lock|log\.jsonl|blobs\/[0-9a-f]{64}|state\/run\.md|state\/workflows\/[^/]+\/workflow\.md)$/;
  return [...names].filter((name) => !known.test(name));
}
