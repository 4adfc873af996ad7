// The pages before somebody is signed in: one narrow column each.
import type { Child } from "hono/jsx";
import type { Frame } from "./frame.ts";
import { Icon } from "./icons.tsx";
import { Page } from "./layout.tsx";
import { UsernameField } from "./username_field.tsx";

function Narrow(props: { frame: Frame; title: string; lead?: string; children?: Child }) {
  const { frame, title, lead, children } = props;
  return (
    <Page frame={frame} title={title} shape="plain">
      <p class="brand">
        <Icon name="brand" />
        <span>{frame.texts.layout.product}</span>
      </p>
      <section class="panel">
        <div class="panel-body stack">
          <h1>{title}</h1>
          {lead && <p class="muted">{lead}</p>}
          {children}
        </div>
      </section>
    </Page>
  );
}

function Fault({ message }: { message: string | undefined }) {
  if (message === undefined) return null;
  return (
    <p class="notice error" role="alert">
      <Icon name="error" />
      <span>{message}</span>
    </p>
  );
}

/** What both forms ask for. */
interface CredentialFieldsProps {
  readonly frame: Frame;
  readonly username: string;
  /** For password managers: whether the password is to be made or to be filled in. */
  readonly isNew?: true;
}

function CredentialFields({ frame, username, isNew }: CredentialFieldsProps) {
  const { auth } = frame.texts;
  const hint = isNew ? { "aria-describedby": "password-hint" } : {};
  return (
    <>
      <UsernameField frame={frame} value={username} purpose={isNew ? "new" : "sign-in"} />
      <div class="field">
        <label for="password">{auth.password}</label>
        <input
          class="input"
          id="password"
          name="password"
          type="password"
          autocomplete={isNew ? "new-password" : "current-password"}
          required
          {...hint}
        />
        {isNew && <p class="hint" id="password-hint">{auth.passwordHint}</p>}
      </div>
    </>
  );
}

/** The form of the first account. */
export interface StartPageProps {
  readonly frame: Frame;
  /** The one-time token of the link. */
  readonly token: string;
  readonly username: string;
  readonly fault?: string;
}

/** First start: the owner's account. */
export function StartPage({ frame, token, username, fault }: StartPageProps) {
  const { auth } = frame.texts;
  return (
    <Narrow frame={frame} title={auth.startTitle} lead={auth.startLead}>
      <form class="stack" method="post" action="/start">
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <input type="hidden" name="token" value={token} />
        <Fault message={fault} />
        <CredentialFields frame={frame} username={username} isNew />
        <button class="button primary" type="submit">{auth.startSubmit}</button>
      </form>
    </Narrow>
  );
}

/** The form to sign in. */
export interface LoginPageProps {
  readonly frame: Frame;
  /** Where to go afterwards: a path of this server. */
  readonly next: string;
  readonly username: string;
  /** There is no account yet: nobody can sign in, the link of the terminal has to be opened. */
  readonly isNew?: boolean;
  readonly fault?: string;
}

/** Signing in. */
export function LoginPage({ frame, next, username, isNew, fault }: LoginPageProps) {
  const { auth } = frame.texts;
  if (isNew) return <Narrow frame={frame} title={auth.noAccountTitle} lead={auth.noAccount} />;
  return (
    <Narrow frame={frame} title={auth.loginTitle}>
      <form class="stack" method="post" action="/login">
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <input type="hidden" name="next" value={next} />
        <Fault message={fault} />
        <CredentialFields frame={frame} username={username} />
        <button class="button primary" type="submit">{auth.loginSubmit}</button>
      </form>
    </Narrow>
  );
}

/** A one-time link that does not work (any more). */
export function UsedLinkPage({ frame, kind }: { frame: Frame; kind: "start" | "open" }) {
  const { auth } = frame.texts;
  const [title, lead] = kind === "start"
    ? [auth.startUsedTitle, auth.startUsed]
    : [auth.openTitle, auth.openUsed];
  return (
    <Narrow frame={frame} title={title} lead={lead}>
      <p>
        <a class="button" href="/login">{auth.loginTitle}</a>
      </p>
    </Narrow>
  );
}

/** Signed in by a link: goes on to the packages by itself. */
export function OpenedPage({ frame }: { frame: Frame }) {
  const { auth } = frame.texts;
  return (
    <Narrow frame={frame} title={auth.opened}>
      <meta http-equiv="refresh" content="0; url=/packages" />
      <p>
        <a class="button primary" href="/packages">{auth.openedGoOn}</a>
      </p>
    </Narrow>
  );
}
