// What the commands `user` and `token` do, through the running server if there is one, since that
// holds the database alone; else on the store itself.
import {
  addAccount,
  createApiToken,
  type CreatedToken,
  type TokenRequest,
} from "../account_actions.ts";
import { findRunningServer, type ServerClient } from "../running_server.ts";
import { openStore } from "../store/open_store.ts";
import type { Store } from "../store/store.ts";
import type { User } from "../store/user.ts";
import type { Credentials } from "../store/users.ts";

/** Accounts as commands see them. All throw what the store throws. */
export interface Accounts {
  add(credentials: Credentials): Promise<User>;
  list(): Promise<readonly User[]>;
  createToken(request: TokenRequest): Promise<CreatedToken>;
}

/** Acts on the accounts of a data folder. @throws AppError what `act` throws, `DATABASE_FAILED` */
export async function withAccounts<Result>(
  dataDir: string,
  act: (accounts: Accounts) => Promise<Result>,
): Promise<Result> {
  const server = await findRunningServer(dataDir);
  if (server) return await act(throughServer(server));
  const store = await openStore(dataDir);
  try {
    return await act(onStore(store));
  } finally {
    await store.close();
  }
}

function onStore(store: Store): Accounts {
  return {
    add: (credentials) => addAccount(store, credentials),
    list: () => store.users.list(),
    createToken: (request) => createApiToken(store, request),
  };
}

function throughServer(server: ServerClient): Accounts {
  return {
    add: async (credentials) => await server.ask("POST", "/control/users", credentials) as User,
    list: async () => await server.ask("GET", "/control/users") as readonly User[],
    createToken: async (request) =>
      await server.ask("POST", "/control/tokens", request) as CreatedToken,
  };
}
