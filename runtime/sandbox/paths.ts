// Plain comparisons of absolute paths with "/", for the builders of sandboxes. No I/O.

/** The path without a slash at its end. */
export function trimmed(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

/** Whether a path is a folder or lies in it. */
export function isInside(path: string, folder: string): boolean {
  const root = trimmed(folder);
  return root === "/" || trimmed(path) === root || path.startsWith(`${root}/`);
}

/** How many names lead from the root to it. */
export function depthOf(path: string): number {
  return path.split("/").filter((name) => name !== "").length;
}

/** The folders above a path, from the root on. */
export function ancestorsOf(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "");
  return names.map((_, count) => `/${names.slice(0, count).join("/")}`);
}

/** Paths that lie in none of the others, once each. */
export function outermost(paths: readonly string[]): string[] {
  const unique = [...new Set(paths.map(trimmed))];
  return unique.filter((path) => !unique.some((other) => other !== path && isInside(path, other)));
}
