// `crewagent mcp serve`: packages as tools for other programs that speak MCP.
import config from "../../deno.json" with { type: "json" };
import { AppError, EXIT } from "../../schemas/error.ts";
import { openRunDesk } from "../mcp/run_desk.ts";
import { serveDesk } from "../mcp/run_server.ts";
import { simulatedPerson } from "../run/answers.ts";
import { dataFolder } from "../run/data_folder.ts";
import { DEFAULT_RUN_OPTIONS } from "../run/run_folder.ts";
import { chooseConnection, CONNECTION_OPTIONS } from "./choose_connection.ts";
import { connectionOfRecord } from "./connection_of_record.ts";
import { readOptions } from "./options.ts";
import { RULE_OPTIONS, rulesOf } from "./rule_options.ts";

const DEFAULT_WAIT_SECONDS = 20;

/** Serves until the other program closes its end. */
export async function serveMcp(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(args, {
    ...CONNECTION_OPTIONS,
    ...RULE_OPTIONS,
    project: { type: "string" },
    yes: { type: "boolean", default: false },
    wait: { type: "string" },
    data: { type: "string" },
  });
  if (positionals.length === 0) {
    throw new AppError(
      "USAGE",
      "PACKAGE is missing. Usage: crewagent mcp serve PACKAGE... --project DIR",
    );
  }
  if (!values.project) throw new AppError("USAGE", "Name the project folder with --project DIR");
  const dataDir = dataFolder(values.data);
  const connection = chooseConnection(values, dataDir);
  const isSimulated = connection.provider === "simulate";
  const desk = await openRunDesk({
    dataDir,
    projectDir: values.project,
    sources: positionals,
    connection,
    model: connectionOfRecord(connection, { dataDir, runId: "RUN" }),
    options: { ...DEFAULT_RUN_OPTIONS, allowAll: values.yes, ...rulesOf(values) },
    ...(isSimulated && values.yes && { person: simulatedPerson }),
    waitMs: waitSeconds(values.wait) * 1000,
  });
  await serveDesk(desk, config.version);
  return EXIT.ok;
}

function waitSeconds(text: string | undefined): number {
  if (text === undefined) return DEFAULT_WAIT_SECONDS;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new AppError("USAGE", `--wait takes whole seconds up to 9999, not "${text}"`);
}
