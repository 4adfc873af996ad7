// What sandboxes and `doctor` ask of the machine: its programs and the kinds of its paths. Tests give
// answers of their own.
import { delimiter, isAbsolute, join } from "node:path";
import { messageOf } from "../../schemas/error.ts";

/** Questions to the machine. Nothing here throws: what cannot be told is `undefined`. */
export interface SandboxTools {
  /** The home folder of who runs this. */
  readonly home: string | undefined;
  /** The absolute path of a program, by `path` or else by this process's own `PATH`. */
  find(program: string, path?: string): string | undefined;
  /** Runs a program to its end, without input. */
  run(program: string, args: readonly string[]): { success: boolean; stderr: string };
  /** What a program writes to its standard output; `undefined` if it fails. */
  output(program: string, args: readonly string[]): string | undefined;
  /** Links are followed. */
  kindOf(path: string): "file" | "folder" | undefined;
  /** Where a link points, as it is written; `undefined` for anything else. */
  readLink(path: string): string | undefined;
  /** The path without links. */
  realPath(path: string): string | undefined;
  /** The first bytes of a file as text, enough for a `#!` line. */
  firstBytes(path: string): string | undefined;
}

/** The machine itself. */
export const machineTools: SandboxTools = {
  get home() {
    return Deno.env.get("HOME") || undefined;
  },
  find(program, path = Deno.env.get("PATH") ?? "") {
    const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
    return folders.map((folder) => join(folder, program)).find(isProgram);
  },
  run(program, args) {
    try {
      const { success, stderr } = ended(program, args);
      return { success, stderr: new TextDecoder().decode(stderr) };
    } catch (thrown) {
      return { success: false, stderr: messageOf(thrown) };
    }
  },
  output(program, args) {
    const end = quietly(() => ended(program, args));
    return end?.success ? new TextDecoder().decode(end.stdout) : undefined;
  },
  kindOf(path) {
    const info = quietly(() => Deno.statSync(path));
    return info && (info.isDirectory ? "folder" : info.isFile ? "file" : undefined);
  },
  readLink: (path) => quietly(() => Deno.readLinkSync(path)),
  realPath: (path) => quietly(() => Deno.realPathSync(path)),
  firstBytes: (path) =>
    quietly(() => {
      using file = Deno.openSync(path);
      const bytes = new Uint8Array(200);
      return new TextDecoder().decode(bytes.subarray(0, file.readSync(bytes) ?? 0));
    }),
};

function ended(program: string, args: readonly string[]): Deno.CommandOutput {
  const pipes = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  return new Deno.Command(program, { args: [...args], ...pipes }).outputSync();
}

function isProgram(path: string): boolean {
  const info = quietly(() => Deno.statSync(path));
  return info !== undefined && info.isFile && ((info.mode ?? 0o111) & 0o111) !== 0;
}

function quietly<Value>(ask: () => Value): Value | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
