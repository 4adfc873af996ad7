// Accounts: making them, logging in, passwords. Not here: who is asking (`sessions.ts`,
// `api_tokens.ts`, `access_tokens.ts`) and how often they may try (`login_limit.ts`).
import { AppError } from "../../schemas/error.ts";
import { checkPassword, checkUsername, usernameKey } from "./account_rules.ts";
import { type Clock, isoTime } from "./clock.ts";
import type { Database } from "./database.ts";
import type { Guard, Query } from "./database_protocol.ts";
import { integerOf, textOf } from "./database_row.ts";
import { hashPassword, isPassword, type PasswordCost } from "./password.ts";
import { newRowId } from "./secret.ts";
import { type User, userOf } from "./user.ts";

/** What a person types to log in or to make an account. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Accounts of this installation. */
export interface Users {
  /** How many accounts there are; 0 before the first start is finished. */
  count(): Promise<number>;
  /**
   * Makes the first account, the owner's.
   * @throws AppError `ACCOUNT_INVALID` (which rule the name or password breaks), `ACCOUNT_EXISTS` if
   * there is any account
   */
  createOwner(credentials: Credentials): Promise<User>;
  /**
   * Makes a member's account.
   * @throws AppError `ACCOUNT_INVALID`, `ACCOUNT_EXISTS` if the name is taken, in whatever case
   */
  createMember(credentials: Credentials): Promise<User>;
  /** Undefined if there is no such account. */
  find(userId: string): Promise<User | undefined>;
  /** Undefined if there is no such account; case does not matter. */
  findByName(username: string): Promise<User | undefined>;
  /** All accounts, shut ones too, by name. */
  list(): Promise<readonly User[]>;
  /**
   * The account that a name and password open. A wrong name, a wrong password and a shut account fail
   * alike, after the same work.
   * @throws AppError `AUTH_INVALID_CREDENTIALS`
   */
  authenticate(credentials: Credentials): Promise<User>;
  /**
   * Changes one's own password. Ends every session and access token of the account.
   * @throws AppError `AUTH_INVALID_CREDENTIALS` if the current one is wrong, `ACCOUNT_INVALID`
   */
  changePassword(
    userId: string,
    passwords: { readonly current: string; readonly next: string },
  ): Promise<void>;
  /**
   * Sets a password that was forgotten; the caller has made sure that an owner asks. Ends every
   * session and access token of the account.
   * @throws AppError `ACCOUNT_INVALID`
   */
  resetPassword(userId: string, password: string): Promise<void>;
  /**
   * Shuts an account: its sessions and tokens end, its packages stay.
   * @throws AppError `ACCOUNT_INVALID` for the owner, whom nobody can shut out
   */
  disable(userId: string): Promise<void>;
  /** Opens a shut account again. Its old sessions stay ended. */
  enable(userId: string): Promise<void>;
}

/** What accounts are kept with. */
export interface UsersPlace {
  readonly database: Database;
  readonly now: Clock;
  readonly passwordCost: PasswordCost;
}

/** The accounts in a database. */
export function usersIn(place: UsersPlace): Users {
  return new StoredUsers(place);
}

class StoredUsers implements Users {
  readonly #database: Database;
  readonly #now: Clock;
  readonly #passwordCost: PasswordCost;

  constructor({ database, now, passwordCost }: UsersPlace) {
    this.#database = database;
    this.#now = now;
    this.#passwordCost = passwordCost;
  }

  async count(): Promise<number> {
    const row = await this.#database.row("SELECT count(*) AS users FROM users");
    return row ? integerOf(row, "users") : 0;
  }

