// Where CrewAgent keeps what is its own: packages, runs, later the database.
import { dirname, join, resolve } from "node:path";
import { AppError } from "../../schemas/error.ts";

/**
 * The data folder: `--data`, else `CREWAGENT_HOME`, else the system's usual place
 * (`~/Library/Application Support/CrewAgent`, `%APPDATA%\CrewAgent`, `$XDG_DATA_HOME/crewagent`).
 * Absolute; not made yet.
 * @throws AppError `USAGE` if the system names no home folder
 */
export function dataFolder(option?: string): string {
  const chosen = option ?? Deno.env.get("CREWAGENT_HOME");
  return chosen ? resolve(chosen) : usualDataFolder();
}

function usualDataFolder(): string {
  if (Deno.build.os === "windows") return join(variable("APPDATA"), "CrewAgent");
  if (Deno.build.os === "darwin") {
    return join(variable("HOME"), "Library", "Application Support", "CrewAgent");
  }
  return join(
    Deno.env.get("XDG_DATA_HOME") || join(variable("HOME"), ".local", "share"),
    "crewagent",
  );
}

function variable(name: string): string {
  const value = Deno.env.get(name);
  if (value) return value;
  throw new AppError(
    "USAGE",
    `The environment variable ${name} is not set, so there is no place for data. Name one with --data DIR or CREWAGENT_HOME`,
  );
}

/**
 * Writes a whole file so that a crash leaves the old content or the new, never a part: temporary
 * file beside it, fsync, rename. Missing folders are made; only this user can read what they hold.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  const temporary = join(dirname(path), `.${crypto.randomUUID()}.tmp`);
  Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = Deno.openSync(temporary, { createNew: true, write: true, mode: 0o600 });
  try {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
    file.syncDataSync();
  } finally {
    file.close();
  }
  Deno.renameSync(temporary, path);
}
