// A field for a password, as the pages of the settings have it.

/** What the field asks for; `id` is its name, too. */
export interface PasswordFieldProps {
  readonly id: string;
  readonly label: string;
  readonly autocomplete: "new-password" | "current-password";
}

/** A password that is never filled in by the server. */
export function PasswordField({ id, label, autocomplete }: PasswordFieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input class="input" id={id} name={id} type="password" autocomplete={autocomplete} required />
    </div>
  );
}
