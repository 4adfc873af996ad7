// The port to memory, and the names of its scopes. The backends are `file_memory.ts` and
// `redis_memory.ts`.
import { AppError } from "../../schemas/error.ts";
import { FLOW_ID_PATTERN } from "./flow_id.ts";

/** A value that is there; `null` is a value. */
export interface MemoryEntry {
  readonly key: string;
  /** Any JSON. */
  readonly value: unknown;
}

/**
 * Values by scope and key. Safe under concurrent agents and processes; once `set` or `delete` has
 * resolved, the change survives a crash of this process. Scopes are texts of `scopeText`, keys follow
 * the rule for ids or begin with one of our own prefixes (`agent:ID`).
 * All methods throw AppError `FLOW_MEMORY_UNAVAILABLE` when the backend cannot be reached.
 */
export interface Memory {
  /** `undefined` if there is none. */
  get(scope: string, key: string): Promise<MemoryEntry | undefined>;
  set(scope: string, key: string, value: unknown): Promise<void>;
  /** @returns whether there was one */
  delete(scope: string, key: string): Promise<boolean>;
  /** All entries, sorted by key; an unknown scope has none. */
  list(scope: string): Promise<readonly MemoryEntry[]>;
  /** For health checks. @throws AppError `FLOW_MEMORY_UNAVAILABLE` */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A scope taken apart. No id holds ":", so the text is unambiguous. */
export type MemoryScope =
  | { readonly kind: "isolated"; readonly agentId: string; readonly storyId: string }
  | { readonly kind: "shared"; readonly namespace: string }
  | { readonly kind: "story"; readonly flow: string; readonly storyId: string };

/** Where `memory_scope: shared` without a name leads. */
export const DEFAULT_NAMESPACE = "default";

/** `isolated:{agent}:{story}`, `shared:{namespace}` or `story:{flow}:{story}`. */
export function scopeText(scope: MemoryScope): string {
  switch (scope.kind) {
    case "isolated":
      return `isolated:${scope.agentId}:${scope.storyId}`;
    case "shared":
      return `shared:${scope.namespace}`;
    case "story":
      return `story:${scope.flow}:${scope.storyId}`;
  }
}

/**
 * Reads a scope; `shared` alone is the default namespace.
 * @throws AppError `REQUEST_INVALID` naming the three forms
 */
export function parseScope(text: string): MemoryScope {
  const [kind, first, second, ...more] = text.split(":");
  if (more.length === 0 && isId(first) && isId(second)) {
    if (kind === "isolated") return { kind, agentId: first, storyId: second };
    if (kind === "story") return { kind, flow: first, storyId: second };
  }
  if (kind === "shared" && second === undefined) {
    const namespace = first ?? DEFAULT_NAMESPACE;
    if (isId(namespace)) return { kind, namespace };
  }
  const shown = JSON.stringify(text.slice(0, 120));
  throw new AppError(
    "REQUEST_INVALID",
    `The memory scope ${shown} is none: write "isolated:AGENT:STORY", "shared:NAMESPACE" or "story:FLOW:STORY"`,
  );
}

function isId(text: string | undefined): text is string {
  return text !== undefined && FLOW_ID_PATTERN.test(text);
}
