// Texts of the frame round every page.
import type { TextArea } from "./texts.ts";

/** Texts of the frame round every page. */
export const layoutTexts = {
  product: "CrewAgent",
  skip: "Skip to the content",
  mainNavigation: "Main",
  breadcrumb: "Where you are",
  packages: "Packages",
  projects: "Projects",
  runs: "Runs",
  inbox: "Inbox",
  settings: "Settings",
  settingsNavigation: "Settings",
  signOut: "Sign out",
  signedInAs: (username: string) => `Signed in as ${username}`,
  dismiss: "Dismiss",
  title: (page: string) => `${page} · CrewAgent`,
} satisfies TextArea;
