// One's own account: appearance and password.
import type { Frame, Theme } from "../frame.ts";
import { PasswordField } from "./password_field.tsx";
import { Csrf, type OutcomeProps, SettingsFrame } from "./settings_frame.tsx";

/** One's own account: appearance and password. */
export function SettingsPage({ frame, ...outcome }: OutcomeProps & { readonly frame: Frame }) {
  const { account } = frame.texts;
  return (
    <SettingsFrame frame={frame} section="self" title={account.selfTitle} {...outcome}>
      <section class="panel">
        <div class="panel-head">
          <h2>{account.appearanceTitle}</h2>
        </div>
        <AppearanceForm frame={frame} />
      </section>
      <section class="panel">
        <div class="panel-head">
          <h2>{account.passwordTitle}</h2>
        </div>
        <form class="panel-body stack form-narrow" method="post" action="/settings/password">
          <Csrf frame={frame} />
          <PasswordField
            id="current"
            label={account.passwordCurrent}
            autocomplete="current-password"
          />
          <PasswordField id="next" label={account.passwordNew} autocomplete="new-password" />
          <div>
            <button class="button" type="submit">{account.passwordChange}</button>
          </div>
        </form>
      </section>
    </SettingsFrame>
  );
}

function AppearanceForm({ frame }: { frame: Frame }) {
  const { account } = frame.texts;
  const themes: readonly (readonly [Theme, string])[] = [
    ["system", account.themeSystem],
    ["light", account.themeLight],
    ["dark", account.themeDark],
  ];
  return (
    <form class="panel-body stack form-narrow" method="post" action="/settings/appearance">
      <Csrf frame={frame} />
      <fieldset class="stack-tight">
        <legend class="muted">{account.appearanceLead}</legend>
        {themes.map(([theme, label]) => (
          <label class="check">
            <input type="radio" name="theme" value={theme} checked={theme === frame.theme} />
            {label}
          </label>
        ))}
      </fieldset>
      <div>
        <button class="button" type="submit">{account.themeSave}</button>
      </div>
    </form>
  );
}
