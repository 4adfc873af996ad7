// The database file through libSQL's file client, as the worker uses it: one connection, reads,
// guarded changes, migrations. Knows no table.
import process from "node:process";
import type { Client, InStatement, ResultSet } from "./libsql_client.d.ts";
import { messageOf } from "../../schemas/error.ts";
import type {
  Change,
  ChangeOutcome,
  DatabaseFailure,
  Guard,
  OpenRequest,
  Query,
  Row,
  SqlValue,
} from "./database_protocol.ts";

/** "CrAg": tells our database from any other. */
const APPLICATION_ID = 0x43724167;

/** How long to wait for another program, such as a backup, before each new try. */
const BUSY_PAUSES_MS = [20, 50, 100, 200, 400, 800, 1600];

/** FULL: what was answered survives a power cut. WAL alone would only keep the file whole. */
const PRAGMAS = [
  "PRAGMA journal_mode = WAL",
  "PRAGMA synchronous = FULL",
  "PRAGMA foreign_keys = ON",
  "PRAGMA trusted_schema = OFF",
  // Else the log keeps the size of the biggest import for good.
  "PRAGMA journal_size_limit = 16777216",
];

/** A failure whose kind is known. */
class KnownFailure extends Error {
  readonly kind: DatabaseFailure["kind"];

  constructor(kind: DatabaseFailure["kind"], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** One open database file. Its methods must not overlap. */
export class DatabaseConnection {
  readonly #client: Client;
  /** Whether the pragmas are set on the connection that the client has now. */
  #isPrepared = false;
  /** A file is not changed, not even by a pragma, before it is known to be ours. */
  #isJudged = false;

  private constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Opens the file, made if missing, and brings it to the newest layout; each migration takes effect
   * as a whole or not at all. A file that is not ours, damaged, or newer is left as it is.
   */
  static async open({ path, migrations }: OpenRequest): Promise<DatabaseConnection> {
    const connection = new DatabaseConnection(await createFileClient(path));
    try {
      const layout = await connection.#judge(migrations.length);
      connection.#isJudged = true;
      for (const [index, migration] of migrations.entries()) {
        if (index < layout) continue;
        await connection.#migrate(index + 1, migration);
      }
      return connection;
    } catch (thrown) {
      connection.#client.close();
      throw thrown;
    }
  }

  /** The rows of each query. */
  read(queries: readonly Query[]): Promise<readonly (readonly Row[])[]> {
    return this.#retried(async () => {
      const results: Row[][] = [];
      for (const query of queries) {
        results.push(rowsOf(await this.#client.execute(statementOf(query))));
      }
      return results;
    });
  }

  /** Makes a change in one transaction, if its guards hold. */
  write({ guards, statements }: Change): Promise<ChangeOutcome> {
    return this.#retried(async () => {
      for (const [index, guard] of guards.entries()) {
        if (!await this.#holds(guard)) return { refusedBy: index, changed: [] };
      }
      const results = await this.#client.batch(statements.map(statementOf), "write");
      return { refusedBy: null, changed: results.map(({ rowsAffected }) => rowsAffected) };
    });
  }

  /** Closes the file. The write-ahead log goes into it first, so that a copy of the one file is whole. */
  async close(): Promise<void> {
    try {
      await this.#client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      this.#client.close();
    }
  }

  async #holds({ expects, ...query }: Guard): Promise<boolean> {
    const { rows } = await this.#client.execute(statementOf(query));
    return (rows.length > 0) === (expects === "row");
  }

