// What a good model would do: write what the node owes and complete it. It keeps to the graph and puts
// variables right that another has spoilt, so whatever happened before, it can go on.
import type { Reply, ScriptedCall } from "../model_server/script.ts";
import { call, calls, type Scene, waysOf } from "./scene.ts";

/** Sane values for every variable that a declared output may need. */
export const SAFE_VARIABLES = {
  story_id: "story-1",
  version: "1.0.0",
  name: "north",
  report: "report.md",
} as const;

/** Writes the node's outputs, then completes it by one of its ways. */
export function honestMove(scene: Scene): Reply {
  return calls(...honestWrites(scene), honestCompletion(scene));
}

/** The declared outputs of the node, written. */
export function honestWrites({ node }: Scene): ScriptedCall[] {
  return (node.outputs ?? []).map((template) =>
    call("fs_write", { path: mountPathOf(template), content: `# ${node.id}\n` })
  );
}

/** The completion of the node; the default way is the likely one, so that loops end. */
export function honestCompletion(scene: Scene): ScriptedCall {
  const { node, random } = scene;
  const ways = waysOf(scene);
  const forward = ways.find((way) => "isDefault" in way && way.isDefault) ?? ways.at(-1);
  const way = ways.length > 1 && random.chance(0.3) ? random.pick(ways) : forward;
  return call("state_complete_node", {
    nodeId: node.id,
    variables: SAFE_VARIABLES,
    ...(way && { next: way.to }),
    ...(way && ways.length > 1 && { decision: { label: way.label, reason: "It fits" } }),
  });
}

/** Where a declared output lies once the variables are sane. */
export function mountPathOf(template: string): string {
  const filled = template.replace(
    /\{\{(\w+)\}\}/g,
    (whole, name) => (SAFE_VARIABLES as Record<string, string>)[name] ?? whole,
  );
  return filled.includes("/") ? `@project/${filled}` : `@project/artifacts/${filled}`;
}
