// Where the files lie that the executable carries. Not for what a user has: those are paths.

const FROM_SOURCE = "/runtime/package/embedded.ts";

// The bundler moves this module into a file at the root of the executable's own file system, so
// "the root" is two folders up in source and this very folder in the executable.
const ROOT = new URL(import.meta.url.endsWith(FROM_SOURCE) ? "../../" : "./", import.meta.url);

/**
 * The URL of a file or folder that is part of the program, given relative to the repository's root
 * (`examples/create-story/`); the same in source and in the executable. It can be read with
 * `Deno.readTextFile`, `Deno.readDir` and `Deno.stat`, never written. What is carried is listed as
 * `EMBEDDED` in `.ci/build.ts`; anything else exists in source only.
 */
export function embeddedUrl(path: string): URL {
  return new URL(path, ROOT);
}
