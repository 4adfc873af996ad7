// Texts of the page of the API. What an operation does stands in its table.
import type { TextArea } from "./texts.ts";

const TAGS: Readonly<Record<string, string>> = {
  auth: "Logging in and tokens",
  accounts: "Accounts",
  packages: "Packages",
  edits: "Edits and history",
  versions: "Versions",
  workflows: "Workflows",
  agents: "Agents",
  files: "Files and assets",
};

/** Texts of `/api/v1/docs`. */
export const apiDocsTexts = {
  title: "API",
  lead: (root: string) =>
    `All that the builder does with packages, for programs. Paths begin with ${root}.`,
  envelope: "Answers are JSON: { data, error: null }, or { data: null, error: { code, message, " +
    "details } }. What is not known is null; times are ISO 8601 in UTC.",
  credentials: "Programs send “Authorization: Bearer TOKEN”: a JWT of POST /auth/login, which " +
    "lasts an hour, or an API token, which is made in the settings.",
  machineReadable: "The same for programs:",
  contents: "On this page",
  schemas: "Schemas",
  tag: (name: string) => TAGS[name] ?? name,
  ownerOnly: "owner",
  everyone: "no account needed",
  query: "Query",
  body: "Body",
  answer: (status: number) => `Answer ${status}`,
  noContent: "No content",
  errors: "Errors",
  conditional: "With If-Match, the change is made only if the ETag is still the same; else 409.",
} satisfies TextArea;
