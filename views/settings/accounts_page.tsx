// All accounts of the installation, for its owner.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { TimeAgo } from "../time_ago.tsx";
import { UsernameField } from "../username_field.tsx";
import { PasswordField } from "./password_field.tsx";
import { Csrf, type OutcomeProps, SettingsFrame } from "./settings_frame.tsx";

/** An account in the list of all. */
export interface AccountRow {
  readonly userId: string;
  readonly username: string;
  readonly role: "owner" | "member";
  readonly createdAt: string;
  readonly disabledAt: string | null;
}

/** The page of the accounts. */
export interface AccountsPageProps extends OutcomeProps {
  readonly frame: Frame;
  readonly accounts: readonly AccountRow[];
  /** What was typed before it was refused. */
  readonly username?: string;
}

/** All accounts, for the owner. */
export function AccountsPage({ frame, accounts, username = "", ...outcome }: AccountsPageProps) {
  const { account, auth } = frame.texts;
  return (
    <SettingsFrame
      frame={frame}
      section="accounts"
      title={account.title}
      lead={account.lead}
      {...outcome}
    >
      <section class="panel table-scroll">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{account.columnName}</th>
              <th scope="col">{account.columnRole}</th>
              <th scope="col">{account.columnSince}</th>
              <th scope="col">
                <span class="visually-hidden">{account.columnActions}</span>
              </th>
            </tr>
          </thead>
          <tbody>{accounts.map((row) => <AccountLine frame={frame} row={row} />)}</tbody>
        </table>
      </section>
      <section class="panel">
        <div class="panel-head">
          <h2>{account.addTitle}</h2>
        </div>
        <form class="panel-body stack form-narrow" method="post" action="/settings/accounts">
          <Csrf frame={frame} />
          <UsernameField frame={frame} value={username} purpose="other" />
          <PasswordField id="password" label={auth.password} autocomplete="new-password" />
          <div>
            <button class="button primary" type="submit">{account.add}</button>
          </div>
        </form>
      </section>
    </SettingsFrame>
  );
}

function AccountLine({ frame, row }: { frame: Frame; row: AccountRow }) {
  const { texts, now } = frame;
  const { account } = texts;
  const { userId, username, role, createdAt, disabledAt } = row;
  const action = disabledAt === null ? "shut" : "open";
  const label = disabledAt === null ? account.shut : account.open;
  return (
    <tr>
      <td>
        <span class="row">
          <Icon name="user" />
          {username}
          {disabledAt !== null && <span class="badge warning">{account.isShut}</span>}
        </span>
      </td>
      <td>{role === "owner" ? account.owner : account.member}</td>
      <td class="muted">
        <TimeAgo at={createdAt} now={now} texts={texts} />
      </td>
      <td class="actions">
        {role === "owner" ? "" : (
          <form
            method="post"
            action={`/settings/accounts/${encodeURIComponent(userId)}/${action}`}
          >
            <Csrf frame={frame} />
            <button class="button small quiet" type="submit">
              {label}
              <span class="visually-hidden">: {username}</span>
            </button>
          </form>
        )}
      </td>
    </tr>
  );
}
