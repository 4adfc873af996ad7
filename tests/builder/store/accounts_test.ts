import assert from "node:assert/strict";
import { join } from "node:path";
import { sign } from "hono/jwt";
import { openStore } from "../../../builder/store/open_store.ts";
import {
  DAY_MS,
  memberOf,
  MINUTE_MS,
  openCheapStore,
  ownerOf,
  PASSWORD,
  withFolder,
  withStore,
} from "./temporary_store.ts";

Deno.test("createOwner() makes the first account only, even when called at once", () =>
  withStore(async ({ store }) => {
    const made = await Promise.allSettled(
      ["ann", "ben", "cal"].map((username) =>
        store.users.createOwner({ username, password: PASSWORD })
      ),
    );

    assert.equal(made.filter(({ status }) => status === "fulfilled").length, 1);
    assert.deepEqual((await store.users.list()).map(({ role }) => role), ["owner"]);
  }));

const BAD_NAMES = [
  "",
  "ab",
  "a".repeat(33),
  " ann",
  "-ann",
  "an n",
  "ann\0",
  "änn",
  "ann/..",
  "<b>x",
];

Deno.test("createMember() refuses names outside the pattern", () =>
  withStore(async ({ store }) => {
    for (const username of BAD_NAMES) {
      await assert.rejects(
        store.users.createMember({ username, password: PASSWORD }),
        { code: "ACCOUNT_INVALID", details: { field: "username" } },
        JSON.stringify(username),
      );
    }
  }));

Deno.test("createMember() refuses passwords that are too short or too long", () =>
  withStore(async ({ store }) => {
    for (const password of ["", "1234567", "é".repeat(7), "x".repeat(1025), "é".repeat(513)]) {
      await assert.rejects(
        store.users.createMember({ username: "ann", password }),
        { code: "ACCOUNT_INVALID", details: { field: "password" } },
        `${password.length} characters`,
      );
    }
  }));

Deno.test("createMember() refuses a name that differs in case only", () =>
  withStore(async ({ store }) => {
    await ownerOf(store);

    await assert.rejects(store.users.createMember({ username: "ANN", password: PASSWORD }), {
      code: "ACCOUNT_EXISTS",
    });
  }));

Deno.test("authenticate() opens the account, in whatever case and composition it is typed", () =>
  withStore(async ({ store }) => {
    const made = await store.users.createOwner({ username: "Ann", password: "pässword" });

    const found = await store.users.authenticate({
      username: "ann",
      password: "pässword".normalize("NFD"),
    });

    assert.deepEqual(found, made);
  }));

Deno.test("authenticate() tells nothing of which part is wrong", () =>
  withStore(async ({ store }) => {
    await ownerOf(store);
    const member = await memberOf(store);
    await store.users.disable(member.userId);
    const refusals = await Promise.all(
      [
        { username: "ann", password: "wrong password" },
        { username: "nobody", password: PASSWORD },
        { username: "ben", password: PASSWORD },
        { username: "' OR 1=1 --", password: "x" },
      ].map((credentials) =>
        store.users.authenticate(credentials).then(
          () => assert.fail("it opened"),
          ({ code, message, details }) => ({ code, message, details }),
        )
      ),
    );

    assert.deepEqual(refusals[0]?.code, "AUTH_INVALID_CREDENTIALS");
    assert.deepEqual(refusals, refusals.map(() => refusals[0]));
  }));

Deno.test("No password, session or token is to be found in the files of the store", () =>
  withFolder(async (folder) => {
    const store = await openCheapStore(folder);
    const { userId } = await ownerOf(store);
    const { sessionId } = await store.sessions.create(userId);
    const api = await store.apiTokens.create(userId, { name: "ci", expiresAt: null });
    const link = await store.oneTimeTokens.create("login", userId);
    await store.close();

    const secrets = [PASSWORD, sessionId, api.token, api.token.slice(4), link.token];
    for await (const { name } of Deno.readDir(join(folder, "store"))) {
      const content = new TextDecoder("latin1").decode(
        await Deno.readFile(join(folder, "store", name)),
      );
      assert.deepEqual(secrets.filter((secret) => content.includes(secret)), [], name);
    }
  }));

