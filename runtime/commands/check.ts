// `crewagent check`: every finding about packages.
import { AppError, EXIT } from "../../schemas/error.ts";
import { hasErrors } from "../../schemas/finding.ts";
import { checkPackage } from "../package/check.ts";
import type { LoadedPackage, ReadResult } from "../package/load.ts";
import type { Command } from "./command.ts";
import { countFindings, countsText, findingLines } from "./findings_text.ts";
import { readOptions } from "./options.ts";
import { type Palette, palette, printable, wantsColour } from "./terminal.ts";

const HELP = `Usage: crewagent check PACKAGE... [--json]

Lists everything that is wrong or doubtful in a package, all at once, each with its place and a hint.
PACKAGE is a .bmad file or a package folder.

Options
  --json             {package, findings, summary} on standard output; a list of them for several packages

Examples
  crewagent check my-package
  crewagent check *.bmad --json

Exit codes: 0 no error, 1 a finding is an error (warnings are none), 2 usage, 3 not a package at all.
`;

/** The command `check`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      json: { type: "boolean", default: false },
    });
    if (positionals.length === 0) {
      throw new AppError("USAGE", "PACKAGE is missing. Usage: crewagent check PACKAGE...");
    }
    const outcomes = await Promise.allSettled(positionals.map(checkPackage));
    const results = outcomes.flatMap((outcome, index) =>
      outcome.status === "fulfilled" ? [{ source: positionals[index] ?? "", ...outcome.value }] : []
    );
    if (values.json) {
      const reports = results.map(report);
      const output = positionals.length === 1 ? reports[0] : reports;
      if (output !== undefined) console.log(JSON.stringify(output, null, 2));
    } else {
      const paint = palette(wantsColour(Deno.stdout));
      for (const result of results) print(result, paint);
    }
    // What cannot be read comes last, so that it hides no other package's findings.
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    if (failure) throw failure.reason;
    return results.some(({ findings }) => hasErrors(findings)) ? EXIT.failed : EXIT.ok;
  },
};

interface Checked extends ReadResult {
  readonly source: string;
}

function report({ package: loaded, findings }: Checked) {
  return {
    package: loaded ? factsOf(loaded) : null,
    findings,
    summary: countFindings(findings),
  };
}

function factsOf({ manifest, hash, agents, workflows }: LoadedPackage) {
  return {
    name: manifest.name,
    version: manifest.version,
    schemaVersion: manifest.schemaVersion,
    hash,
    agents: agents.map(({ id }) => id),
    workflows: workflows.map(({ id, graph }) => ({ id, nodeCount: graph.nodes.length })),
  };
}

function print({ source, package: loaded, findings }: Checked, paint: Palette): void {
  for (const line of findingLines(findings, paint)) console.log(line);
  const counts = countFindings(findings);
  const colour = counts.errors > 0 ? paint.red : counts.warnings > 0 ? paint.yellow : paint.green;
  const name = loaded ? `${loaded.manifest.name} ${loaded.manifest.version}` : source;
  console.log(`${printable(name)}: ${colour(countsText(counts))}`);
}
