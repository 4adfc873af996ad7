// Who uses this installation, as the rest of the builder sees it. No password and no hash leaves
// `users.ts`.

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