Deno.test("openStore() keeps passwords at their full cost unless told otherwise", () =>
  withFolder(async (folder) => {
    const store = await openStore(folder);
    await ownerOf(store);
    await store.close();

    const content = await Deno.readFile(join(folder, "store", "crewagent.db"));
    assert.match(new TextDecoder("latin1").decode(content), /scrypt\$16384\$8\$5\$[\w-]{22}\$/);
  }));

Deno.test("authenticate() opens an account whose password was stored at another cost", () =>
  withFolder(async (folder) => {
    const store = await openCheapStore(folder);
    const owner = await ownerOf(store);
    await store.close();
    const again = await openStore(folder);

    assert.deepEqual(
      await again.users.authenticate({ username: "ann", password: PASSWORD }),
      owner,
    );
    await again.close();
  }));

Deno.test("The signing key and its folder are for this user only, and outlive a restart", () =>
  withFolder(async (folder) => {
    const store = await openCheapStore(folder);
    const { userId } = await ownerOf(store);
    const { token } = await store.accessTokens.issue(userId);
    await store.close();
    const again = await openCheapStore(folder);

    assert.equal((await again.accessTokens.verify(token)).userId, userId);
    const key = await Deno.stat(join(folder, "store", "signing.key"));
    assert.equal((key.mode ?? 0o600) & 0o777, 0o600);
    assert.equal(((await Deno.stat(join(folder, "store"))).mode ?? 0o700) & 0o777, 0o700);
    await again.close();
  }));

Deno.test("A session is found until 14 days without use", () =>
  withStore(async ({ store, clock }) => {
    const user = await ownerOf(store);
    const { sessionId } = await store.sessions.create(user.userId);
    clock.forward(13 * DAY_MS);
    assert.deepEqual(await store.sessions.find(sessionId), user);
    clock.forward(13 * DAY_MS);
    assert.deepEqual(await store.sessions.find(sessionId), user);
    clock.forward(14 * DAY_MS);

    assert.equal(await store.sessions.find(sessionId), undefined);
  }));

Deno.test("A session ends after 90 days however much it is used", () =>
  withStore(async ({ store, clock }) => {
    const user = await ownerOf(store);
    const { sessionId } = await store.sessions.create(user.userId);
    for (let day = 10; day < 90; day += 10) {
      clock.forward(10 * DAY_MS);
      assert.deepEqual(await store.sessions.find(sessionId), user);
    }
    clock.forward(10 * DAY_MS);

    assert.equal(await store.sessions.find(sessionId), undefined);
  }));

Deno.test("revoke() ends one session, revokeAll() those of one user", () =>
  withStore(async ({ store }) => {
    const [ann, ben] = [await ownerOf(store), await memberOf(store)];
    const [first, second] = [
      await store.sessions.create(ann.userId),
      await store.sessions.create(ann.userId),
    ];
    const other = await store.sessions.create(ben.userId);

    await store.sessions.revoke(first.sessionId);
    assert.equal(await store.sessions.find(first.sessionId), undefined);
    assert.deepEqual(await store.sessions.find(second.sessionId), ann);

    await store.sessions.revokeAll(ann.userId);
    assert.equal(await store.sessions.find(second.sessionId), undefined);
    assert.deepEqual(await store.sessions.find(other.sessionId), ben);
  }));

Deno.test("changePassword() wants the old one, ends sessions and access tokens, and sets the new one", () =>
  withStore(async ({ store }) => {
    const { userId } = await ownerOf(store);
    const { sessionId } = await store.sessions.create(userId);
    const { token } = await store.accessTokens.issue(userId);

    await assert.rejects(
      store.users.changePassword(userId, { current: "wrong one", next: "another one" }),
      { code: "AUTH_INVALID_CREDENTIALS" },
    );
    assert.equal((await store.sessions.find(sessionId))?.userId, userId);
    await store.users.changePassword(userId, { current: PASSWORD, next: "another one" });

    assert.equal(await store.sessions.find(sessionId), undefined);
    await assert.rejects(store.accessTokens.verify(token), { code: "AUTH_TOKEN_INVALID" });
    await assert.rejects(store.users.authenticate({ username: "ann", password: PASSWORD }));
    await store.users.authenticate({ username: "ann", password: "another one" });
  }));

