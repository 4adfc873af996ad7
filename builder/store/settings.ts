// Settings of the installation and of each user: small JSON values under a name.

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
