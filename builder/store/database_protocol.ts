// What the store asks of the database worker, and what it answers. Types only; both halves share them.

/** A value of a column. Text holds no NUL and no lone surrogate: U+FFFD is stored in their place. */
export type SqlValue = null | string | number | Uint8Array;

/** One SQL statement of ours with its values; never SQL from outside. */
export interface Query {
  readonly sql: string;
  readonly args?: readonly SqlValue[];
}

/** Column → value. */
export type Row = Readonly<Record<string, SqlValue>>;

/** What has to be so for a change to be made. */
export interface Guard extends Query {
  readonly expects: "row" | "no row";
}

/** Statements that take effect together, if every guard holds; nothing comes between. */
export interface Change {
  readonly guards: readonly Guard[];
  readonly statements: readonly Query[];
}

/** What came of a change. */
export interface ChangeOutcome {
  /** Which guard did not hold; `null` if all held and the change is on disk. */
  readonly refusedBy: number | null;
  /** Rows that each statement changed. */
  readonly changed: readonly number[];
}

/** A step from one layout of the database to the next. */
export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
}

/** Which file, and how it has to be laid out: the n-th migration leads to layout n. */
export interface OpenRequest {
  readonly path: string;
  readonly migrations: readonly Migration[];
}

/** The operations: request and answer of each. */
export interface DatabaseOperations {
  /** First and once. */
  open(request: OpenRequest): Promise<null>;
  /** The rows of each query, all from the same state. */
  read(queries: readonly Query[]): Promise<readonly (readonly Row[])[]>;
  write(change: Change): Promise<ChangeOutcome>;
  close(request: null): Promise<null>;
}

/** Name of an operation. */
export type DatabaseOperation = keyof DatabaseOperations;

/** A numbered request. */
export interface DatabaseRequest {
  readonly id: number;
  readonly operation: DatabaseOperation;
  readonly input: unknown;
}

/** Why an operation failed; nothing was changed then. */
export interface DatabaseFailure {
  /**
   * `busy`: another program holds the file; `full`: no space; `damaged`: no database, or a broken one;
   * `foreign`: another program's database; `newer`: a later version of CrewAgent laid it out.
   */
  readonly kind: "busy" | "full" | "damaged" | "foreign" | "newer" | "migration" | "other";
  readonly message: string;
}

/** The answer of the same number. */
export interface DatabaseAnswer {
  readonly id: number;
  readonly outcome:
    | { readonly ok: true; readonly value: unknown }
    | { readonly ok: false; readonly failure: DatabaseFailure };
}
