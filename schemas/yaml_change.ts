// Changes of YAML text that leave the rest as it is written. Not here: where that text stands in a file.
import { type Document, isAlias, isMap, isScalar, isSeq } from "yaml";
import { isRecord } from "./record.ts";
import { parseYaml } from "./yaml_map.ts";

/**
 * Set the value at a path (parents are made), append to the list there, or remove what is there. A
 * top key that is new comes behind the last of `behind` that the map has.
 */
export type YamlChange =
  | { readonly path: readonly string[]; readonly set: unknown; readonly behind?: readonly string[] }
  | { readonly path: readonly string[]; readonly append: unknown }
  | { readonly path: readonly string[]; readonly remove: true };

/**
 * The text that was made last, with its document. Most changes come in pairs (the model's, then the
 * shell's of what came out), and parsing is half of what one costs. Used once: were it changed again
 * and again, its text would depend on how long ago it was read.
 */
let lastMade: { readonly yaml: string; readonly document: Document.Parsed } | undefined;

/** The text with changes made one after the other. Comments and key order survive, spacing may not. */
export function changedYaml(
  yaml: string,
  changes: readonly YamlChange[],
  newline: "\n" | "\r\n",
): string {
  const kept = lastMade?.yaml === yaml ? lastMade.document : undefined;
  lastMade = undefined;
  const document = kept ?? parseYaml(yaml);
  for (const change of changes) {
    const path = [...change.path];
    if ("remove" in change) {
      if (document.hasIn(path)) document.deleteIn(path);
      continue;
    }
    openParents(document, path);
    if ("append" in change) append(document, path, change.append);
    else setValue(document, change);
  }
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  const changed = newline === "\n" ? text : text.replace(/\r?\n/g, newline);
  if (!kept) lastMade = { yaml: changed, document };
  return changed;
}

function setValue(
  document: Document.Parsed,
  { path, set, behind = [] }: Extract<YamlChange, { set: unknown }>,
): void {
  const isNew = !document.hasIn(path);
  document.setIn(path, replacement(document, path, set));
  const map = document.contents;
  if (!isNew || path.length !== 1 || !isMap(map)) return;
  const last = map.items.findLastIndex(({ key }) =>
    isScalar(key) && key.value !== path[0] && behind.includes(String(key.value))
  );
  const pair = last === -1 ? undefined : map.items.pop();
  if (pair) map.items.splice(last + 1, 0, pair);
}

/** The node for a new value, with the comments and the quotes of the one before it. */
function replacement(document: Document.Parsed, path: readonly string[], value: unknown): unknown {
  const before = document.getIn(path, true);
  const node = document.createNode(value);
  if (!isScalar(before)) return node;
  if (before.comment) node.comment = before.comment;
  if (before.commentBefore) node.commentBefore = before.commentBefore;
  const { type } = before;
  const isQuoted = type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE";
  if (isQuoted && isScalar(node) && typeof value === "string") node.type = type;
  return node;
}

function append(document: Document.Parsed, path: readonly string[], value: unknown): void {
  const list = document.getIn(path, true);
  if (isSeq(list)) {
    if (list.items.length === 0) list.flow = false;
    list.add(document.createNode(value));
    return;
  }
  const before = aliased(document, list);
  const items = Array.isArray(before) ? [...before, value] : [value];
  document.setIn(path, replacement(document, path, items));
}

/** The way to a path has to be maps, or items a list holds: an empty or wrong value gives way, an alias becomes a copy. */
function openParents(document: Document.Parsed, path: readonly string[]): void {
  for (let length = 1; length < path.length; length++) {
    const parent = path.slice(0, length);
    const node = document.getIn(parent, true);
    if (node === undefined) return;
    if (isMap(node) || (isSeq(node) && node.has(path[length]))) continue;
    const copy = aliased(document, node);
    document.setIn(parent, document.createNode(isRecord(copy) ? copy : {}));
  }
}

/** The plain value behind an alias; `undefined` for any other node. */
function aliased(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document)?.toJS(document) : undefined;
}
