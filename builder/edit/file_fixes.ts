// Fixes that are a file written anew: a value at a pointer changed, front matter that follows the
// graph, a dead link made plain text.
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import { linksIn } from "../../runtime/package/markdown_links.ts";
import { cleanPath } from "../../runtime/package/written_path.ts";
import type { FindingCode } from "../../runtime/package/finding_codes.ts";
import type { Edit } from "../../schemas/edit.ts";
import type { Finding } from "../../schemas/finding.ts";
import { isRecord } from "../../schemas/record.ts";
import type { Draft } from "./draft.ts";
import { fileHash } from "./file_edits.ts";
import { edgesByStart } from "./graph_file.ts";
import { type JsonObject, readJsonObject, withKeys, writeJsonObject } from "./json_document.ts";
import { readMarkdown, withFrontMatter } from "./markdown_file.ts";
import { freeId } from "./new_ids.ts";
import { followNode, SHARED_KEYS, STEP_KEYS } from "./step_file.ts";
import { STATE_KEYS } from "./workflow_document.ts";

type Fix = (finding: Finding, draft: Draft) => Edit | undefined;

function written(draft: Draft, path: string, text: string): Edit | undefined {
  const bytes = draft.files.get(path);
  return bytes && { kind: "file.write", path, text, baseSha256: fileHash(bytes) };
}

/** A JSON document or front matter changed at the finding's pointer. */
function atPointer(change: (parent: unknown, key: string, draft: Draft) => unknown): Fix {
  return ({ file, pointer = "" }, draft) => {
    const path = pointer.split("/").slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    const key = path.pop();
    if (key === undefined) return undefined;
    const changed = (value: unknown, rest: readonly string[]): unknown => {
      const [next] = rest;
      if (next === undefined) return change(value, key, draft);
      if (Array.isArray(value)) {
        return value.map((item, at) => at === Number(next) ? changed(item, rest.slice(1)) : item);
      }
      if (!isRecord(value) || !Object.hasOwn(value, next)) return value;
      return withKeys(value, { [next]: changed(value[next], rest.slice(1)) });
    };
    return rewritten(draft, file, (data) => changed(data, path));
  };
}

/** The document with other data; front matter keeps comments and body. */
function rewritten(
  draft: Draft,
  path: string,
  change: (data: JsonObject) => unknown,
): Edit | undefined {
  const bytes = draft.files.get(path);
  const json = path.endsWith(".json") ? readJsonObject(bytes) : undefined;
  if (json) {
    const after = change(json);
    return isRecord(after) ? written(draft, path, textOf(after)) : undefined;
  }
  const file = readMarkdown(bytes);
  const after = file && change(file.frontMatter.data);
  if (!file || !isRecord(after)) return undefined;
  const keys = new Set([...Object.keys(file.frontMatter.data), ...Object.keys(after)]);
  const changes = Object.fromEntries(Array.from(keys, (key) => [key, after[key]]));
  const order = path.endsWith("workflow.md") ? STATE_KEYS : STEP_KEYS;
  return written(draft, path, withFrontMatter(file, changes, order).text);
}

function textOf(value: JsonObject): string {
  return new TextDecoder().decode(writeJsonObject(value));
}

const removeKey = atPointer((parent, key) => {
  if (Array.isArray(parent)) return parent.filter((_item, at) => at !== Number(key));
  return isRecord(parent) ? withKeys(parent, { [key]: undefined }) : parent;
});

const useVersion12: Fix = ({ file }, draft) =>
  rewritten(draft, file, (data) => withKeys(data, { schemaVersion: "1.2" }));

/** The id at the pointer made unique among its neighbours. */
const makeUnique: Fix = ({ file, pointer = "" }, draft) => {
  const [, listPath = "", index] = /^(.*)\/(\d+)\/id$/.exec(pointer) ?? [];
  const keys = listPath.split("/").slice(1);
  const at = (data: unknown, key: string): unknown => Object(data)[key];
  const list = keys.reduce(at, readJsonObject(draft.files.get(file)) as unknown);
  const taken = new Set((Array.isArray(list) ? list : []).map((item) => at(item, "id")));
  const mended = atPointer((parent, key) =>
    isRecord(parent)
      ? withKeys(parent, { [key]: freeId(String(parent[key]), (id) => taken.has(id)) })
      : parent
  );
  return index === undefined ? undefined : mended({ ...findingAt(file, pointer) }, draft);
};

