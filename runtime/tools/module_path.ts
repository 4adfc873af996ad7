// Paths of JavaScript modules that only see each other. Pure; also part of generated projects.

/** A module below the root: plain names with `/`, ending in `.js` or `.mjs`. */
export const MODULE_PATH = /^(?:[A-Za-z0-9_][A-Za-z0-9_-]*\/)*[A-Za-z0-9_][A-Za-z0-9._-]*\.m?js$/;

/** `./x.js` seen from a module; `undefined` for a package, an address or a path that leads out. */
export function resolveModule(importer: string, specifier: string): string | undefined {
  if (!/^\.\.?\//.test(specifier)) return undefined;
  const parts = importer.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== ".") parts.push(part);
  }
  const path = parts.join("/");
  return MODULE_PATH.test(path) ? path : undefined;
}
