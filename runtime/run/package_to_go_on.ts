// Which package a stopped run goes on with: its own copy, or one that a person gives and that fits.
import { AppError } from "../../schemas/error.ts";
import type { RunResumed } from "../../schemas/run_event.ts";
import { installedDir, installPackage } from "../package/install.ts";
import { type LoadedPackage, readPackage } from "../package/load.ts";
import { loadChecked } from "../package/load_checked.ts";
import { judgePackage, type PackageVerdict } from "./package_verdict.ts";
import type { RunFolder, RunRecord } from "./run_folder.ts";
import { readSnapshot } from "./snapshot.ts";
import { withTalk } from "./talk.ts";

/** The package, and what is to be told of it where it is not simply the run's own. */
export interface PackageToGoOn {
  readonly loaded: LoadedPackage;
  readonly change?: NonNullable<RunResumed["packageChange"]>;
}

/**
 * Finds the package of a stopped run; one that is given is installed.
 * @throws AppError `PKG_INTEGRITY` if the run's copy is damaged and no other is given,
 * `PKG_INCOMPATIBLE` with reasons if the given one does not fit, other `PKG_*`
 */
export async function packageToGoOn(
  { dataDir, folder, record, source }: {
    dataDir: string;
    folder: RunFolder;
    record: RunRecord;
    source: string | undefined;
  },
): Promise<PackageToGoOn> {
  const { talk, package: { hash } } = record;
  const copy = withTalkOf(await readCopy(installedDir(dataDir, hash)), talk);
  const before = copy?.hash === hash ? copy : undefined;
  const judge = (after: LoadedPackage) =>
    judgePackage({ before, after, hash, state: readSnapshot(folder), agentId: record.agentId });
  if (source === undefined) {
    if (before) return { loaded: before };
    throw damaged(record, copy && judge(copy));
  }
  const loaded = withTalk(await loadChecked(source), talk);
  const { verdict, reasons } = judge(loaded);
  if (verdict === "incompatible") throw incompatible(record, reasons);
  await installPackage(loaded, dataDir);
  if (verdict === "same" && before) return { loaded };
  return { loaded, change: { from: record.package, verdict, reasons } };
}

function withTalkOf(loaded: LoadedPackage | undefined, talk: RunRecord["talk"]) {
  return loaded && withTalk(loaded, talk);
}

async function readCopy(dir: string): Promise<LoadedPackage | undefined> {
  try {
    return (await readPackage(dir)).package;
  } catch {
    return undefined;
  }
}

/** The run's own copy is read-only and named by its hash, so only a hand from outside changes it. */
function damaged(record: RunRecord, present: PackageVerdict | undefined): AppError {
  const { name, version } = record.package;
  const now = present
    ? `What is there now is ${present.verdict}: ${present.reasons.join("; ")}`
    : "What is there now is no package any more";
  return new AppError(
    "PKG_INTEGRITY",
    `The run's copy of the package "${name}" ${version} in the data folder was changed or removed since the run began. ${now}. Give the package to go on with: crewagent resume ${record.runId} --package FILE`,
  );
}

function incompatible(record: RunRecord, reasons: readonly string[]): AppError {
  return new AppError(
    "PKG_INCOMPATIBLE",
    `This package does not fit the run: ${
      reasons.join("; ")
    }. The run is as it was; resume it without --package, or fork it: crewagent fork ${record.runId} --from NODE`,
    { details: { verdict: "incompatible", reasons } },
  );
}
