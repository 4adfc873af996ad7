// Settings: appearance and password of one's own account, all accounts (owner), API tokens.
import { AppError } from "../../schemas/error.ts";
import { AccountsPage } from "../../views/settings/accounts_page.tsx";
import { SettingsPage } from "../../views/settings/self_page.tsx";
import { TokensPage } from "../../views/settings/tokens_page.tsx";
import type { AppContext } from "../app_context.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { themeCookie } from "../http/session.ts";
import { beginSession } from "./auth.tsx";

/** What a settings page says about the change that was just asked for. */
interface Outcome {
  readonly fault?: string;
  readonly done?: string;
  readonly status?: number;
}

/** `GET /settings`. */
export function showSettings(c: AppContext): Promise<Response> {
  return settingsPage(c, {});
}

function settingsPage(c: AppContext, { status, ...outcome }: Outcome): Promise<Response> {
  const page = <SettingsPage frame={c.var.frame} {...outcome} />;
  return htmlResponse(page, status === undefined ? {} : { status });
}

/** `POST /settings/appearance`: the colours of this browser, in a cookie. */
export async function setAppearance(c: AppContext): Promise<Response> {
  const theme = textField(await readForm(c), "theme");
  c.var.newCookies.push(themeCookie(theme === "light" || theme === "dark" ? theme : "system"));
  return redirect("/settings");
}

/** `POST /settings/password`: signs all other browsers out. */
export async function changePassword(c: AppContext): Promise<Response> {
  const { user: { userId, username }, services: { store }, texts } = c.var;
  const form = await readForm(c);
  const attempt = { username, address: c.env?.remoteAddress ?? "unknown" };
  try {
    store.loginLimit.begin(attempt);
    await store.users.changePassword(userId, {
      current: textField(form, "current"),
      next: textField(form, "next"),
    });
    store.loginLimit.succeed(attempt);
  } catch (thrown) {
    return await settingsPage(c, refusalOf(thrown));
  }
  await beginSession(c, userId);
  return await settingsPage(c, { done: texts.account.passwordChanged });
}

/** What a form shows of a failure that its author can mend; anything else goes on. */
function refusalOf(thrown: unknown): Outcome {
  const isMendable = thrown instanceof AppError && /^(ACCOUNT|AUTH)_/.test(thrown.code);
  if (!isMendable) throw thrown;
  return { fault: thrown.message, status: thrown.httpStatus };
}

/** `GET /settings/accounts`. */
export function showAccounts(c: AppContext): Promise<Response> {
  return accountsPage(c, {});
}

async function accountsPage(
  c: AppContext,
  { status, ...outcome }: Outcome & { readonly username?: string },
): Promise<Response> {
  const accounts = await c.var.services.store.users.list();
  const page = <AccountsPage frame={c.var.frame} accounts={accounts} {...outcome} />;
  return await htmlResponse(page, status === undefined ? {} : { status });
}

/** `POST /settings/accounts`: adds a member. */
export async function addAccount(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  const username = textField(form, "username");
  try {
    const password = textField(form, "password");
    await c.var.services.store.users.createMember({ username, password });
  } catch (thrown) {
    return await accountsPage(c, { ...refusalOf(thrown), username });
  }
  return await accountsPage(c, { done: c.var.texts.account.added(username) });
}

/** `POST /settings/accounts/:userId/shut`: nobody can sign in to it; its packages stay. */
export async function shutAccount(c: AppContext): Promise<Response> {
  await c.var.services.store.users.disable(c.req.param("userId") ?? "");
  return redirect("/settings/accounts");
}

/** `POST /settings/accounts/:userId/open`. */
export async function openAccount(c: AppContext): Promise<Response> {
  await c.var.services.store.users.enable(c.req.param("userId") ?? "");
  return redirect("/settings/accounts");
}

/** `GET /settings/tokens`. */
export function showTokens(c: AppContext): Promise<Response> {
  return tokensPage(c, {});
}

async function tokensPage(
  c: AppContext,
  { status, ...outcome }: Outcome & { readonly created?: string; readonly name?: string },
): Promise<Response> {
  const { services: { store }, user, frame } = c.var;
  const tokens = await store.apiTokens.list(user.userId);
  const page = <TokensPage frame={frame} tokens={tokens} {...outcome} />;
  return await htmlResponse(page, status === undefined ? {} : { status });
}

/** `POST /settings/tokens`: the answer is the only place that ever shows the token. */
export async function createToken(c: AppContext): Promise<Response> {
  const name = textField(await readForm(c), "name");
  const { services: { store }, user } = c.var;
  try {
    const { token } = await store.apiTokens.create(user.userId, { name, expiresAt: null });
    return await tokensPage(c, { created: token });
  } catch (thrown) {
    return await tokensPage(c, { ...refusalOf(thrown), name });
  }
}

/** `POST /settings/tokens/:tokenId/revoke`. */
export async function revokeToken(c: AppContext): Promise<Response> {
  const { services: { store }, user, texts } = c.var;
  const tokenId = c.req.param("tokenId") ?? "";
  const tokens = await store.apiTokens.list(user.userId);
  await store.apiTokens.revoke(user.userId, tokenId);
  const name = tokens.find((token) => token.tokenId === tokenId)?.name ?? "";
  return await tokensPage(c, { done: texts.token.revoked(name) });
}
