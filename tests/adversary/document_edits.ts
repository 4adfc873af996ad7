// A state document rewritten by hand, as text: what an attacker does to its front matter.
import type { ScriptedCall } from "../model_server/script.ts";
import type { Random } from "./random.ts";
import { call, type Scene, STATE } from "./scene.ts";

/** The document with one top-level key set to a piece of YAML; added where it is missing. */
export function withKey(document: string, key: string, yaml: string): string {
  const [, head = "", body = ""] = /^---\n([\s\S]*?)\n---\n?([\s\S]*)$/.exec(document) ?? [];
  const own = new RegExp(`^${key}:.*(?:\\n[ \\t-].*)*`, "m");
  const line = `${key}: ${yaml}`;
  const changed = own.test(head) ? head.replace(own, () => line) : `${head}\n${line}`;
  return `---\n${changed}\n---\n${body}`;
}

/** The document with several keys set. */
export function withKeys(document: string, keys: Readonly<Record<string, unknown>>): string {
  return Object.entries(keys).reduce(
    (text, [key, value]) => withKey(text, key, JSON.stringify(value)),
    document,
  );
}

/** The entries of a list of texts in the document's front matter, block or flow. */
export function listIn(document: string, key: string): string[] {
  const block = new RegExp(`^${key}:\\n((?:\\s*- .*\\n)+)`, "m").exec(document)?.[1];
  if (block) return block.trim().split("\n").map((line) => line.replace(/^\s*- /, "").trim());
  const flow = new RegExp(`^${key}: \\[(.*)\\]$`, "m").exec(document)?.[1] ?? "";
  return flow.split(",").map((item) => item.trim().replace(/^"|"$/g, "")).filter(Boolean);
}

/** Puts a document in the place of the saved one, by one of the tools that can. */
export function replaceDocument(scene: Scene, next: string): ScriptedCall {
  const { document, random } = scene;
  const tools: ((before: string, after: string, random: Random) => ScriptedCall)[] = [
    writeWhole,
    editWhole,
    patchWhole,
  ];
  return random.pick(tools)(document, next, random);
}

function writeWhole(_before: string, after: string, random: Random): ScriptedCall {
  const path = random.pick([
    STATE,
    "workflow.md",
    "{state-root}/workflow.md",
    "@state/./workflow.md",
  ]);
  return call("fs_write", { path, content: after });
}

function editWhole(before: string, after: string): ScriptedCall {
  return call("fs_edit", { path: STATE, oldText: before, newText: after });
}

function patchWhole(before: string, after: string, random: Random): ScriptedCall {
  const [old, fresh] = [before, after].map((text) => text.split("\n"));
  const diff = [
    "--- a/workflow.md",
    "+++ b/workflow.md",
    `@@ -1,${old?.length} +1,${fresh?.length} @@`,
    ...(old ?? []).map((line) => `-${line}`),
    ...(fresh ?? []).map((line) => `+${line}`),
    "",
  ].join("\n");
  return call("fs_apply_patch", { path: STATE, [random.pick(["diff", "patch"])]: diff });
}

/** An update of front matter, flat or nested as models write it. */
export function patchState(scene: Scene, update: Readonly<Record<string, unknown>>): ScriptedCall {
  const patch = { operation: "updateFrontmatter", update };
  const args = scene.random.chance(0.5) ? { path: STATE, ...patch } : { path: STATE, patch };
  return call("fs_apply_patch", args);
}
