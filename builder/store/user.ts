// Who uses this installation, as the rest of the builder sees it. No password and no hash leaves
// `users.ts`.
import type { Row } from "./database_protocol.ts";
import { textOf, textOrNull } from "./database_row.ts";

/** The owner configures what starts processes or reaches files; a member only has packages. */
export type Role = "owner" | "member";

/** An account. */
export interface User {
  readonly userId: string;
  /** As its holder writes it; unique regardless of case. */
  readonly username: string;
  readonly role: Role;
  readonly createdAt: string;
  /** When the owner shut the account; `null` while it is open. */
  readonly disabledAt: string | null;
}

/** An account from a row with the columns of `users`. */
export function userOf(row: Row): User {
  return {
    userId: textOf(row, "user_id"),
    username: textOf(row, "username"),
    role: textOf(row, "role") === "owner" ? "owner" : "member",
    createdAt: textOf(row, "created_at"),
    disabledAt: textOrNull(row, "disabled_at"),
  };
}
