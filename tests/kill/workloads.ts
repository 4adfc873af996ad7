// What is run and killed: three examples with the simulation, and the packages "ledger" and "desk"
// against a scripted model server.
import { join } from "node:path";
import { DESK_PROJECT, DESK_SERVERS, writeDeskPackage } from "./desk_package.ts";
import { LEDGER_PROJECT, writeLedgerPackage } from "./ledger_package.ts";
import { LEDGER_ANSWERS } from "./ledger_script.ts";

/** A run that can be started, killed and resumed. */
export interface Workload {
  readonly name: string;
  /** Files of the project before the run. */
  readonly project: Readonly<Record<string, string>>;
  /** Files of the data folder before the run. */
  readonly home?: Readonly<Record<string, string>>;
  /** Arguments that start it on a project folder. */
  start(project: string): string[];
  readonly resume: readonly string[];
}

/** Notes for `two-workflows`, so that its search finds something. */
const CHANGELOG = "# Changelog\n\n## Unreleased\n\n- Lines are no longer lost.\n";

/**
 * All workloads. The package is written into `dir`; `baseUrl` is that of a model server which plays
 * `ledgerRounds` and `deskRounds`.
 */
export async function makeWorkloads(dir: string, baseUrl: string): Promise<Workload[]> {
  const ledger = join(dir, "ledger");
  const answers = join(dir, "answers.json");
  await writeLedgerPackage(ledger);
  await Deno.writeTextFile(answers, JSON.stringify(LEDGER_ANSWERS));
  const desk = join(dir, "desk");
  await writeDeskPackage(desk);
  const model = ["--model", "scripted", "--base-url", baseUrl];
  return [
    simulated("create-story"),
    simulated("review-loop"),
    simulated("two-workflows", { "CHANGELOG.md": CHANGELOG }),
    {
      name: "ledger",
      project: LEDGER_PROJECT,
      start: (project) => [
        ...["run", ledger, "--project", project, "--answers", answers, "--yes", "--json"],
        ...model,
      ],
      resume: ["resume", "last", "--answers", answers, "--json"],
    },
    {
      name: "desk",
      project: DESK_PROJECT,
      home: { "mcp.json": JSON.stringify(DESK_SERVERS) },
      start: (project) => ["run", desk, "--project", project, "--yes", "--json", ...model],
      resume: ["resume", "last", "--json"],
    },
  ];
}

function simulated(example: string, project: Readonly<Record<string, string>> = {}): Workload {
  return {
    name: example,
    project,
    start: (
      dir,
    ) => ["run", `examples/${example}`, "--project", dir, "--simulate", "--yes", "--json"],
    resume: ["resume", "last", "--json"],
  };
}
