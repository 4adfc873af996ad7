// `crewagent generate`: flow sources → a project that runs by itself under Deno and Node.
import config from "../../deno.json" with { type: "json" };
import { AppError, EXIT } from "../../schemas/error.ts";
import { hasErrors } from "../../schemas/finding.ts";
import {
  type Generated,
  generateProject,
  readFolder,
  type ReadSources,
  type Stage,
} from "../generate/generate_project.ts";
import type { Command } from "./command.ts";
import { countFindings, countsText, findingLines } from "./findings_text.ts";
import { noPositionals, readOptions } from "./options.ts";
import { palette, printable, wantsColour } from "./terminal.ts";

const USAGE = "crewagent generate [--src DIR] [--out DIR] [--check] [--verbose] [--package FILE]";

const HELP = `Usage: ${USAGE}

Makes a TypeScript project of agents, flows and tools: a REST service on PocketFlow that runs by itself
with Deno (deno task start) or Node 20 (npm start). It carries the very files of this program's flow
engine, so it answers as "crewagent serve --flows" does. The same sources give the same bytes. --out is
replaced as a whole, and only if this command has made it; what a running project gathers there stays
(.env, config/, node_modules/, lock files, .git/, documents, memory).

Options
  --src DIR          the folder that holds agents/, or its parent with bmad/ and config/ (./bmad)
  --package FILE     a .bmad file or package folder instead: a node per graph node
  --out DIR          the folder of the project (./generated)
  --check            list what is wrong and what would change; write nothing
  --verbose          stages with their times, and each file that changes

Example
  crewagent generate --src ./bmad --out ./generated && cd generated && TESTING=1 deno task start

Exit codes: 0 ok, 1 a finding is an error or the project cannot be written, 2 usage.
`;

/** The command `generate`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      src: { type: "string" },
      package: { type: "string" },
      out: { type: "string", default: "./generated" },
      check: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    });
    noPositionals(positionals, USAGE);
    if (values.src !== undefined && values.package !== undefined) {
      throw new AppError("USAGE", `Name --src or --package, not both. Usage: ${USAGE}`);
    }
    const startedAt = performance.now();
    const tells = values.verbose || Deno.stderr.isTerminal();
    const generated = await generate({
      read: await sourcesOf(values.src, values.package),
      out: values.out,
      version: config.version,
      purpose: values.check ? "check" : "write",
      onStage: tells ? printStage : () => {},
    });
    for (const line of findingLines(generated.findings, palette(wantsColour(Deno.stderr)))) {
      console.error(line);
    }
    if (values.verbose) printFiles(generated);
    console.log(summary(generated, values.out, performance.now() - startedAt));
    return hasErrors(generated.findings) ? EXIT.failed : EXIT.ok;
  },
};

async function sourcesOf(
  src: string | undefined,
  packagePath: string | undefined,
): Promise<ReadSources> {
  if (packagePath === undefined) return readFolder(src ?? "./bmad");
  const { readPackageFlows } = await import("../generate/package_source.ts");
  return () => readPackageFlows(packagePath);
}

/** What is no source at all is a mistake on the command line. */
async function generate(options: Parameters<typeof generateProject>[0]): Promise<Generated> {
  try {
    return await generateProject(options);
  } catch (thrown) {
    if (thrown instanceof AppError && ["FLOW_NOT_FOUND", "PKG_NOT_FOUND"].includes(thrown.code)) {
      throw new AppError("USAGE", thrown.message, { cause: thrown });
    }
    throw thrown;
  }
}

function printStage({ name, detail, durationMs }: Stage): void {
  const time = `${durationMs.toFixed(1)} ms`.padStart(10);
  console.error(printable(`${name.padEnd(8)}${time}  ${detail}`));
}

function printFiles({ comparison }: Generated): void {
  const groups = [
    ["new", comparison?.added],
    ["changed", comparison?.changed],
    ["gone", comparison?.removed],
  ] as const;
  for (const [word, paths = []] of groups) {
    for (const path of paths) console.error(printable(`${word.padEnd(8)} ${path}`));
  }
}

function summary({ findings, comparison }: Generated, out: string, durationMs: number): string {
  const time = `${Math.round(durationMs)} ms`;
  const counts = countsText(countFindings(findings));
  if (!comparison) return `Nothing generated: ${counts} (${time})`;
  const { added, changed, removed, unchanged } = comparison;
  const files = `${added.length + changed.length + unchanged.length} files, ` +
    `${added.length} new, ${changed.length} changed, ${removed.length} gone`;
  return printable(`${out}: ${files}; ${counts} (${time})`);
}
