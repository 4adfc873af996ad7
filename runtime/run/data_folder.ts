// Where CrewAgent keeps what is its own: packages, runs, later the database.
import { join, resolve } from "node:path";
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
