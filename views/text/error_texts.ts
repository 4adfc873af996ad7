// Texts of the page that says what went wrong.
import type { TextArea } from "./texts.ts";

/** Texts of the page that says what went wrong. */
export const errorTexts = {
  notFound: "There is no such page",
  forbidden: "This is not allowed",
  refused: "That did not work",
  tooMany: "Too many attempts",
  internal: "CrewAgent made a mistake",
  internalMessage:
    "Something failed that should not have. Nothing was changed that you have not seen confirmed; try again.",
  code: (code: string, requestId: string) => `${code} · request ${requestId}`,
  toPackages: "To the packages",
  toSignIn: "Sign in",
} satisfies TextArea;
