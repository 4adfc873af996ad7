// A store in a folder of its own that goes away with the test, a clock that tests turn, and packages.
import { join } from "node:path";
import { openStore, type StoreOptions } from "../../../builder/store/open_store.ts";
import type { PasswordCost } from "../../../builder/store/password.ts";
import type { Store } from "../../../builder/store/store.ts";
import type { User } from "../../../builder/store/user.ts";

export const PASSWORD = "correct horse battery";

/** So that an account costs a test nothing; what a real one costs is `password_test.ts`'s. */
export const CHEAP_PASSWORDS: PasswordCost = { N: 2, r: 1, p: 1 };

/** Opens a store as the server does, but for the cost of passwords. */
export function openCheapStore(
  dataDir: string,
  options: Omit<StoreOptions, "passwordCost"> = {},
): Promise<Store> {
  return openStore(dataDir, { ...options, passwordCost: CHEAP_PASSWORDS });
}

/** A clock that stands still until it is turned. */
export interface TestClock {
  now: () => number;
  forward(ms: number): void;
}

export function testClock(): TestClock {
  let time = Date.UTC(2026, 10, 21, 12);
  return { now: () => time, forward: (ms) => void (time += ms) };
}

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** What a test gets. */
export interface Scene {
  readonly folder: string;
  readonly store: Store;
  readonly clock: TestClock;
}

/** Runs a test on a new store. */
export async function withStore(test: (scene: Scene) => Promise<void>): Promise<void> {
  const clock = testClock();
  await withFolder(async (folder) => {
    const store = await openCheapStore(folder, { now: clock.now });
    try {
      await test({ folder, store, clock });
    } finally {
      await store.close();
    }
  });
}

/** Runs a test in a new folder. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "crewagent-store-" });
  try {
    await test(join(folder, "data"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

export function ownerOf(store: Store): Promise<User> {
  return store.users.createOwner({ username: "ann", password: PASSWORD });
}

export function memberOf(store: Store, username = "ben"): Promise<User> {
  return store.users.createMember({ username, password: PASSWORD });
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(content: Uint8Array | null | undefined): string | undefined {
  return content ? new TextDecoder().decode(content) : undefined;
}

/** Files of a package that is good enough for a store, which judges nothing. */
export function packageFiles(
  name: string,
  files: Readonly<Record<string, string>> = { "notes.md": "one\n" },
): Map<string, Uint8Array> {
  const manifest = {
    name,
    version: "0.1.0",
    description: `About ${name}`,
    workflows: [{ id: "greet", displayName: "Greet people" }],
  };
  const all = { "bmad.json": JSON.stringify(manifest), ...files };
  return new Map(Object.entries(all).map(([path, content]) => [path, bytes(content)]));
}