function findingAt(file: string, pointer: string): Finding {
  return { severity: "error", code: "", file, pointer, message: "", hint: "" };
}

/** The step file says what the graph says. */
const repeatGraph: Fix = ({ file }, draft) => {
  for (const { id } of draft.workflows) {
    const workflow = draft.workflow(id);
    const nodes = workflow?.nodes.filter(({ path }) => path === file) ?? [];
    const [node] = nodes;
    const step = readMarkdown(draft.files.get(file));
    if (!node || nodes.length > 1 || !step) continue;
    const edges = edgesByStart((workflow?.edges ?? []).map((edge) => ({ ...edge }))).get(node.id) ??
      [];
    const { data } = step.frontMatter;
    const keys = SHARED_KEYS.filter((key) => Object.hasOwn(data, key) && node[key] !== undefined);
    return written(draft, file, followNode(step, node, { edges, keys }).text);
  }
  return undefined;
};

/** The agent of the graph, else the only one, else none. */
const nameAgent: Fix = ({ file }, draft) => {
  const node = draft.workflows.flatMap(({ id }) => draft.workflow(id)?.nodes ?? [])
    .find(({ path }) => path === file);
  const { agents } = draft;
  const only = agents.length === 1 ? agents[0]?.id : undefined;
  const agentId = agents.some(({ id }) => id === node?.agentId) ? node?.agentId : only;
  return rewritten(draft, file, (data) => withKeys(data, { agentId }));
};

const fillState: Fix = ({ file }, draft) =>
  rewritten(draft, file, (data) => ({ currentNodeId: "", stepsCompleted: [], ...data }));

const dropStateNode: Fix = (finding, draft) =>
  finding.pointer === "/currentNodeId"
    ? rewritten(draft, finding.file, (data) => withKeys(data, { currentNodeId: "" }))
    : removeKey(finding, draft);

const sameGraph: Fix = (_finding, draft) => {
  const { entry, workflows = [] } = draft.manifest;
  const listed = workflows.find(({ workflow }) =>
    cleanPath(workflow) === cleanPath(entry.workflow)
  );
  if (!listed) return undefined;
  return rewritten(
    draft,
    MANIFEST_PATH,
    (data) => withKeys(data, { entry: withKeys(Object(data.entry), { graph: listed.graph }) }),
  );
};

const dropPromise: Fix = (_finding, draft) =>
  rewritten(draft, MANIFEST_PATH, (data) => withKeys(data, { integrity: undefined }));

/** The link becomes its text. */
const unlink: Fix = ({ file, line = 0, column = 0 }, draft) => {
  const text = readMarkdown(draft.files.get(file))?.text;
  const lines = text?.split("\n") ?? [];
  const found = lines[line - 1] ?? "";
  const link = [...linksIn(found)].find(({ start }) => start === column - 1);
  if (!link) return undefined;
  lines[line - 1] = found.slice(0, link.start) + link.label + found.slice(link.end);
  return written(draft, file, lines.join("\n"));
};

/** Finding code → its fix. */
export const FILE_FIXES: readonly (readonly [FindingCode, Fix])[] = [
  ["SCHEMA_KEY_UNKNOWN", removeKey],
  ["SCHEMA_KEY_NEWER", useVersion12],
  ["GRAPH_EDGE_ID_DUPLICATE", removeKey],
  ["WORKFLOW_ID_DUPLICATE", makeUnique],
  ["AGENT_ID_DUPLICATE", makeUnique],
  ["PROMPT_ID_DUPLICATE", makeUnique],
  ["MENU_HIDDEN_EVERYWHERE", removeKey],
  ["STEP_NODE_ID_DIFFERS", repeatGraph],
  ["STEP_TYPE_DIFFERS", repeatGraph],
  ["STEP_AGENT_UNKNOWN", nameAgent],
  ["STEP_TRANSITIONS_DIFFER", repeatGraph],
  ["STEP_DIFFERS_FROM_GRAPH", repeatGraph],
  ["STATE_KEY_MISSING", fillState],
  ["STATE_NODE_UNKNOWN", dropStateNode],
  ["ENTRY_GRAPH_DIFFERS", sameGraph],
  ["INTEGRITY_MISMATCH", dropPromise],
  ["WORKFLOW_LINK_DEAD", unlink],
];
