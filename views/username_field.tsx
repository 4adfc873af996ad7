// The field for a username, the same wherever one is typed.
import type { Frame } from "./frame.ts";

/** A username, and whose: `sign-in` and `new` are one's own, `other` is somebody else's. */
export interface UsernameFieldProps {
  readonly frame: Frame;
  readonly value: string;
  readonly purpose: "sign-in" | "new" | "other";
}

/** The field `username`; a new name is told its rules. */
export function UsernameField({ frame, value, purpose }: UsernameFieldProps) {
  const { auth } = frame.texts;
  const isNew = purpose !== "sign-in";
  const own = purpose === "other" ? { autocomplete: "off" } : {
    autocomplete: "username",
    autofocus: true,
  };
  return (
    <div class="field">
      <label for="username">{auth.username}</label>
      <input
        class="input"
        id="username"
        name="username"
        value={value}
        autocapitalize="none"
        spellcheck={false}
        maxlength={64}
        required
        aria-describedby={isNew ? "username-hint" : undefined}
        {...own}
      />
      {isNew && <p class="hint" id="username-hint">{auth.usernameHint}</p>}
    </div>
  );
}
