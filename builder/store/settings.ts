// Settings of the installation and of each user: small JSON values under a name.
import type { Database } from "./database.ts";
import { textOf } from "./database_row.ts";

/** A value that survives JSON. */
export type SettingValue =
  | null
  | boolean
  | number
  | string
  | readonly SettingValue[]
  | { readonly [name: string]: SettingValue };

/** Settings; `userId` `null` means those of the installation, which only an owner may change. */
export interface Settings {
  /** Undefined if it was never set. The caller judges the shape. */
  read(userId: string | null, name: string): Promise<SettingValue | undefined>;
  /** Sets a value; `undefined` removes it. */
  write(userId: string | null, name: string, value: SettingValue | undefined): Promise<void>;
}

/** The settings in a database. */
export function settingsIn(database: Database): Settings {
  return {
    async read(userId, name) {
      const row = await database.row("SELECT value FROM settings WHERE user_id = ? AND name = ?", [
        userId ?? INSTALLATION,
        name,
      ]);
      return row && JSON.parse(textOf(row, "value"));
    },
    async write(userId, name, value) {
      const owner = userId ?? INSTALLATION;
      await database.write([
        value === undefined
          ? { sql: "DELETE FROM settings WHERE user_id = ? AND name = ?", args: [owner, name] }
          : {
            sql: "INSERT OR REPLACE INTO settings (user_id, name, value) VALUES (?, ?, ?)",
            args: [owner, name, JSON.stringify(value)],
          },
      ]);
    },
  };
}

/** No user has this id. */
const INSTALLATION = "";
