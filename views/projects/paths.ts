// The addresses of a project's pages.

/** What a query may say; what is `undefined` is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** The project, or with a path the folder in it. */
export function projectHref(projectId: string, query: Query = {}): string {
  return `/projects/${projectId}${queryOf(query)}`;
}

/** A page about a file or a folder of a project. */
export function projectPartHref(
  projectId: string,
  part: "tree" | "file" | "raw" | "edit" | "new" | "rename" | "delete" | "bin" | "restore",
  query: Query = {},
): string {
  return `/projects/${projectId}/${part}${queryOf(query)}`;
}

function queryOf(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** The folder that a path is in; empty at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The last name of a path. */
export function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A path below a folder. */
export function below(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
