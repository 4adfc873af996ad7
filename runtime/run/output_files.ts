// The outputs of a node, read through the tool host: the same walls as for the model's own calls.
import type { OutputFiles } from "../state/checks.ts";
import { MAX_CHECKED_BYTES } from "../state/checks.ts";
import { toolFailure } from "../../schemas/tool.ts";
import { SYSTEM_POLICY } from "../tools/policy.ts";
import type { ToolHost } from "../tools/tool_host.ts";

/** Outputs as the guard sees them. `host` is asked at each use: it is opened after the state. */
export function openOutputFiles(host: () => ToolHost): OutputFiles {
  return {
    inspect: (path) => host().inspect(path),
    async read(path) {
      const result = await host().call("fs.read", { path }, {
        policy: { ...SYSTEM_POLICY, maxReadBytes: MAX_CHECKED_BYTES },
        signal: new AbortController().signal,
      });
      if (!result.ok) return result;
      if (typeof result.content === "string") return { ok: true, text: result.content };
      return toolFailure("E_READ_LIMIT", "The file grew while it was checked. Call again");
    },
  };
}
