// `crewagent unpack`: a `.bmad` file → a folder.
import { AppError, EXIT } from "../../schemas/error.ts";
import { unpackPackage } from "../package/unpack.ts";
import type { Command } from "./command.ts";
import { readOptions } from "./options.ts";
import { printable } from "./terminal.ts";

const USAGE = "crewagent unpack FILE DIR";

const HELP = `Usage: ${USAGE}

Makes a folder of a .bmad file, byte for byte, to look at it or to change it. The folder has to be new
or empty. Archives that are unsafe (paths that lead out, links, bombs) are refused as a whole.

Example
  crewagent unpack create-story.bmad my-story

Exit codes: 0 ok, 1 the folder is not empty or cannot be written, 2 usage, 3 not a package archive.
`;

/** The command `unpack`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { positionals } = readOptions(args, {});
    const [file, dir, surplus] = positionals;
    if (file === undefined || dir === undefined || surplus !== undefined) {
      throw new AppError("USAGE", `A FILE and a DIR are needed. Usage: ${USAGE}`);
    }
    const { fileCount, leftOut } = await unpackPackage(file, dir);
    for (const path of leftOut) {
      console.error(printable(`Left out, since the name starts with a dot: ${path}`));
    }
    console.log(printable(`${dir}  (${fileCount} files)`));
    return EXIT.ok;
  },
};
