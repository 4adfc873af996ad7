// Finds the modules of tools and all that they import. Only files of the sources count: a package or an
// address has no place in a sandbox.
import { MODULE_PATH, resolveModule } from "../tools/module_path.ts";
import type { FieldReader } from "./field_reader.ts";
import { type FindingList, quoted } from "./finding_list.ts";
import type { SourceFolder } from "./source_folder.ts";

/** Texts by path below the folder. */
export type ModuleTexts = Map<string, string>;

const MAX_MODULES = 200;
const DOTTED = /^[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*$/;
// Bounded repetitions: a hostile text must not make it slow.
const IMPORT =
  /\b(?:import|export)\b\s{0,100}(?:[\w$*{}\s,]{1,2000}?\bfrom\s{0,100})?(["'])([^"'\n]+)\1|\bimport\s{0,100}\(/g;

interface ModuleReading {
  readonly folder: SourceFolder;
  readonly findings: FindingList;
  readonly modules: ModuleTexts;
}

/**
 * Reads a module as `tools.yaml` names it (`utils.text`, or a path such as `utils/text.js`) and what it
 * imports. @returns its path; `undefined` with a finding if there is none
 */
export function readModule(
  name: string,
  fields: FieldReader,
  reading: ModuleReading,
): string | undefined {
  const path = pathsOf(name).find((path) => add(path, reading));
  if (path === undefined) {
    const message = `There is no module ${quoted(name)}`;
    const hint = 'A module is a JavaScript file of the sources: "utils.text" is utils/text.js';
    fields.report("FLOW_MODULE_UNKNOWN", ["module"], message, hint);
    return undefined;
  }
  followImports(path, reading);
  return path;
}

function pathsOf(name: string): string[] {
  if (MODULE_PATH.test(name)) return [name];
  if (!DOTTED.test(name)) return [];
  const path = name.replaceAll(".", "/");
  return [`${path}.js`, `${path}.mjs`];
}

function add(path: string, { folder, modules }: ModuleReading): boolean {
  if (modules.has(path)) return true;
  const text = folder.text(path);
  if (text === undefined) return false;
  modules.set(path, text.replace(/^\uFEFF/, ""));
  return true;
}

function followImports(first: string, reading: ModuleReading): void {
  const { modules, findings } = reading;
  const open = [first];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const text = withoutComments(modules.get(path) ?? "");
    for (const match of text.matchAll(IMPORT)) {
      const [, , specifier] = match;
      const target = specifier === undefined ? undefined : resolveModule(path, specifier);
      if (target !== undefined && modules.has(target)) continue;
      if (target !== undefined && modules.size < MAX_MODULES && add(target, reading)) {
        open.push(target);
        continue;
      }
      findings.error({
        code: "FLOW_MODULE_IMPORT",
        file: path,
        message: specifier === undefined
          ? "The module imports while it runs, which tools cannot"
          : `The module imports ${quoted(specifier)}, which is no file of the sources`,
        hint: 'A tool may import its neighbours only, such as "./words.js"',
        place: placeOf(text, match.index),
      });
    }
  }
}

/** Block comments and whole-line comments as spaces, so that places stay the same. */
function withoutComments(text: string): string {
  let plain = "";
  let end = 0;
  for (let start = text.indexOf("/*"); start >= 0; start = text.indexOf("/*", end)) {
    const close = text.indexOf("*/", start + 2);
    if (close < 0) break;
    plain += text.slice(end, start) + text.slice(start, close + 2).replace(/[^\n]/g, " ");
    end = close + 2;
  }
  return (plain + text.slice(end)).replace(/^[ \t]*\/\/.*$/gm, (line) => " ".repeat(line.length));
}

function placeOf(text: string, index: number) {
  const before = text.slice(0, index).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
