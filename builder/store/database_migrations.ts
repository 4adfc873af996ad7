// How the database is laid out: each step from one layout to the next, in order. A step that was ever
// released never changes; a new layout is a new step at the end.
import type { Migration } from "./database_protocol.ts";

const ACCOUNTS: Migration = {
  name: "accounts",
  statements: [
    `CREATE TABLE users (
      user_id TEXT PRIMARY KEY,
      username TEXT NOT NULL,
      username_key TEXT NOT NULL UNIQUE,
      role TEXT NOT NULL CHECK (role IN ('owner', 'member')),
      password_hash TEXT NOT NULL,
      epoch INTEGER NOT NULL DEFAULT 0,
      created_at TEXT NOT NULL,
      disabled_at TEXT
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE sessions (
      session_sha256 TEXT PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
      created_at TEXT NOT NULL,
      last_used_at TEXT NOT NULL,
      expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
    "CREATE INDEX sessions_of_user ON sessions (user_id)",
    `CREATE TABLE api_tokens (
      token_id TEXT PRIMARY KEY,
      token_sha256 TEXT NOT NULL UNIQUE,
      user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
      name TEXT NOT NULL,
      created_at TEXT NOT NULL,
      last_used_at TEXT,
      expires_at TEXT
    ) STRICT, WITHOUT ROWID`,
    "CREATE INDEX api_tokens_of_user ON api_tokens (user_id)",
    `CREATE TABLE one_time_tokens (
      token_sha256 TEXT PRIMARY KEY,
      purpose TEXT NOT NULL,
      user_id TEXT REFERENCES users ON DELETE CASCADE,
      expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
  ],
};

const PACKAGES: Migration = {
  name: "packages",
  statements: [
    `CREATE TABLE packages (
      package_id TEXT PRIMARY KEY,
      owner_id TEXT NOT NULL REFERENCES users,
      name TEXT NOT NULL,
      name_key TEXT NOT NULL,
      version TEXT NOT NULL,
      description TEXT NOT NULL,
      workflows TEXT NOT NULL,
      search_text TEXT NOT NULL,
      revision INTEGER NOT NULL DEFAULT 0,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      deleted_at TEXT
    ) STRICT, WITHOUT ROWID`,
    "CREATE UNIQUE INDEX package_names ON packages (owner_id, name_key) WHERE deleted_at IS NULL",
    "CREATE INDEX packages_of_owner ON packages (owner_id, updated_at)",
    "CREATE INDEX packages_in_bin ON packages (deleted_at) WHERE deleted_at IS NOT NULL",
    `CREATE TABLE blobs (
      sha256 TEXT NOT NULL UNIQUE,
      content BLOB NOT NULL
    ) STRICT`,
    `CREATE TABLE package_files (
      package_id TEXT NOT NULL REFERENCES packages ON DELETE CASCADE,
      path TEXT NOT NULL,
      sha256 TEXT NOT NULL REFERENCES blobs (sha256),
      PRIMARY KEY (package_id, path)
    ) STRICT, WITHOUT ROWID`,
    "CREATE INDEX package_files_of_blob ON package_files (sha256)",
  ],
};

// A change keeps the bytes that differ, not whole files: a thousand edits of a graph of 300 KB would
// be 300 MB otherwise.
const HISTORY: Migration = {
  name: "history",
  statements: [
    `CREATE TABLE revisions (
      package_id TEXT NOT NULL REFERENCES packages ON DELETE CASCADE,
      revision INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('edit', 'undo', 'redo')),
      scope TEXT NOT NULL,
      summary TEXT NOT NULL,
      user_id TEXT NOT NULL REFERENCES users,
      created_at TEXT NOT NULL,
      of_revision INTEGER,
      state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped')),
      state_revision INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      PRIMARY KEY (package_id, revision)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX revision_steps ON revisions (package_id, state, state_revision)
      WHERE kind = 'edit'`,
    `CREATE TABLE revision_changes (
      package_id TEXT NOT NULL,
      revision INTEGER NOT NULL,
      path TEXT NOT NULL,
      before_sha256 TEXT,
      after_sha256 TEXT,
      offset_bytes INTEGER NOT NULL,
      removed BLOB NOT NULL,
      inserted BLOB NOT NULL,
      PRIMARY KEY (package_id, revision, path),
      FOREIGN KEY (package_id, revision) REFERENCES revisions ON DELETE CASCADE
    ) STRICT`,
    `CREATE TABLE versions (
      version_id TEXT PRIMARY KEY,
      package_id TEXT NOT NULL REFERENCES packages ON DELETE CASCADE,
      label TEXT NOT NULL,
      notes TEXT NOT NULL,
      revision INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      UNIQUE (package_id, label)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE version_files (
      version_id TEXT NOT NULL REFERENCES versions ON DELETE CASCADE,
      path TEXT NOT NULL,
      sha256 TEXT NOT NULL REFERENCES blobs (sha256),
      PRIMARY KEY (version_id, path)
    ) STRICT, WITHOUT ROWID`,
    "CREATE INDEX version_files_of_blob ON version_files (sha256)",
  ],
};

const SETTINGS: Migration = {
  name: "settings",
  statements: [
    `CREATE TABLE settings (
      user_id TEXT NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (user_id, name)
    ) STRICT, WITHOUT ROWID`,
  ],
};

const RUNS: Migration = {
  name: "runs",
  statements: [
    `CREATE TABLE run_owners (
      run_id TEXT PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users
    ) STRICT, WITHOUT ROWID`,
    "CREATE INDEX run_owners_of_user ON run_owners (user_id)",
  ],
};

// An edit writes the stretch that differs, not 400 KB of graph: `blob_sha256` is the last content that
// was stored whole, and the splices behind it lead to `sha256`.
const SPLICES: Migration = {
  name: "splices",
  statements: [
    `CREATE TABLE spliced_files (
      package_id TEXT NOT NULL REFERENCES packages ON DELETE CASCADE,
      path TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      blob_sha256 TEXT NOT NULL REFERENCES blobs (sha256),
      PRIMARY KEY (package_id, path)
    ) STRICT, WITHOUT ROWID`,
    "INSERT INTO spliced_files SELECT package_id, path, sha256, sha256 FROM package_files",
    "DROP TABLE package_files",
    "ALTER TABLE spliced_files RENAME TO package_files",
    "CREATE INDEX package_files_of_blob ON package_files (blob_sha256)",
    `CREATE TABLE file_splices (
      package_id TEXT NOT NULL,
      path TEXT NOT NULL,
      revision INTEGER NOT NULL,
      offset_bytes INTEGER NOT NULL,
      removed_bytes INTEGER NOT NULL,
      inserted BLOB NOT NULL,
      PRIMARY KEY (package_id, path, revision),
      FOREIGN KEY (package_id, path) REFERENCES package_files ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID`,
    ...["UPDATE OF blob_sha256", "DELETE"].map((change, index) =>
      `CREATE TRIGGER drop_unused_blob_${index + 1} AFTER ${change} ON package_files
        WHEN NOT EXISTS (SELECT 1 FROM package_files WHERE blob_sha256 = old.blob_sha256)
        AND NOT EXISTS (SELECT 1 FROM version_files WHERE sha256 = old.blob_sha256)
        BEGIN DELETE FROM blobs WHERE sha256 = old.blob_sha256; END`
    ),
  ],
};

/** The n-th leads from layout n − 1 to layout n; an empty file has layout 0. */
export const DATABASE_MIGRATIONS: readonly Migration[] = [
  ACCOUNTS,
  PACKAGES,
  HISTORY,
  SETTINGS,
  RUNS,
  SPLICES,
];
