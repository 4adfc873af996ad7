// What every page needs from the server besides its own data. Pages get it whole and hand it on.
import type { Texts } from "./text/texts.ts";

/** Which colours a browser shows: those of its system, or always the same. */
export type Theme = "system" | "light" | "dark";

/** What every page needs besides its own data. */
export interface Frame {
  readonly texts: Texts;
  /** Absent on pages that need no account, such as signing in. */
  readonly user: FrameUser | undefined;
  /** For the field `csrf` of every form; scripts find it in `<meta name="csrf">`. */
  readonly csrfToken: string;
  readonly theme: Theme;
  /** The URL of a static file such as `app.css` or `editor/canvas.js`. */
  readonly assetUrl: (path: string) => string;
  /** When the page is made; relative times count from here. */
  readonly now: Date;
}

/** The person a page is made for. */
export interface FrameUser {
  readonly username: string;
  readonly isOwner: boolean;
}
