// The store's side of the database: one question, one answer, one worker. The only file that starts it.
import { AppError } from "../../schemas/error.ts";
import type {
  ChangeOutcome,
  DatabaseAnswer,
  DatabaseFailure,
  DatabaseOperation,
  DatabaseOperations,
  DatabaseRequest,
  Guard,
  OpenRequest,
  Query,
  Row,
  SqlValue,
} from "./database_protocol.ts";

type Input<K extends DatabaseOperation> = Parameters<DatabaseOperations[K]>[0];
type Value<K extends DatabaseOperation> = Awaited<ReturnType<DatabaseOperations[K]>>;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: AppError) => void;
}

/** An open database. Calls take effect in the order they are made. */
export class Database {
  readonly #path: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended: AppError | undefined;

  private constructor(path: string) {
    this.#path = path;
    this.#worker = startDatabaseWorker();
    this.#worker.onmessage = ({ data }: MessageEvent<DatabaseAnswer>) => this.#settle(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new AppError("DATABASE_FAILED", `The database stopped: ${event.message}`));
    };
  }

  /**
   * Opens the file in a worker of its own; makes and migrates it as needed.
   * @throws AppError `DATABASE_FAILED`; the file is then as it was
   */
  static async open(request: OpenRequest): Promise<Database> {
    const database = new Database(request.path);
    try {
      await database.#ask("open", request);
      return database;
    } catch (thrown) {
      database.#worker.terminate();
      throw thrown;
    }
  }

  /** The rows of a query. @throws AppError `DATABASE_FAILED` */
  async rows(sql: string, args: readonly SqlValue[] = []): Promise<readonly Row[]> {
    const [rows = []] = await this.#ask("read", [{ sql, args }]);
    return rows;
  }

  /** The first row of a query. @throws AppError `DATABASE_FAILED` */
  async row(sql: string, args: readonly SqlValue[] = []): Promise<Row | undefined> {
    return (await this.rows(sql, args))[0];
  }

  /** The rows of several queries, all from the same state. @throws AppError `DATABASE_FAILED` */
  read(queries: readonly Query[]): Promise<readonly (readonly Row[])[]> {
    return this.#ask("read", queries);
  }

  /**
   * Makes a change as a whole. Once it answers with `refusedBy` null, the change survives a power cut.
   * @throws AppError `DATABASE_FAILED`; nothing is changed then
   */
  write(statements: readonly Query[], guards: readonly Guard[] = []): Promise<ChangeOutcome> {
    return this.#ask("write", { statements, guards });
  }

  /** Waits for what is under way and closes the file. */
  async close(): Promise<void> {
    if (this.#ended) return;
    const closed = this.#ask("close", null);
    this.#ended = new AppError("DATABASE_FAILED", "The database is closed");
    await closed.finally(() => this.#worker.terminate());
  }

  #ask<K extends DatabaseOperation>(operation: K, input: Input<K>): Promise<Value<K>> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#worker.postMessage({ id, operation, input } satisfies DatabaseRequest);
    return promise as Promise<Value<K>>;
  }

  #settle({ id, outcome }: DatabaseAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (outcome.ok) waiting?.resolve(outcome.value);
    else waiting?.reject(failureOf(outcome.failure, this.#path));
  }

  #end(reason: AppError): void {
    this.#ended ??= reason;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}

/**
 * The worker may load native code, which Deno does not hold back, and the driver asks for one variable
 * on loading; it has no files, network, processes or imports of its own.
 */
function startDatabaseWorker(): Worker {
  return new Worker(new URL("./database_worker.ts", import.meta.url), {
    type: "module",
    name: "database",
    deno: {
      permissions: {
        ffi: true,
        env: ["LIBSQL_JS_DEV"],
        read: false,
        write: false,
        net: false,
        run: false,
        sys: false,
        import: false,
      },
    },
  });
}

function failureOf({ kind, message }: DatabaseFailure, path: string): AppError {
  const said = message.replace(/[.\s]+$/, "");
  return new AppError(
    "DATABASE_FAILED",
    `The database "${path}" could not be used: ${said}. ${ADVICE[kind]}`,
    { details: { kind } },
  );
}

const ADVICE: Readonly<Record<DatabaseFailure["kind"], string>> = {
  busy: "Another program holds it: end that program and try again",
  full: "Nothing was changed. Make room on the disk and try again",
  damaged: "The file is kept as it is. Restore a backup, or move the file away to start anew",
  foreign: "The file is kept as it is. Choose another data folder with --data DIR",
  newer: "The file is kept as it is. Use the newer version, or another data folder with --data DIR",
  migration: "The file is kept as it was. Please report this",
  other: "Nothing was changed",
};
