// Accounts: making them, logging in, passwords. Not here: who is asking (`sessions.ts`,
// `api_tokens.ts`, `access_tokens.ts`) and how often they may try (`login_limit.ts`).
import type { User } from "./user.ts";

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
