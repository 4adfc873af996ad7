import assert from "node:assert/strict";
import { join } from "node:path";
import { Database } from "../../../builder/store/database.ts";
import { DATABASE_MIGRATIONS } from "../../../builder/store/database_migrations.ts";
import type { Migration } from "../../../builder/store/database_protocol.ts";
import { openStore } from "../../../builder/store/open_store.ts";
import { makeFolder } from "../../../runtime/disk/durable.ts";
import { withFolder } from "./temporary_store.ts";

const NOTES: Migration = {
  name: "notes",
  statements: ["CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT, data BLOB) STRICT"],
};

/** Runs a test on a database file that is not there yet. */
function withPath(test: (path: string) => Promise<void>): Promise<void> {
  return withFolder((folder) => {
    makeFolder(folder);
    return test(join(folder, "a #?%20é'.db"));
  });
}

function withDatabase(test: (database: Database, path: string) => Promise<void>): Promise<void> {
  return withPath(async (path) => {
    const database = await Database.open({ path, migrations: [NOTES] });
    try {
      await test(database, path);
    } finally {
      await database.close();
    }
  });
}

function insert(note: string, data: Uint8Array | null = null) {
  return { sql: "INSERT INTO notes (note, data) VALUES (?, ?)", args: [note, data] };
}

const HOSTILE_TEXTS = [
  ["quotes", `'); DROP TABLE notes; --"`, `'); DROP TABLE notes; --"`],
  ["a NUL, which is stored as U+FFFD", "a\0b", "a\uFFFDb"],
  ["a lone surrogate, likewise", "a\ud800b", "a\uFFFDb"],
  ["emoji", "👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"],
  ["nothing", "", ""],
  ["a megabyte", "é".repeat(500_000), "é".repeat(500_000)],
] as const;

for (const [what, note, stored] of HOSTILE_TEXTS) {
  Deno.test(`Database keeps a text with ${what}`, () =>
    withDatabase(async (database) => {
      await database.write([insert(note)]);

      assert.deepEqual(await database.rows("SELECT note FROM notes"), [{ note: stored }]);
    }));
}

Deno.test("Database keeps bytes as they are, also those of a part of a buffer", () =>
  withDatabase(async (database) => {
    const part = new Uint8Array([9, 0, 255, 0, 9]).subarray(1, 4);

    await database.write([insert("part", part), insert("empty", new Uint8Array())]);

    const rows = await database.rows("SELECT data FROM notes ORDER BY id");
    assert.deepEqual(rows, [{ data: new Uint8Array([0, 255, 0]) }, { data: new Uint8Array() }]);
  }));

Deno.test("Database.write() changes nothing where one statement of many fails", () =>
  withDatabase(async (database) => {
    const broken = { sql: "INSERT INTO notes (id) VALUES (?)", args: ["no number"] };

    await assert.rejects(database.write([insert("first"), broken, insert("last")]), {
      code: "DATABASE_FAILED",
      message: /Nothing was changed/,
    });

    assert.deepEqual(await database.rows("SELECT * FROM notes"), []);
    await database.write([insert("afterwards")]);
    assert.equal((await database.rows("SELECT * FROM notes")).length, 1);
  }));

Deno.test("Database.write() changes nothing and names the guard that does not hold", () =>
  withDatabase(async (database) => {
    const guards = [
      { sql: "SELECT 1", expects: "row" },
      { sql: "SELECT 1 FROM notes", expects: "row" },
    ] as const;

    const outcome = await database.write([insert("guarded")], guards);

    assert.deepEqual(outcome, { refusedBy: 1, changed: [] });
    assert.deepEqual(await database.rows("SELECT * FROM notes"), []);
  }));

Deno.test("Database.write() lets one of a hundred changes at once through the same guard", () =>
  withDatabase(async (database) => {
    const guard = { sql: "SELECT 1 FROM notes", expects: "no row" } as const;

    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => database.write([insert("only")], [guard])),
    );

    assert.equal(outcomes.filter(({ refusedBy }) => refusedBy === null).length, 1);
  }));

