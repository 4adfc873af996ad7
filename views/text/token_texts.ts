// Texts of the settings page of API tokens.
import type { TextArea } from "./texts.ts";

/** Texts of the settings page of API tokens. */
export const tokenTexts = {
  title: "API tokens",
  lead: "A token lets a program act as you. It is shown once; keep it like a password.",
  name: "What it is for",
  nameExample: "nightly export",
  create: "Create token",
  createTitle: "New token",
  createdTitle: "Copy the token now",
  created: "It is not shown again. Send it as a header with each request:",
  columnName: "Token",
  columnCreated: "Created",
  columnUsed: "Last used",
  columnActions: "Actions",
  never: "never",
  revoke: "Revoke",
  revokeNamed: (name: string) => `Revoke ${name}`,
  revoked: (name: string) => `The token “${name}” no longer works.`,
  emptyTitle: "No tokens",
  empty: "Create one to use CrewAgent from a script.",
} satisfies TextArea;
