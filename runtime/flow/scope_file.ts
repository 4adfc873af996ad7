// Which file belongs to a memory scope or a story. Names only; nothing here touches the disk.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { parseScope } from "./memory.ts";

/** Bytes of a name that every file system takes, with room for an ending. */
const MAX_NAME = 200;
/** Names that Windows keeps for devices. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * The file of a scope below the memory folder, such as `isolated/analyst_story-1.jsonl`.
 * @throws AppError `REQUEST_INVALID` for a text that is no scope
 */
export function scopeFile(folder: string, text: string): string {
  const scope = parseScope(text);
  switch (scope.kind) {
    case "isolated":
      return join(folder, "isolated", `${joinedIds([scope.agentId, scope.storyId])}.jsonl`);
    case "shared":
      return join(folder, "shared", `${joinedIds([scope.namespace])}.jsonl`);
    case "story":
      return join(folder, "story", `${joinedIds([scope.flow, scope.storyId])}.jsonl`);
  }
}

/**
 * Ids as one file name: joined with `_`, a `_` inside an id as `%5F`, so that `a_b` + `c` and `a` +
 * `b_c` never meet, and an upper case letter as its code too (`A` is `%41`), so that `A` and `a` are two
 * files on file systems that know no case. A name too long for a file system ends in its hash instead,
 * behind a `~`, which no id holds.
 */
export function joinedIds(ids: readonly string[]): string {
  const name = ids.map((id) => id.replace(/[A-Z_]/g, encoded)).join("_");
  if (name.length <= MAX_NAME) return DEVICE.test(name) ? `~${name}` : name;
  const hash = createHash("sha256").update(name).digest("hex");
  return `${name.slice(0, MAX_NAME - hash.length - 1)}~${hash}`;
}

function encoded(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
}