Deno.test("disable() ends sessions and tokens of a member until enable(), but never the owner's", () =>
  withStore(async ({ store }) => {
    const [ann, ben] = [await ownerOf(store), await memberOf(store)];
    const { sessionId } = await store.sessions.create(ben.userId);
    const access = await store.accessTokens.issue(ben.userId);
    const api = await store.apiTokens.create(ben.userId, { name: "ci", expiresAt: null });

    await assert.rejects(store.users.disable(ann.userId), { code: "ACCOUNT_INVALID" });
    await store.users.disable(ben.userId);

    assert.equal(await store.sessions.find(sessionId), undefined);
    assert.equal(await store.apiTokens.authenticate(api.token), undefined);
    await assert.rejects(store.accessTokens.verify(access.token), { code: "AUTH_TOKEN_INVALID" });
    await store.users.enable(ben.userId);
    await store.users.authenticate({ username: "ben", password: PASSWORD });
    assert.equal((await store.apiTokens.authenticate(api.token))?.userId, ben.userId);
    assert.equal(await store.sessions.find(sessionId), undefined);
  }));

Deno.test("An API token opens its user's account, notes its use, and ends with expiry or revocation", () =>
  withStore(async ({ store, clock }) => {
    const { userId } = await ownerOf(store);
    const expiresAt = new Date(clock.now() + DAY_MS).toISOString();
    const short = await store.apiTokens.create(userId, { name: "short", expiresAt });
    clock.forward(1);
    const long = await store.apiTokens.create(userId, { name: " long ", expiresAt: null });

    assert.match(short.token, /^cwa_[\w-]{43}$/);
    assert.equal((await store.apiTokens.authenticate(short.token))?.userId, userId);
    const [second, first] = await store.apiTokens.list(userId);
    assert.deepEqual([first?.name, first?.expiresAt, first?.lastUsedAt], [
      "short",
      expiresAt,
      new Date(clock.now()).toISOString(),
    ]);
    assert.deepEqual([second?.name, second?.lastUsedAt], ["long", null]);

    clock.forward(DAY_MS);
    assert.equal(await store.apiTokens.authenticate(short.token), undefined);
    assert.equal((await store.apiTokens.authenticate(long.token))?.userId, userId);
    await store.apiTokens.revoke(userId, long.record.tokenId);
    assert.equal(await store.apiTokens.authenticate(long.token), undefined);
  }));

const BAD_TOKENS = {
  "no name": { name: "  ", expiresAt: null },
  "a long name": { name: "x".repeat(65), expiresAt: null },
  "a past expiry": { name: "ci", expiresAt: "2020-01-01T00:00:00Z" },
  "an expiry that is no time": { name: "ci", expiresAt: "soon" },
};

Deno.test("apiTokens.create() refuses a bad name and an expiry that is no time to come", () =>
  withStore(async ({ store }) => {
    const { userId } = await ownerOf(store);
    for (const [what, options] of Object.entries(BAD_TOKENS)) {
      const created = store.apiTokens.create(userId, options);
      await assert.rejects(created, { code: "ACCOUNT_INVALID" }, what);
    }
  }));

Deno.test("A user neither sees nor revokes another user's API tokens", () =>
  withStore(async ({ store }) => {
    const [ann, ben] = [await ownerOf(store), await memberOf(store)];
    const { record, token } = await store.apiTokens.create(ann.userId, {
      name: "ci",
      expiresAt: null,
    });

    assert.deepEqual(await store.apiTokens.list(ben.userId), []);
    await assert.rejects(store.apiTokens.revoke(ben.userId, record.tokenId), {
      code: "AUTH_TOKEN_INVALID",
    });
    assert.equal((await store.apiTokens.authenticate(token))?.userId, ann.userId);
  }));

