// What commands of the terminal do with accounts: the same on the store itself and through a running
// server (`api/control.ts`). Not here: how a browser signs in.
import { AppError } from "../schemas/error.ts";
import type { Credentials } from "./store/users.ts";
import type { Store } from "./store/store.ts";
import type { User } from "./store/user.ts";

/** What a new API token is to be. */
export interface TokenRequest {
  /** Whose; the owner's if `null`. */
  readonly username: string | null;
  /** What it is for. */
  readonly name: string;
}

/** A token that was just made; it is shown once. */
export interface CreatedToken {
  readonly token: string;
  readonly username: string;
}

/** Makes an account: the owner's if it is the first. @throws AppError `ACCOUNT_INVALID`, `ACCOUNT_EXISTS` */
export async function addAccount(
  { users }: Pick<Store, "users">,
  credentials: Credentials,
): Promise<User> {
  return await users.count() === 0
    ? await users.createOwner(credentials)
    : await users.createMember(credentials);
}

/** Makes an API token. @throws AppError `ACCOUNT_INVALID` if there is no such account */
export async function createApiToken(
  { users, apiTokens }: Pick<Store, "users" | "apiTokens">,
  { username, name }: TokenRequest,
): Promise<CreatedToken> {
  const user = username === null ? await ownerOf({ users }) : await users.findByName(username);
  if (!user) throw new AppError("ACCOUNT_INVALID", noAccountText(username));
  const { token } = await apiTokens.create(user.userId, { name, expiresAt: null });
  return { token, username: user.username };
}

function noAccountText(username: string | null): string {
  return username === null
    ? 'There is no account yet. Make one with "crewagent user add NAME"'
    : `There is no account "${username}". "crewagent user list" shows all`;
}

/** A path that signs the owner in once; before there is an owner, the one to the first start. */
export async function oneTimePath(
  { users, oneTimeTokens }: Pick<Store, "users" | "oneTimeTokens">,
): Promise<string> {
  const owner = await ownerOf({ users });
  const { token } = owner
    ? await oneTimeTokens.create("login", owner.userId)
    : await oneTimeTokens.create("first-start", null);
  return `/${owner ? "open" : "start"}?token=${encodeURIComponent(token)}`;
}

async function ownerOf({ users }: Pick<Store, "users">): Promise<User | undefined> {
  return (await users.list()).find(({ role }) => role === "owner");
}