  createOwner(credentials: Credentials): Promise<User> {
    return this.#create(credentials, {
      role: "owner",
      guard: { sql: "SELECT 1 FROM users LIMIT 1", expects: "no row" },
      refusal: "The first account exists already: log in with it",
    });
  }

  createMember(credentials: Credentials): Promise<User> {
    return this.#create(credentials, {
      role: "member",
      guard: {
        sql: "SELECT 1 FROM users WHERE username_key = ?",
        args: [usernameKey(credentials.username)],
        expects: "no row",
      },
      refusal: `There is an account "${credentials.username}" already: choose another name`,
    });
  }

  async find(userId: string): Promise<User | undefined> {
    const row = await this.#database.row("SELECT * FROM users WHERE user_id = ?", [userId]);
    return row && userOf(row);
  }

  async findByName(username: string): Promise<User | undefined> {
    const row = await this.#byName(username);
    return row && userOf(row);
  }

  async list(): Promise<readonly User[]> {
    return (await this.#database.rows("SELECT * FROM users ORDER BY username_key")).map(userOf);
  }

  async authenticate({ username, password }: Credentials): Promise<User> {
    const row = await this.#byName(username);
    const isRight = await isPassword(
      password,
      row && textOf(row, "password_hash"),
      this.#passwordCost,
    );
    if (!row || !isRight || row.disabled_at !== null) throw wrongCredentials();
    return userOf(row);
  }

  async changePassword(
    userId: string,
    { current, next }: { readonly current: string; readonly next: string },
  ): Promise<void> {
    const row = await this.#database.row("SELECT * FROM users WHERE user_id = ?", [userId]);
    const before = row && textOf(row, "password_hash");
    if (!await isPassword(current, before, this.#passwordCost) || before === undefined) {
      throw wrongCredentials();
    }
    await this.#setPassword(userId, next, [{
      sql: "SELECT 1 FROM users WHERE user_id = ? AND password_hash = ?",
      args: [userId, before],
      expects: "row",
    }]);
  }

  resetPassword(userId: string, password: string): Promise<void> {
    return this.#setPassword(userId, password, [existingUser(userId)]);
  }

  async disable(userId: string): Promise<void> {
    const { refusedBy } = await this.#database.write([
      {
        sql: "UPDATE users SET disabled_at = ?, epoch = epoch + 1 WHERE user_id = ?",
        args: [isoTime(this.#now()), userId],
      },
      endSessions(userId),
    ], [{
      sql: "SELECT 1 FROM users WHERE user_id = ? AND role <> 'owner'",
      args: [userId],
      expects: "row",
    }]);
    if (refusedBy === null) return;
    throw new AppError("ACCOUNT_INVALID", "Only a member's account can be shut, not the owner's");
  }

  async enable(userId: string): Promise<void> {
    const { refusedBy } = await this.#database.write(
      [{ sql: "UPDATE users SET disabled_at = NULL WHERE user_id = ?", args: [userId] }],
      [existingUser(userId)],
    );
    if (refusedBy !== null) throw unknownUser();
  }

  #byName(username: string) {
    return this.#database.row("SELECT * FROM users WHERE username_key = ?", [
      usernameKey(username),
    ]);
  }

  async #create(
    { username, password }: Credentials,
    { role, guard, refusal }: {
      readonly role: User["role"];
      readonly guard: Guard;
      readonly refusal: string;
    },
  ): Promise<User> {
    checkUsername(username);
    checkPassword(password);
    const user: User = {
      userId: newRowId(),
      username,
      role,
      createdAt: isoTime(this.#now()),
      disabledAt: null,
    };
    const hash = await hashPassword(password, this.#passwordCost);
    const { refusedBy } = await this.#database.write([{
      sql: `INSERT INTO users (user_id, username, username_key, role, password_hash, created_at)
        VALUES (?, ?, ?, ?, ?, ?)`,
      args: [user.userId, username, usernameKey(username), role, hash, user.createdAt],
    }], [guard]);
    if (refusedBy === null) return user;
    throw new AppError("ACCOUNT_EXISTS", refusal, { details: { field: "username" } });
  }

  async #setPassword(userId: string, password: string, guards: readonly Guard[]): Promise<void> {
    checkPassword(password);
    const hash = await hashPassword(password, this.#passwordCost);
    const { refusedBy } = await this.#database.write([
      {
        sql: "UPDATE users SET password_hash = ?, epoch = epoch + 1 WHERE user_id = ?",
        args: [hash, userId],
      },
      endSessions(userId),
    ], guards);
    if (refusedBy !== null) throw unknownUser();
  }
}

function endSessions(userId: string): Query {
  return { sql: "DELETE FROM sessions WHERE user_id = ?", args: [userId] };
}

function existingUser(userId: string): Guard {
  return { sql: "SELECT 1 FROM users WHERE user_id = ?", args: [userId], expects: "row" };
}

function unknownUser(): AppError {
  return new AppError(
    "ACCOUNT_INVALID",
    "There is no such account any more, or it has just changed",
  );
}

function wrongCredentials(): AppError {
  return new AppError("AUTH_INVALID_CREDENTIALS", "The username or the password is wrong");
}
