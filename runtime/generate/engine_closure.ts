// Finds the files of the program that a generated project carries: what its entries import, and what
// that imports. Pure but for the reader it is handed.

/** Files and libraries behind some entries. */
export interface Closure {
  /** Text by path below the repository's root, sorted by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Specifiers of libraries as they are written, without `node:` ones; sorted. */
  readonly specifiers: readonly string[];
}

const IMPORT = /(?:\bfrom|\bimport\(?)\s*"([^"]+)"/g;

/** Follows every import, dynamic ones and those of types alone included. */
export function closureOf(
  entries: readonly string[],
  readText: (path: string) => string,
): Closure {
  const files = new Map<string, string>();
  const specifiers = new Set<string>();
  const open = [...entries];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    const text = readText(path);
    files.set(path, text);
    for (const [, specifier = ""] of text.matchAll(IMPORT)) {
      if (specifier.startsWith(".")) open.push(joined(path, specifier));
      else if (!specifier.startsWith("node:")) specifiers.add(specifier);
    }
  }
  const sorted = [...files].sort(([a], [b]) => a < b ? -1 : 1);
  return { files: Object.fromEntries(sorted), specifiers: [...specifiers].sort() };
}

/** `../b/x.ts` seen from `a/y.ts` is `b/x.ts`. */
function joined(importer: string, specifier: string): string {
  const parts = importer.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** `openai/resources/chat` belongs to `openai`, `@hono/node-server/x` to `@hono/node-server`. */
export function packageOf(specifier: string): string {
  return specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