Deno.test("redeem() gives a one-time token to one of many who come at once", () =>
  withStore(async ({ store }) => {
    const { userId } = await ownerOf(store);
    const { token } = await store.oneTimeTokens.create("login", userId);
    assert.equal(await store.oneTimeTokens.isValid("login", token), true);

    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => store.oneTimeTokens.redeem("login", token)),
    );

    const got = outcomes.filter(({ status }) => status === "fulfilled");
    assert.deepEqual(got, [{ status: "fulfilled", value: userId }]);
    assert.equal(await store.oneTimeTokens.isValid("login", token), false);
  }));

Deno.test("redeem() refuses a token of another purpose, an old one and a made-up one", () =>
  withStore(async ({ store, clock }) => {
    const { userId } = await ownerOf(store);
    const refused = { code: "AUTH_TOKEN_INVALID" };
    const { token } = await store.oneTimeTokens.create("login", userId);

    await assert.rejects(store.oneTimeTokens.redeem("first-start", token), refused);
    await assert.rejects(store.oneTimeTokens.redeem("login", "' OR '1'='1"), refused);
    clock.forward(5 * MINUTE_MS);
    await assert.rejects(store.oneTimeTokens.redeem("login", token), refused);
  }));

Deno.test("create() of a first-start token ends the one before, and needs no user", () =>
  withStore(async ({ store }) => {
    const first = await store.oneTimeTokens.create("first-start", null);
    const second = await store.oneTimeTokens.create("first-start", null);

    assert.equal(await store.oneTimeTokens.isValid("first-start", first.token), false);
    assert.equal(await store.oneTimeTokens.redeem("first-start", second.token), null);
  }));

/** A token with the right claims for a user, signed as told. */
async function forged(folder: string, userId: string, changes: {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: string;
  readonly alg?: "HS256" | "HS384" | "HS512";
} = {}): Promise<string> {
  const key = changes.key ?? await Deno.readTextFile(join(folder, "store", "signing.key"));
  const exp = Date.UTC(2027, 0, 1) / 1000;
  const claims = { iss: "crewagent", aud: "crewagent-api", sub: userId, epoch: 0, exp };
  return await sign({ ...claims, ...changes.claims }, key, changes.alg ?? "HS256");
}