  /** The layout of the file, 0 for a new one. */
  async #judge(newest: number): Promise<number> {
    const [ids, versions, tables] = await this.read([
      { sql: "PRAGMA application_id" },
      { sql: "PRAGMA user_version" },
      { sql: "SELECT count(*) AS tables FROM sqlite_schema" },
    ]);
    const isNew = tables?.[0]?.tables === 0;
    if (!isNew && ids?.[0]?.application_id !== APPLICATION_ID) {
      throw new KnownFailure("foreign", "It is the database of another program");
    }
    const layout = Number(versions?.[0]?.user_version);
    if (layout > newest) {
      throw new KnownFailure(
        "newer",
        `It has layout ${layout}, and this version of CrewAgent knows layouts up to ${newest}`,
      );
    }
    return layout;
  }

  async #prepare(): Promise<void> {
    if (this.#isPrepared || !this.#isJudged) return;
    for (const pragma of PRAGMAS) await this.#client.execute(pragma);
    this.#isPrepared = true;
  }

  async #migrate(layout: number, { name, statements }: OpenRequest["migrations"][number]) {
    const numbered = [
      ...statements,
      `PRAGMA application_id = ${APPLICATION_ID}`,
      `PRAGMA user_version = ${layout}`,
    ];
    try {
      await this.#retried(() => this.#client.batch(numbered, "write"));
    } catch (thrown) {
      const { kind, message } = databaseFailure(thrown);
      throw new KnownFailure(
        kind === "other" ? "migration" : kind,
        `The step to layout ${layout} ("${name}") failed and was taken back: ${message}`,
        thrown,
      );
    }
  }

  /**
   * After a failure the connection is replaced: after SQLITE_BUSY later statements on it resolve but
   * are not committed. Only BUSY is tried again, since then nothing has happened.
   */
  async #retried<T>(work: () => Promise<T>): Promise<T> {
    for (const pauseMs of [...BUSY_PAUSES_MS, undefined]) {
      try {
        await this.#prepare();
        return await work();
      } catch (thrown) {
        await this.#client.reconnect();
        this.#isPrepared = false;
        if (pauseMs === undefined || databaseFailure(thrown).kind !== "busy") throw thrown;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    throw new Error("unreachable: the last pause throws");
  }
}

/** What a thrown error says, as an answer. */
export function databaseFailure(thrown: unknown): DatabaseFailure {
  const message = messageOf(thrown);
  if (thrown instanceof KnownFailure) return { kind: thrown.kind, message };
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return { kind: KINDS[code] ?? "other", message };
}

const KINDS: Readonly<Record<string, DatabaseFailure["kind"]>> = {
  SQLITE_BUSY: "busy",
  SQLITE_LOCKED: "busy",
  SQLITE_FULL: "full",
  SQLITE_CORRUPT: "damaged",
  SQLITE_NOTADB: "damaged",
};

/**
 * Loads the driver, opens the file and gives up the rights that loading took. On Linux the driver
 * picks its native half by Node's report of the C library, for which Deno wants rights that have
 * nothing to do with it; it is told what it would find: Deno itself runs on glibc only.
 */
async function createFileClient(path: string): Promise<Client> {
  if (Deno.build.os === "linux") {
    Object.assign(process.report, { getReport: () => ({ header: { glibcVersionRuntime: "" } }) });
  }
  const { createDatabaseClient } = await import("./database_driver.ts");
  const client = createDatabaseClient({ url: fileUrl(path), concurrency: 1 });
  for (const name of ["ffi", "env"] as const) await Deno.permissions.revoke({ name });
  return client;
}

/** The driver's own kind of file URL: `file:C:/…` on Windows, any character escaped. */
function fileUrl(path: string): string {
  const escaped = path.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  return escaped.startsWith("/") ? `file://${escaped}` : `file:${escaped.replace("%3A", ":")}`;
}

function statementOf({ sql, args = [] }: Query): InStatement {
  return { sql, args: args.map(storable) };
}

/** The driver cuts text at a NUL. */
function storable(value: SqlValue): SqlValue {
  return typeof value === "string" ? value.toWellFormed().replaceAll("\0", "\uFFFD") : value;
}

function rowsOf({ columns, rows }: ResultSet): Row[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => {
      const value = row[index];
      if (value instanceof ArrayBuffer) return [column, new Uint8Array(value)];
      return [column, value ?? null];
    }))
  );
}
