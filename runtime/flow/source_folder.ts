// Reads the files of a folder of flow sources, which anybody may have written: no links, nothing huge,
// nothing binary, nothing outside. Every refusal is a finding.
import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import type { FindingList } from "./finding_list.ts";

/** No prompt and no module is longer. */
const MAX_FILE_BYTES = 1024 * 1024;

/** More files in one folder are no flow. */
const MAX_FILES = 5000;

/** Files below one folder, by paths with `/`. */
export class SourceFolder {
  readonly #dir: string;
  readonly #findings: FindingList;
  readonly #prefix: string;

  /** @param prefix what stands before a path in findings, such as `../` */
  constructor(dir: string, findings: FindingList, prefix = "") {
    this.#dir = dir;
    this.#findings = findings;
    this.#prefix = prefix;
  }

  /** Names of the plain files of a folder that end so, sorted by code points; a missing folder has none. */
  list(folder: string, ending: string): string[] {
    if (!this.#isFolder(folder)) return [];
    const names = readdirSync(join(this.#dir, folder))
      .filter((name) => name.toLowerCase().endsWith(ending) && !name.startsWith("."))
      .sort(compareText);
    if (names.length <= MAX_FILES) return names;
    this.#findings.error({
      code: "FLOW_TOO_MANY_FILES",
      file: this.#prefix + folder,
      message: `The folder holds ${names.length} "${ending}" files; at most ${MAX_FILES} are read`,
      hint: "Split it into several folders of flows",
    });
    return names.slice(0, MAX_FILES);
  }

  /** The text of a file without a byte order mark; `undefined` if it is missing or refused. */
  text(path: string): string | undefined {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    if (folder !== "" && !this.#isFolder(folder)) return undefined;
    if (this.#kindOf(path) !== "file") return undefined;
    const bytes = this.#bytes(path);
    return bytes && this.#decode(path, bytes);
  }

  /** Checks every folder on the way, so that no link leads out. */
  #isFolder(path: string): boolean {
    const names = path.split("/");
    return names.every((_, index) =>
      this.#kindOf(names.slice(0, index + 1).join("/")) === "folder"
    );
  }

  #kindOf(path: string): "file" | "folder" | "none" {
    const stat = lstatSync(join(this.#dir, path), { throwIfNoEntry: false });
    if (!stat) return "none";
    if (stat.isDirectory()) return "folder";
    if (stat.isFile()) return "file";
    this.#findings.error({
      code: "FLOW_FILE_LINK",
      file: this.#prefix + path,
      message: stat.isSymbolicLink() ? "This is a link" : "This is neither a file nor a folder",
      hint: "Put the file itself here; links are not followed",
    });
    return "none";
  }

  #bytes(path: string): Uint8Array | undefined {
    try {
      const file = openSync(join(this.#dir, path), "r");
      try {
        const { size } = fstatSync(file);
        if (size > MAX_FILE_BYTES) return this.#tooLarge(path, size);
        const bytes = new Uint8Array(size);
        let filled = 0;
        for (let read = -1; read !== 0 && filled < size; filled += read) {
          read = readSync(file, bytes, filled, size - filled, null);
        }
        return bytes.subarray(0, filled);
      } finally {
        closeSync(file);
      }
    } catch (thrown) {
      this.#findings.error({
        code: "FLOW_FILE_UNREADABLE",
        file: this.#prefix + path,
        message: `The file cannot be read (${(thrown as { code?: string }).code ?? "unknown"})`,
        hint: "Check its permissions",
      });
      return undefined;
    }
  }

  #tooLarge(path: string, size: number): undefined {
    this.#findings.error({
      code: "FLOW_FILE_TOO_LARGE",
      file: this.#prefix + path,
      message: `The file has ${size} bytes; at most ${MAX_FILE_BYTES} are read`,
      hint: "Shorten it: a model could not read it either",
    });
  }

  #decode(path: string, bytes: Uint8Array): string | undefined {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      if (!text.includes("\0")) return text;
    } catch {
      // Not UTF-8: the finding below says so.
    }
    this.#findings.error({
      code: "FLOW_FILE_NOT_TEXT",
      file: this.#prefix + path,
      message: "The file is not text in UTF-8",
      hint: "Save it as UTF-8 text",
    });
    return undefined;
  }
}

/** The same order on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
