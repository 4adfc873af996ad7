// How much room a file system has, as the system's own `df` tells it.
import type { SandboxTools } from "./sandbox_tools.ts";

/** A file system as `df` tells it. */
export interface Disk {
  readonly freeBytes: number;
  /** `undefined` where `df` does not name it. */
  readonly type: string | undefined;
}

/**
 * The file system of a folder that is there; `undefined` where the system does not tell. Deno asks for
 * broader rights than the executable has; `df` is on every Unix.
 */
export function readDisk(folder: string, tools: SandboxTools): Disk | undefined {
  if (Deno.build.os === "windows") return undefined;
  const withType = Deno.build.os === "linux" ? tools.output("df", ["-PkT", folder]) : undefined;
  const report = withType ?? tools.output("df", ["-Pk", folder]);
  const line = report?.trim().split("\n").at(-1) ?? "";
  // Name, type if asked for, blocks of 1024 bytes: all, used, free; share, place.
  const [, type, free] = /(?:\s(\S+))?\s+\d+\s+\d+\s+(\d+)\s+\d+%\s/.exec(line) ?? [];
  if (free === undefined) return undefined;
  return { freeBytes: Number(free) * 1024, type: withType === undefined ? undefined : type };
}
