// Texts of first start, of signing in, and of links that are used up.
import type { TextArea } from "./texts.ts";

/** Texts of first start, of signing in, and of links that are used up. */
export const authTexts = {
  startTitle: "Create your account",
  startLead:
    "This is the first account of this CrewAgent. It owns the installation: it may add people, connect models and open folders.",
  startSubmit: "Create account",
  startUsedTitle: "This link is used up",
  startUsed:
    "A start link works once, and only until the first account exists. Sign in, or start CrewAgent again for a new link.",
  loginTitle: "Sign in",
  loginSubmit: "Sign in",
  username: "Username",
  usernameHint: "3 to 32 letters, digits, dots, dashes or underscores",
  password: "Password",
  passwordHint: "At least 8 characters. It stays on this computer.",
  noAccountTitle: "No account yet",
  noAccount:
    "Open the link that CrewAgent printed in its terminal: there the first account is made. Start it again for a new link.",
  opened: "You are signed in",
  openedGoOn: "To the packages",
  openTitle: "This link is used up",
  openUsed:
    "A link from the terminal opens CrewAgent once. Sign in, or start it again for a new one.",
} satisfies TextArea;
