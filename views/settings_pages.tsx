// The pages of the settings: account and appearance, accounts, API tokens.
import type { Child } from "hono/jsx";
import type { Frame, Theme } from "./frame.ts";
import { Icon } from "./icons.tsx";
import { Page } from "./layout.tsx";
import { TimeAgo } from "./time_ago.tsx";

type Section = "self" | "accounts" | "tokens";

/** What the change that was just asked for came to. */
interface OutcomeProps {
  readonly fault?: string;
  readonly done?: string;
}

interface SettingsFrameProps extends OutcomeProps {
  readonly frame: Frame;
  readonly section: Section;
  readonly title: string;
  readonly lead?: string;
  readonly children?: Child;
}

function SettingsFrame(props: SettingsFrameProps) {
  const { frame, section, title, lead, fault, done, children } = props;
  const { layout, account, token } = frame.texts;
  const link = (href: string, name: Section, label: string) => (
    <a href={href} aria-current={section === name ? "page" : undefined}>{label}</a>
  );
  return (
    <Page frame={frame} title={title} active="settings">
      <div class="settings">
        <nav class="side-nav" aria-label={layout.settingsNavigation}>
          {link("/settings", "self", account.selfTitle)}
          {frame.user?.isOwner && link("/settings/accounts", "accounts", account.title)}
          {link("/settings/tokens", "tokens", token.title)}
          <a href="/api/v1/docs">{frame.texts.apiDocs.title}</a>
        </nav>
        <div class="stack">
          <header class="stack-tight">
            <h1>{title}</h1>
            {lead && <p class="lead">{lead}</p>}
          </header>
          {fault !== undefined && <Notice kind="error" text={fault} />}
          {done !== undefined && <Notice kind="ok" text={done} />}
          {children}
        </div>
      </div>
    </Page>
  );
}

function Notice({ kind, text }: { kind: "error" | "ok"; text: string }) {
  return (
    <p class={`notice ${kind}`} role={kind === "error" ? "alert" : "status"}>
      <Icon name={kind === "ok" ? "check" : "error"} />
      <span>{text}</span>
    </p>
  );
}

function Csrf({ frame }: { frame: Frame }) {
  return <input type="hidden" name="csrf" value={frame.csrfToken} />;
}

interface PasswordFieldProps {
  readonly id: string;
  readonly label: string;
  readonly autocomplete: "new-password" | "current-password";
}

function PasswordField({ id, label, autocomplete }: PasswordFieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input class="input" id={id} name={id} type="password" autocomplete={autocomplete} required />
    </div>
  );
}

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
          <div class="field">
            <label for="username">{auth.username}</label>
            <input
              class="input"
              id="username"
              name="username"
              value={username}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              maxlength={64}
              aria-describedby="username-hint"
              required
            />
            <p class="hint" id="username-hint">{auth.usernameHint}</p>
          </div>
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

/** An API token in the list. */
export interface TokenRow {
  readonly tokenId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/** The page of the API tokens. */
export interface TokensPageProps extends OutcomeProps {
  readonly frame: Frame;
  readonly tokens: readonly TokenRow[];
  /** A token that was just made, shown this once. */
  readonly created?: string;
  /** What was typed before it was refused. */
  readonly name?: string;
}

/** The API tokens of an account. */
export function TokensPage({ frame, tokens, created, name = "", ...outcome }: TokensPageProps) {
  const { token } = frame.texts;
  return (
    <SettingsFrame
      frame={frame}
      section="tokens"
      title={token.title}
      lead={token.lead}
      {...outcome}
    >
      {created !== undefined && <CreatedToken frame={frame} created={created} />}
      <section class="panel table-scroll">
        {tokens.length === 0
          ? (
            <div class="empty">
              <Icon name="key" />
              <strong>{token.emptyTitle}</strong>
              <p>{token.empty}</p>
            </div>
          )
          : (
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">{token.columnName}</th>
                  <th scope="col">{token.columnCreated}</th>
                  <th scope="col">{token.columnUsed}</th>
                  <th scope="col">
                    <span class="visually-hidden">{token.columnActions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>{tokens.map((row) => <TokenLine frame={frame} row={row} />)}</tbody>
            </table>
          )}
      </section>
      <section class="panel">
        <div class="panel-head">
          <h2>{token.createTitle}</h2>
        </div>
        <form class="panel-body stack form-narrow" method="post" action="/settings/tokens">
          <Csrf frame={frame} />
          <div class="field">
            <label for="name">{token.name}</label>
            <input
              class="input"
              id="name"
              name="name"
              value={name}
              placeholder={token.nameExample}
              maxlength={64}
              autocomplete="off"
              required
            />
          </div>
          <div>
            <button class="button primary" type="submit">{token.create}</button>
          </div>
        </form>
      </section>
    </SettingsFrame>
  );
}

function CreatedToken({ frame, created }: { frame: Frame; created: string }) {
  const { token } = frame.texts;
  return (
    <section class="panel" role="status">
      <div class="panel-head">
        <h2>{token.createdTitle}</h2>
      </div>
      <div class="panel-body stack-tight">
        <code class="secret">{created}</code>
        <p class="muted">{token.created}</p>
        <code class="mono small">Authorization: Bearer {created.slice(0, 8)}…</code>
      </div>
    </section>
  );
}

function TokenLine({ frame, row }: { frame: Frame; row: TokenRow }) {
  const { texts, now } = frame;
  const { token } = texts;
  return (
    <tr>
      <td>
        <span class="row">
          <Icon name="key" />
          {row.name}
        </span>
      </td>
      <td class="muted">
        <TimeAgo at={row.createdAt} now={now} texts={texts} />
      </td>
      <td class="muted">
        {row.lastUsedAt === null
          ? token.never
          : <TimeAgo at={row.lastUsedAt} now={now} texts={texts} />}
      </td>
      <td class="actions">
        <form method="post" action={`/settings/tokens/${encodeURIComponent(row.tokenId)}/revoke`}>
          <Csrf frame={frame} />
          <button
            class="button small quiet danger"
            type="submit"
            aria-label={token.revokeNamed(row.name)}
          >
            {token.revoke}
          </button>
        </form>
      </td>
    </tr>
  );
}
