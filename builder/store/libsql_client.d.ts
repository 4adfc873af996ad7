// The part of `@libsql/client/sqlite3` that the store uses. Its own types bring Node's globals along,
// which change what `fetch` and `assert` mean in the whole project.

/** A statement with bound values. */
export interface InStatement {
  readonly sql: string;
  readonly args: readonly (null | string | number | Uint8Array)[];
}

/** What a statement gave. */
export interface ResultSet {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly [index: number]: null | string | number | ArrayBuffer }[];
  readonly rowsAffected: number;
}

/** A client of one file; with concurrency 1 it has one connection. */
export interface Client {
  execute(statement: InStatement | string): Promise<ResultSet>;
  /** All statements in one transaction. */
  batch(statements: readonly (InStatement | string)[], mode: "write"): Promise<ResultSet[]>;
  /** Replaces the connection. */
  reconnect(): Promise<void>;
  close(): void;
}

/** @throws if the file cannot be opened */
export function createClient(options: {
  readonly url: string;
  readonly concurrency: number;
}): Client;
