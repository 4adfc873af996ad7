// What a process writes into its locks so that others of the same machine can see at once that it is
// gone, without waiting until its locks are old.
import { readFileSync, statSync } from "node:fs";
import process from "node:process";
import { isFileError } from "./synced_file.ts";

let place: string | undefined;

/** The sign of this process: its id, and where ids mean the same. One line. */
export function processSign(): string {
  place ??= whereIdsCount();
  return `${process.pid} ${place}`;
}

/**
 * True if the process with this sign is certainly gone: it ran where we run, and nobody has its id now.
 * False for one that lives, for one elsewhere, and where we may not ask.
 */
export function isGone(sign: string): boolean {
  const [, id = "", where] = /^(\d{1,10}) (.+)$/.exec(sign) ?? [];
  place ??= whereIdsCount();
  if (where !== place || Number(id) <= 1) return false;
  try {
    process.kill(Number(id), 0);
    return false;
  } catch (thrown) {
    return isFileError(thrown, "ESRCH");
  }
}

/** Differs between machines and between containers, each of which has a root and a name of its own. */
function whereIdsCount(): string {
  const names = ["/etc/machine-id", "/etc/hostname"].map(firstLine);
  return [process.platform, rootDevice(), ...names].join("/");
}

function rootDevice(): string {
  try {
    return String(statSync("/").dev);
  } catch {
    return "unknown";
  }
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, "utf8").split("\n")[0]?.trim() ?? "";
  } catch {
    // Not every system has it; the others still tell machines apart.
    return "";
  }
}
