// The half of the store that touches the database file, in a worker of its own since the driver blocks
// its thread. It has no right but native code, and gives that up once the driver is loaded.
import { DatabaseConnection, databaseFailure } from "./database_connection.ts";
import type {
  Change,
  DatabaseAnswer,
  DatabaseOperations,
  DatabaseRequest,
  OpenRequest,
  Query,
} from "./database_protocol.ts";

/** The side of a worker that its global object shows. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<DatabaseRequest>) => void) | null;
  postMessage(answer: DatabaseAnswer): void;
}

const scope = globalThis as unknown as WorkerScope;

let connection: DatabaseConnection | undefined;

function opened(): DatabaseConnection {
  if (connection === undefined) throw new Error("The database is not open");
  return connection;
}

const operations: DatabaseOperations = {
  async open(request: OpenRequest) {
    connection = await DatabaseConnection.open(request);
    return null;
  },
  read: (queries: readonly Query[]) => opened().read(queries),
  write: (change: Change) => opened().write(change),
  async close() {
    await connection?.close();
    connection = undefined;
    return null;
  },
};

// One operation after another: a guard is judged and its change made with nothing in between.
let last: Promise<void> = Promise.resolve();
scope.onmessage = ({ data }) => {
  last = last.then(() => answer(data));
};

async function answer({ id, operation, input }: DatabaseRequest): Promise<void> {
  const run = operations[operation] as (input: unknown) => Promise<unknown>;
  try {
    scope.postMessage({ id, outcome: { ok: true, value: await run(input) } });
  } catch (thrown) {
    scope.postMessage({ id, outcome: { ok: false, failure: databaseFailure(thrown) } });
  }
}
