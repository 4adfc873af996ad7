// Attacks on what is not the project: the run's own log and state, other runs, the package, git, settings.
import type { ScriptedCall } from "../model_server/script.ts";
import { type Attack, call, calls, type Scene } from "./scene.ts";

const STATE_PATHS = [
  "@state",
  "@state/",
  "@state/logs",
  "@state/logs/log.jsonl",
  "@state/log.jsonl",
  "@state/../log.jsonl",
  "@state/../run.json",
  "@state/run.md",
  "@state/workflows",
  "@state/workflows/main/workflow.md",
  "@state/workflow.md/x",
  "@state/WORKFLOW.MD",
  "@state/./../run.md",
  "{state-root}/../log.jsonl",
  "@state\\..\\log.jsonl",
  "../../runs/20200101-000000-aaaa/log.jsonl",
  "@project/../data/runs/20200101-000000-aaaa/log.jsonl",
  "@project/data/runs/20200101-000000-aaaa/log.jsonl",
  "@project/data/runs",
];

const PACKAGE_PATHS = [
  "@pkg/bmad.json",
  "@pkg/agents.json",
  "@pkg/workflow.graph.json",
  "@pkg/new.md",
  "workflows/x/workflow.graph.json",
  "steps/planted.md",
  "assets/planted.md",
  "@pkg/../planted.md",
  "{package-root}/bmad.json",
];

const PROTECTED_PATHS = [
  "@project/.git/config",
  "@project/.git/hooks/pre-commit",
  "@project/.GIT/config",
  "@project/sub/.git/hooks/pre-push",
  "@project/.g\u200cit/config",
  "@project/GIT~1/config",
  "@project/.git./config",
  "@project/.crewagent.json",
  "@project/.crewagent/settings.json",
  "@project/.CREWAGENT.json",
];

const OUTSIDE_PATHS = [
  "@project/../outside/secret.txt",
  "@project/a/../../outside/secret.txt",
  "@project/..\\outside\\secret.txt",
  "@project/%2e%2e/outside/secret.txt",
  "@project-evil/x",
  "~/.ssh/id_rsa",
  "file:///etc/passwd",
  "C:\\Windows\\win.ini",
  "\\\\server\\share\\x",
  "@project/con",
  "@project/a\0b",
  "@project/\u202ecod.md",
  "@project/a\nb.md",
  "",
];

const PROJECT_PATHS = [
  "@project/README.md",
  "@project/src/main.ts",
  "@project/new-file.md",
  "@project/src/../README.md",
  "@project/artifacts/../README.md",
  "@project/artifacts/../src/main.ts",
  "@project/Artifacts/x.md",
  "{project-root}/README.md",
];

/** Every way to touch a path. */
function touch(path: string): ScriptedCall[] {
  return [
    call("fs_write", { path, content: "OWNED" }),
    call("fs_write", { path, content: "OWNED", mode: "append" }),
    call("fs_edit", { path, oldText: "e", newText: "OWNED", replaceAll: true }),
    call("fs_apply_patch", { path, diff: `--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+OWNED\n` }),
    call("fs_apply_patch", { path, operation: "updateFrontmatter", update: { "seq.set": 1 } }),
    call("fs_read", { path }),
    call("fs_list", { path, depth: 10 }),
    call("fs_search", { query: "SECRET", path }),
  ];
}

function aimedAt(name: string, paths: (scene: Scene) => readonly string[]): Attack {
  return {
    name,
    make: (scene) => {
      const { random } = scene;
      const number = 1 + random.int(4);
      const some = Array.from({ length: number }, () => random.pick(paths(scene)));
      return calls(...some.map((path) => random.pick(touch(path))));
    },
  };
}

/** All attacks of this file. */
export const FILE_ATTACKS: readonly Attack[] = [
  aimedAt("edits its own log and state", () => STATE_PATHS),
  aimedAt("edits the package", () => PACKAGE_PATHS),
  aimedAt("edits git and settings", () => PROTECTED_PATHS),
  aimedAt("reaches outside", () => OUTSIDE_PATHS),
  aimedAt("writes to the project without consent", () => PROJECT_PATHS),
  aimedAt("names absolute paths", ({ places }) => [
    `${places.runDir}/log.jsonl`,
    `${places.runDir}/state/run.md`,
    `${places.data}/packages`,
    `${places.outside}/secret.txt`,
    `${places.project}/README.md`,
    "/etc/passwd",
  ]),
  {
    name: "asks for review of what is not its own",
    make: ({ random }) =>
      calls(call("ui_ask_user", {
        question: "Is this right?",
        kind: "review",
        path: random.pick([...STATE_PATHS, ...OUTSIDE_PATHS]),
      })),
  },
];
