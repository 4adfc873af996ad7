// Names of an agent's file and class in a generated project. Ids may be anything the rule for ids allows:
// `class`, `a.d`, `x_test`, `CON`, or two that differ by case alone.
import { createHash } from "node:crypto";

/** How generated code calls an agent. */
export interface AgentNames {
  /** Below the project, with `/`. */
  readonly file: string;
  /** The constant that holds the agent; unique, an identifier and no reserved word. */
  readonly constant: string;
  /** Its class. */
  readonly node: string;
}

/** Names that Windows takes for devices, `index`, and what `deno test` and `deno bench` look for. */
const AWKWARD = /^(con|prn|aux|nul|com\d|lpt\d|index|.*_(test|bench)|test|bench)$/i;

/** Two hyphens are kept for names with a hash. */
const PLAIN = /^(?!.*--)[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/;

/** Names for agents by id, the same for the same ids. */
export function agentNames(ids: readonly string[]): ReadonlyMap<string, AgentNames> {
  const taken = new Map<string, number>();
  for (const id of ids) taken.set(id.toLowerCase(), (taken.get(id.toLowerCase()) ?? 0) + 1);
  const words = new Map<string, string>();
  const seen = new Set<string>();
  for (const id of ids) {
    const word = wordOf(id);
    const isFree = !seen.has(word.toLowerCase());
    const own = isFree ? word : `${word}_${hashOf(id)}`;
    seen.add(own.toLowerCase());
    words.set(id, own);
  }
  return new Map(ids.map((id) => {
    const isSafe = PLAIN.test(id) && !AWKWARD.test(id) && taken.get(id.toLowerCase()) === 1;
    const name = isSafe ? id : `${id.replace(/[^A-Za-z0-9]/g, "-").slice(0, 60)}--${hashOf(id)}`;
    const word = words.get(id) ?? "";
    return [id, {
      file: `agents/${name}.ts`,
      constant: `${word.charAt(0).toLowerCase()}${word.slice(1)}Agent`,
      node: `${word}AgentNode`,
    }];
  }));
}

/** `code-reviewer` → `CodeReviewer`. */
function wordOf(id: string): string {
  const words = id.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return (/^[A-Z]/.test(joined) ? joined : `Agent${joined}`).slice(0, 40);
}

function hashOf(id: string): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 12);
}
