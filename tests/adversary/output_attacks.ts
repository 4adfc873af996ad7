// Attacks on evidence: outputs that are claimed, redirected, empty, foreign, or written through a link.
import { patchState } from "./document_edits.ts";
import { honestCompletion, honestWrites, mountPathOf } from "./honest_moves.ts";
import { type Attack, call, calls, type Scene, waysOf } from "./scene.ts";

/** Values that would make a declared path lead elsewhere. */
const REDIRECTIONS = [
  "..",
  "../..",
  ".",
  "@pkg/none.json",
  "@state/none.md",
  "@project/none.md",
  "../README",
  "a/../../../outside",
  "\0",
  "%2e%2e",
  ".git/config",
  "{project-root}",
  "{{name}}",
  "__proto__",
  "x".repeat(3000),
  ["a", "b"],
  0,
  false,
];

function finishWith(scene: Scene, variables: unknown, more: Record<string, unknown> = {}) {
  const [way] = waysOf(scene);
  return call("state_complete_node", {
    nodeId: scene.node.id,
    variables,
    ...(way && { next: way.to, decision: { label: way.label, reason: "So" } }),
    ...more,
  });
}

function redirected(scene: Scene): Record<string, unknown> {
  const names = ["story_id", "version", "name", "report"];
  return Object.fromEntries(names.map((name) => [name, scene.random.pick(REDIRECTIONS)]));
}

/** All attacks of this file. */
export const OUTPUT_ATTACKS: readonly Attack[] = [
  { name: "completes without writing", make: (scene) => calls(honestCompletion(scene)) },
  {
    name: "claims artifacts that do not exist",
    make: (scene) => {
      const artifacts = (scene.node.outputs ?? ["x"]).map(mountPathOf);
      return calls(
        finishWith(scene, {}, { artifacts }),
        patchState(scene, { "artifacts.append": artifacts }),
      );
    },
  },
  {
    name: "redirects outputs by variables",
    make: (scene) => calls(finishWith(scene, redirected(scene))),
  },
  {
    name: "spoils variables and stays",
    make: (scene) => calls(patchState(scene, { "variables.set": redirected(scene) })),
  },
  {
    name: "writes outputs under another name",
    make: (scene) =>
      calls(
        ...(scene.node.outputs ?? []).map((template) => {
          const path = mountPathOf(template);
          const other = scene.random.pick([`${path}.bak`, path.toUpperCase(), `${path}/x.md`]);
          return call("fs_write", { path: other.replace("@PROJECT", "@project"), content: "x" });
        }),
        honestCompletion(scene),
      ),
  },
  {
    name: "writes empty outputs and claims none",
    make: (scene) =>
      calls(
        ...honestWrites(scene).map(({ name, arguments: args }) =>
          call(name, { ...(args as Record<string, unknown>), content: "" })
        ),
        call("fs_write", { path: "@project/artifacts/other.md", content: "x" }),
      ),
  },
  {
    name: "lists and searches instead of reading",
    make: (scene) =>
      calls(
        call("fs_list", { path: "@project/artifacts", depth: 5 }),
        call("fs_search", { query: "a", path: "@project/artifacts" }),
        honestCompletion(scene),
      ),
  },
  {
    name: "fails to read its outputs and completes",
    make: (scene) =>
      calls(
        ...(scene.node.outputs ?? []).map((template) =>
          call("fs_read", { path: mountPathOf(template), startLine: 9, endLine: 2 })
        ),
        honestCompletion(scene),
      ),
  },
  {
    name: "writes through links",
    make: ({ random }) => {
      const path = random.pick([
        "@project/artifacts/link-out.md",
        "@project/artifacts/link-git/config",
        "@project/artifacts/loop",
        "@project/artifacts/dangling.md",
      ]);
      return calls(
        call("fs_write", { path, content: "OWNED" }),
        call("fs_edit", { path, oldText: "a", newText: "OWNED", replaceAll: true }),
        call("fs_write", { path, content: "OWNED", mode: "append" }),
      );
    },
  },
  {
    name: "reads through links that lead out",
    make: () =>
      calls(
        call("fs_read", { path: "@project/artifacts/link-out.md" }),
        call("fs_search", { query: "SECRET", path: "@project" }),
        call("fs_list", { path: "@project/artifacts/link-git" }),
      ),
  },
];

/** Writes below `artifacts/` that end elsewhere in the project, where consent is needed. */
export const LINKS_INSIDE: Attack = {
  name: "writes to the project's own files through links below artifacts",
  make: ({ random }) => {
    const path = random.pick([
      "@project/artifacts/link.md",
      "@project/artifacts/link-dir/main.ts",
      "@project/artifacts/link-dir/planted.ts",
    ]);
    return calls(call("fs_write", { path, content: "OWNED" }));
  },
};

/** Outputs that lead out of the project once a variable is filled in, and are read there. */
export const OUTPUT_ELSEWHERE: Attack = {
  name: "redirects outputs to a file that it has read",
  make: (scene) => {
    const path = scene.random.pick(["@pkg/bmad.json", "@state/workflow.md"]);
    const variables = { story_id: path, version: path, name: path, report: path };
    return calls(call("fs_read", { path }), finishWith(scene, variables));
  },
};

/** Variables that cannot be turned into text. */
export const UNPRINTABLE_VARIABLES: Attack = {
  name: "sets variables that are no text and cannot become one",
  make: (scene) => {
    const value = { toString: "no function", valueOf: null };
    const variables = { story_id: value, version: value, name: value, report: value };
    return calls(patchState(scene, { "variables.set": variables }), finishWith(scene, variables));
  },
};
