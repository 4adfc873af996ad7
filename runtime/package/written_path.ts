// Paths as authors write them in documents of a package. Not here: whether they exist.

/** A path as authors write it → package-relative: without `./` and `@pkg/` in front. */
export function cleanPath(path: string): string {
  return path.trim().replace(/^(@pkg\/|\{package-root\}\/)/, "").replace(/^(\.\/)+/, "");
}

/** The folder of a file, with a slash at its end, or empty. */
export function folderOf(path: string): string {
  const clean = cleanPath(path);
  return clean.slice(0, clean.lastIndexOf("/") + 1);
}
