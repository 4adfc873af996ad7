// Browser sessions: a random id in a cookie, of which only the SHA-256 is stored. Not here: the
// cookie itself.
import type { User } from "./user.ts";

/** A session just begun. `sessionId` goes into the cookie and is nowhere else. */
export interface NewSession {
  /** 256 random bits, base64url. */
  readonly sessionId: string;
  /** When it ends whatever happens; it ends earlier if it is not used. */
  readonly expiresAt: string;
}

/** Sessions end after 14 days without use, and 90 days after the login at the latest. */
export interface Sessions {
  /** Begins a session of a user who has just proved who they are. */
  create(userId: string): Promise<NewSession>;
  /** Whose session it is, and notes its use; undefined if unknown, ended or the account is shut. */
  find(sessionId: string): Promise<User | undefined>;
  /** Ends one session; an unknown one is no error. */
  revoke(sessionId: string): Promise<void>;
  /** Ends all sessions of a user. */
  revokeAll(userId: string): Promise<void>;
}
