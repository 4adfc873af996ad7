// Paths as menu items write them, as mount paths. Pure.

/**
 * The mount paths that a path of a menu may mean, in the order they are tried. Templates are filled; a
 * path without a mount is one of the package before it is one of the project.
 */
export function menuPlaces(path: string): readonly string[] {
  const filled = path.trim().replace(TEMPLATE, (_, name: string) => `${MOUNTS[name]}/`);
  if (filled.startsWith("@")) return [filled];
  const clean = filled.replace(/^(\.?\/)+/, "");
  if (clean.startsWith("artifacts/")) return [`@project/${clean}`];
  return [`@pkg/${clean}`, `@project/${clean}`];
}

/** The path inside the package of a mount path below `@pkg`, else `undefined`. */
export function pathInPackage(mountPath: string): string | undefined {
  return mountPath.startsWith("@pkg/") ? mountPath.slice("@pkg/".length) : undefined;
}

const MOUNTS: Readonly<Record<string, string>> = {
  "project-root": "@project",
  "artifacts-root": "@project/artifacts",
  "package-root": "@pkg",
  "state-root": "@state",
};

const TEMPLATE = /^\{(project-root|artifacts-root|package-root|state-root)\}\/?/;
