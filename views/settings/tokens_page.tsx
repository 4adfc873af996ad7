// The API tokens of an account.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { TimeAgo } from "../time_ago.tsx";
import { Csrf, type OutcomeProps, SettingsFrame } from "./settings_frame.tsx";

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