function base64url(value: unknown): string {
  return btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

Deno.test("verify() takes a token with the right claims and key, as the forgeries below start from", () =>
  withStore(async ({ store, folder }) => {
    const user = await ownerOf(store);

    assert.deepEqual(await store.accessTokens.verify(await forged(folder, user.userId)), user);
  }));

const FORGERIES = {
  "another key": { key: "x".repeat(43) },
  "HS384": { alg: "HS384" },
  "HS512": { alg: "HS512" },
  "another issuer": { claims: { iss: "somebody" } },
  "another audience": { claims: { aud: "elsewhere" } },
  "no issuer": { claims: { iss: undefined } },
  "no expiry": { claims: { exp: undefined } },
  "an expiry that is no number": { claims: { exp: "never" } },
  "an expiry in the past": { claims: { exp: 1 } },
  "no subject": { claims: { sub: undefined } },
  "a subject that is no text": { claims: { sub: { user: 1 } } },
  "a subject that does not exist": { claims: { sub: "nobody" } },
  "an older epoch": { claims: { epoch: -1 } },
  "no epoch": { claims: { epoch: undefined } },
  "a later start": { claims: { nbf: Date.UTC(2099, 0, 1) / 1000 } },
} as const;

Deno.test("verify() refuses access tokens with another key, algorithm or claim", () =>
  withStore(async ({ store, folder }) => {
    const { userId } = await ownerOf(store);
    for (const [what, changes] of Object.entries(FORGERIES)) {
      const token = await forged(folder, userId, changes);
      const verified = store.accessTokens.verify(token);
      await assert.rejects(verified, { code: "AUTH_TOKEN_INVALID" }, what);
    }
  }));

Deno.test("verify() refuses an access token whose header says that it needs no signature", () =>
  withStore(async ({ store, folder }) => {
    const { userId } = await ownerOf(store);
    const [, claims, signature] = (await forged(folder, userId)).split(".");
    for (const alg of ["none", "None", "NONE", "nOnE", "", null, undefined, 0, ["HS256"]]) {
      for (const end of ["", signature]) {
        const token = `${base64url({ alg, typ: "JWT" })}.${claims}.${end}`;
        const verified = store.accessTokens.verify(token);
        await assert.rejects(verified, { code: "AUTH_TOKEN_INVALID" }, `${alg} ${end}`);
      }
    }
  }));

Deno.test("verify() refuses what is no token at all", () =>
  withStore(async ({ store }) => {
    const texts = ["", ".", "..", "a.b.c", "x".repeat(1_000_000), "cwa_x", "\0.\0.\0"];
    for (const token of texts) {
      const verified = store.accessTokens.verify(token);
      await assert.rejects(verified, { code: "AUTH_TOKEN_INVALID" }, token.slice(0, 12));
    }
  }));

Deno.test("verify() refuses an access token whose claims were changed, and one an hour old", () =>
  withStore(async ({ store, clock }) => {
    const [ann, ben] = [await ownerOf(store), await memberOf(store)];
    const { token } = await store.accessTokens.issue(ben.userId);
    const [header, claims = "", signature] = token.split(".");
    const said = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
    const changed = `${header}.${base64url({ ...said, sub: ann.userId })}.${signature}`;

    await assert.rejects(store.accessTokens.verify(changed), { code: "AUTH_TOKEN_INVALID" });
    assert.deepEqual(await store.accessTokens.verify(token), ben);
    clock.forward(60 * MINUTE_MS);
    await assert.rejects(store.accessTokens.verify(token), { code: "AUTH_TOKEN_INVALID" });
  }));

Deno.test("loginLimit refuses the eleventh try on an account, from wherever, for 15 minutes", () =>
  withStore(({ store: { loginLimit }, clock }) => {
    for (let attempt = 0; attempt < 10; attempt++) {
      loginLimit.begin({ username: "Ann", address: `10.0.0.${attempt}` });
    }

    assert.throws(() => loginLimit.begin({ username: "ann", address: "10.0.1.1" }), {
      code: "AUTH_RATE_LIMITED",
      details: { retryAfterSeconds: 900 },
    });
    loginLimit.begin({ username: "ben", address: "10.0.1.1" });
    clock.forward(15 * MINUTE_MS);
    loginLimit.begin({ username: "ann", address: "10.0.1.1" });
    return Promise.resolve();
  }));

Deno.test("loginLimit refuses the thirty-first failure of an address; what succeeds does not count", () =>
  withStore(({ store: { loginLimit } }) => {
    const address = "10.0.0.1";
    for (let attempt = 0; attempt < 100; attempt++) {
      loginLimit.begin({ username: "ann", address });
      loginLimit.succeed({ username: "ann", address });
    }
    for (let attempt = 0; attempt < 30; attempt++) {
      loginLimit.begin({ username: `user${attempt}`, address });
    }

    assert.throws(() => loginLimit.begin({ username: "another", address }), {
      code: "AUTH_RATE_LIMITED",
    });
    return Promise.resolve();
  }));

Deno.test("settings keep values of the installation and of each user apart", () =>
  withStore(async ({ store: { settings } }) => {
    await settings.write(null, "theme", { dark: true, name: "\0'\"😀" });
    await settings.write("u1", "theme", ["light", 1, null]);

    assert.deepEqual(await settings.read(null, "theme"), { dark: true, name: "\0'\"😀" });
    assert.deepEqual(await settings.read("u1", "theme"), ["light", 1, null]);
    assert.equal(await settings.read("u2", "theme"), undefined);
    await settings.write("u1", "theme", undefined);
    assert.equal(await settings.read("u1", "theme"), undefined);
  }));
