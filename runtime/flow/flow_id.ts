// Ids of flows: agents, flows, stories, documents, memory keys. One rule for all of them (`flows.md`).
import { AppError } from "../../schemas/error.ts";

/** Agents, flows, tools, stories, namespaces, memory keys, execution ids. */
export const FLOW_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The rule in words, for messages. */
export const FLOW_ID_RULE =
  'up to 100 letters, digits, ".", "_" and "-", the first a letter or a digit';

/** A document is named by one id, or by those of its story and its agent with `__` between them. */
const DOCUMENT_ID_PATTERN =
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:__[A-Za-z0-9][A-Za-z0-9._-]{0,99})?$/;

/** True for an id that follows the rule. */
export function isFlowId(value: unknown): value is string {
  return typeof value === "string" && FLOW_ID_PATTERN.test(value);
}

/**
 * The id, if it follows the rule. `what` completes `The … "id"`, such as `story id`.
 * @throws AppError `REQUEST_INVALID` with the rule
 */
export function checkFlowId(value: unknown, what: string): string {
  if (isFlowId(value)) return value;
  throw invalidId(value, what, FLOW_ID_RULE);
}

/**
 * The id of a document, without a closing `.md`: `x` and `x.md` are the same document.
 * @throws AppError `REQUEST_INVALID` with the rule
 */
export function checkDocumentId(value: unknown): string {
  const id = typeof value === "string" ? value.replace(/\.md$/i, "") : value;
  if (typeof id === "string" && DOCUMENT_ID_PATTERN.test(id)) return id;
  throw invalidId(value, "document id", `${FLOW_ID_RULE}; or two such ids with "__" between them`);
}

/** The document that an agent (or anything named so) has in a story: `{story_id}__{name}`. */
export function storyDocumentId(storyId: string, name: string): string {
  return `${storyId}__${name}`;
}

function invalidId(value: unknown, what: string, rule: string): AppError {
  const text = JSON.stringify(value) ?? "undefined";
  const shown = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return new AppError("REQUEST_INVALID", `The ${what} ${shown} breaks the rule for ids: ${rule}`);
}