Deno.test("Database.write() waits for a program that holds the file, and is on disk then", () =>
  withDatabase(async (database, path) => {
    const holder = new Deno.Command(Deno.execPath(), {
      args: ["eval", HOLD_THE_FILE, path],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const output = holder.stdout.getReader();
    await output.read();
    const written = database.write([insert("in spite of it")]);
    await holder.stdin.close();
    await written;
    await output.cancel();
    await holder.status;

    await database.write([insert("and again")]);
    const notes = readElsewhere(path, "SELECT note FROM notes ORDER BY id");
    assert.deepEqual(await notes, [{ note: "in spite of it" }, { note: "and again" }]);
  }));

const HOLD_THE_FILE = `
  import { DatabaseSync } from "node:sqlite";
  const database = new DatabaseSync(Deno.args[0]);
  database.exec("BEGIN IMMEDIATE");
  console.log("held");
  await Deno.stdin.read(new Uint8Array(1));
  database.exec("ROLLBACK");
`;

/** Rows as another process sees them. */
async function readElsewhere(path: string, sql: string): Promise<unknown> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { DatabaseSync } from "node:sqlite";
      console.log(JSON.stringify(new DatabaseSync(Deno.args[0]).prepare(Deno.args[1]).all()));`,
      path,
      sql,
    ],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("Database.open() brings an old database to the newest layout, with its data", () =>
  withPath(async (path) => {
    const old = await Database.open({ path, migrations: [NOTES] });
    await old.write([insert("kept")]);
    await old.close();
    const tags = { name: "tags", statements: ["ALTER TABLE notes ADD COLUMN tag TEXT"] };

    const database = await Database.open({ path, migrations: [NOTES, tags] });

    assert.deepEqual(await database.rows("SELECT note, tag FROM notes"), [
      { note: "kept", tag: null },
    ]);
    await database.close();
  }));

Deno.test("Database.open() takes a failed migration back and leaves the old layout", () =>
  withPath(async (path) => {
    const old = await Database.open({ path, migrations: [NOTES] });
    await old.write([insert("kept")]);
    await old.close();
    const broken = {
      name: "broken",
      statements: ["ALTER TABLE notes ADD COLUMN tag TEXT", "INSERT INTO nowhere VALUES (1)"],
    };

    await assert.rejects(Database.open({ path, migrations: [NOTES, broken] }), {
      code: "DATABASE_FAILED",
      message: /step to layout 2 \("broken"\) failed and was taken back/,
    });

    const again = await Database.open({ path, migrations: [NOTES] });
    assert.deepEqual(await again.rows("SELECT * FROM notes"), [{
      id: 1,
      note: "kept",
      data: null,
    }]);
    await again.close();
  }));

Deno.test("Database.open() refuses a database of a newer version and keeps it", () =>
  withPath(async (path) => {
    const more = { name: "more", statements: ["CREATE TABLE more (id INTEGER) STRICT"] };
    await (await Database.open({ path, migrations: [NOTES, more] })).close();
    const before = await Deno.readFile(path);

    await assert.rejects(Database.open({ path, migrations: [NOTES] }), {
      code: "DATABASE_FAILED",
      message:
        /layout 2, and this version of CrewAgent knows layouts up to 1.*Use the newer version/,
    });

    assert.deepEqual(await Deno.readFile(path), before);
  }));

Deno.test("Database.open() refuses another program's database and keeps it", () =>
  withPath(async (path) => {
    await readElsewhere(path, "SELECT 1");
    await new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `import { DatabaseSync } from "node:sqlite";
        new DatabaseSync(Deno.args[0]).exec("CREATE TABLE theirs (id INTEGER)");`,
        path,
      ],
    }).output();
    const before = await Deno.readFile(path);

    await assert.rejects(Database.open({ path, migrations: [NOTES] }), {
      code: "DATABASE_FAILED",
      message: /database of another program/,
    });

    assert.deepEqual(await Deno.readFile(path), before);
  }));

Deno.test("Database.open() refuses a file that is no database and keeps it", () =>
  withPath(async (path) => {
    await Deno.writeTextFile(path, "this was never a database ".repeat(100));

    await assert.rejects(Database.open({ path, migrations: [NOTES] }), {
      code: "DATABASE_FAILED",
      message: /kept as it is. Restore a backup/,
    });

    assert.match(await Deno.readTextFile(path), /^this was never a database/);
  }));

Deno.test("Database.close() waits for what is under way and leaves one whole file", () =>
  withPath(async (path) => {
    const database = await Database.open({ path, migrations: [NOTES] });
    const written = Promise.all(
      Array.from({ length: 50 }, (_, number) => database.write([insert(`${number}`)])),
    );
    await database.close();
    await written;

    const copy = `${path}.copy`;
    await Deno.copyFile(path, copy);
    assert.deepEqual(await readElsewhere(copy, "SELECT count(*) AS notes FROM notes"), [
      { notes: 50 },
    ]);
  }));

Deno.test("openStore() keeps the files of packages that an older version stored", () =>
  withFolder(async (folder) => {
    makeFolder(join(folder, "store"));
    const old = await Database.open({
      path: join(folder, "store", "crewagent.db"),
      migrations: DATABASE_MIGRATIONS.slice(0, 5),
    });
    await old.write([
      "INSERT INTO users VALUES ('u1', 'Ann', 'ann', 'owner', 'x', 0, '2026-11-21T12:00:00.000Z', NULL)",
      "INSERT INTO packages VALUES ('p1', 'u1', 'Hello', 'hello', '1', '', '[]', '', 3, '', '', NULL)",
      "INSERT INTO blobs VALUES ('00ff', x'6869')",
      "INSERT INTO package_files VALUES ('p1', 'notes.md', '00ff')",
    ].map((sql) => ({ sql })));
    await old.close();

    const store = await openStore(folder);

    const { revision, files } = await store.packages.files("u1", "p1");
    assert.equal(revision, 3);
    assert.deepEqual(files, new Map([["notes.md", new TextEncoder().encode("hi")]]));
    await store.close();
  }));

Deno.test("Database refuses questions once it is closed", () =>
  withPath(async (path) => {
    const database = await Database.open({ path, migrations: [NOTES] });
    await database.close();

    await assert.rejects(database.rows("SELECT 1"), { code: "DATABASE_FAILED" });
    await database.close();
  }));

for (const [index, { name }] of DATABASE_MIGRATIONS.entries()) {
  Deno.test(`openStore() brings a database of layout ${index + 1} ("${name}") up to date, with its accounts`, () =>
    withFolder(async (folder) => {
      makeFolder(join(folder, "store"));
      const old = await Database.open({
        path: join(folder, "store", "crewagent.db"),
        migrations: DATABASE_MIGRATIONS.slice(0, index + 1),
      });
      await old.write([{
        sql: `INSERT INTO users (user_id, username, username_key, role, password_hash, created_at)
          VALUES ('u1', 'Ann', 'ann', 'owner', 'x', '2026-11-21T12:00:00.000Z')`,
      }]);
      await old.close();

      const store = await openStore(folder);

      assert.deepEqual((await store.users.list()).map(({ username }) => username), ["Ann"]);
      await store.settings.write("u1", "theme", "dark");
      assert.equal(await store.settings.read("u1", "theme"), "dark");
      await store.close();
    }));
}
