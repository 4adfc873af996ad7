// What a handler of the builder is given. Not here: which handler answers what (`app.ts`).
import type { Context } from "hono";
import type { Frame } from "../views/frame.ts";
import type { Texts } from "../views/text/texts.ts";
import type { Services } from "./services.ts";
import type { User } from "./store/user.ts";

/** What `c.var` holds. */
export interface AppVariables {
  /** Store, live drafts, settings of this server. */
  readonly services: Services;
  /** Names this request in the log and on the page of an error. */
  readonly requestId: string;
  readonly texts: Texts;
  /** The account behind the request. Reading it on a route that needs no account throws. */
  readonly user: User;
  /** `Set-Cookie` headers that the answer gets, whatever it is. */
  readonly newCookies: string[];
  /** For the views: texts, user, CSRF token, asset URLs. */
  readonly frame: Frame;
}

/** The type parameter of hono for this application; `remoteAddress` is the peer's, without port. */
export interface AppEnv {
  Bindings: { readonly remoteAddress?: string };
  // hono sets variables through this type, so they cannot be read-only in it.
  Variables: { -readonly [Key in keyof AppVariables]: AppVariables[Key] };
}

/** What a handler gets; `c.req.param("packageId")` and so on are its path's. */
export type AppContext = Context<AppEnv>;

/** A handler of a page or of an API call. What it throws becomes a page or JSON by `Accept`. */
export type AppHandler = (c: AppContext) => Response | Promise<Response>;
