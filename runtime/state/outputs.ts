// Paths that a node declares as inputs or outputs, as mount paths. Pure.

/** A declared path: ready, or naming the variable it still lacks. */
export type DeclaredPath =
  | { readonly path: string }
  | { readonly template: string; readonly missingVariable: string };

const PLACEHOLDER = /\{\{\s*([\w.-]+)\s*\}\}/g;

/** Fills `{{variable}}` and puts the path under its mount. */
export function resolveDeclared(
  template: string,
  variables: Readonly<Record<string, unknown>>,
): DeclaredPath {
  let missingVariable: string | undefined;
  const filled = template.trim().replace(PLACEHOLDER, (whole, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (isPathText(value)) return String(value);
    missingVariable ??= name;
    return whole;
  });
  return missingVariable === undefined
    ? { path: toMountPath(filled) }
    : { template: filled, missingVariable };
}

/** A list or a map is no part of a path. */
function isPathText(value: unknown): value is string | number | boolean {
  return typeof value === "number" || typeof value === "boolean" ||
    (typeof value === "string" && value !== "");
}

/** For a brief: every path once, with the template as it is where a variable has no value yet. */
export function declaredPaths(
  templates: readonly string[],
  variables: Readonly<Record<string, unknown>>,
): string[] {
  const paths = templates.map((template) => {
    const declared = resolveDeclared(template, variables);
    return "path" in declared ? declared.path : toMountPath(declared.template);
  });
  return [...new Set(paths)];
}

/**
 * `artifacts/x` and a bare `x` become `@project/artifacts/x`; `assets/…`, `steps/…` and `workflows/…`
 * belong to the package; another relative path belongs to the project.
 */
function toMountPath(path: string): string {
  if (path.startsWith("@")) return path;
  const clean = path.replace(/^\{artifacts-root\}/, "artifacts").replace(
    /^(\{project-root\}|\.?\/)+/,
    "",
  );
  if (/^(assets|steps|workflows)\//.test(clean)) return `@pkg/${clean}`;
  return clean.includes("/") ? `@project/${clean}` : `@project/artifacts/${clean}`;
}
