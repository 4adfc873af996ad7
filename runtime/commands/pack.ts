// `crewagent pack`: a package folder → a `.bmad` file.
import { EXIT } from "../../schemas/error.ts";
import { packPackage } from "../package/pack.ts";
import type { Command } from "./command.ts";
import { countFindings, countsText, findingLines } from "./findings_text.ts";
import { onePositional, readOptions } from "./options.ts";
import { formatBytes, palette, printable, wantsColour } from "./terminal.ts";

const USAGE = "crewagent pack DIR [-o FILE] [--integrity]";

const HELP = `Usage: ${USAGE}

Makes a .bmad file of a package folder. The same content always gives the same bytes. A package with
an error is not packed; the findings are listed. Files whose names start with a dot are left out.

Options
  -o, --output FILE  where to write (default: NAME.bmad here, NAME as in bmad.json); replaced if there
  --integrity        write the hash of the content into bmad.json, so that a change can be noticed

Example
  crewagent pack my-package -o dist/my-package.bmad

Exit codes: 0 ok, 1 the file cannot be written, 2 usage, 3 the package has errors.
`;

/** The command `pack`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      output: { type: "string", short: "o" },
      integrity: { type: "boolean", default: false },
    });
    const source = onePositional(positionals, "DIR", USAGE);
    const { findings, packed } = await packPackage(source, {
      output: values.output,
      stampsIntegrity: values.integrity,
    });
    for (const line of findingLines(findings, palette(wantsColour(Deno.stderr)))) {
      console.error(line);
    }
    if (!packed) {
      console.error(`Not packed: ${countsText(countFindings(findings))}`);
      return EXIT.invalidInput;
    }
    const size = `${packed.fileCount} files, ${formatBytes(packed.bytes)}`;
    console.log(printable(`${packed.path}  (${size}, ${packed.hash.slice(0, 12)})`));
    return EXIT.ok;
  },
};
