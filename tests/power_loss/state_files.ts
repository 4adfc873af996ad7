// A disk's state to and from a real folder.
import { join } from "node:path";
import type { DiskState } from "./disk.ts";

/** Everything below a folder. */
export function readState(dir: string): DiskState {
  const state = new Map<string, Uint8Array | null>();
  readInto(state, dir, "");
  return state;
}

function readInto(state: Map<string, Uint8Array | null>, dir: string, below: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(join(dir, below))) {
    const path = `${below}${name}`;
    state.set(path, isDirectory ? null : Deno.readFileSync(join(dir, path)));
    if (isDirectory) readInto(state, dir, `${path}/`);
  }
}

/** Makes the folder, which must be new, hold the state. Modes are not kept. */
export function writeState(dir: string, state: DiskState): void {
  Deno.mkdirSync(dir);
  for (const [path, content] of [...state].sort(([a], [b]) => a < b ? -1 : 1)) {
    if (content === null) Deno.mkdirSync(join(dir, path));
    else Deno.writeFileSync(join(dir, path), content);
  }
}

/** The state with one text in place of another in every file, for paths that files hold. */
export function replaceText(state: DiskState, from: string, to: string): DiskState {
  return new Map([...state].map(([path, content]) => {
    const text = content === null ? "" : new TextDecoder().decode(content);
    return [
      path,
      text.includes(from) ? new TextEncoder().encode(text.replaceAll(from, to)) : content,
    ];
  }));
}
