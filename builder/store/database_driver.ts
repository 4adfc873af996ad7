// The one import of libSQL, in a file of its own so that it is loaded when its surroundings are ready
// (`database_connection.ts`), and with types that bring no globals along.
// @ts-types="./libsql_client.d.ts"
import { createClient } from "@libsql/client/sqlite3";

/** Opens a database file; loading this file has loaded native code. */
export const createDatabaseClient = createClient;
