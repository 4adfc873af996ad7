// The system's sandbox round the programs of `terminal.run`, where the system has one.
import { machineTools } from "../sandbox/sandbox_tools.ts";
import { sandboxFor } from "../sandbox/sandbox.ts";
import type { WrapProgram } from "../tools/tool_host.ts";
import type { OpenRun } from "./start_run.ts";

/** How programs of a run are started; `undefined` where the run has no terminal or the system no sandbox. */
export function terminalSandbox({ record, dataDir }: OpenRun): WrapProgram | undefined {
  if (record.options.terminal !== true) return undefined;
  const sandbox = sandboxFor(Deno.build.os, machineTools);
  if (sandbox.kind === "none") return undefined;
  const { projectDir } = record;
  return ({ command, args }, { cwd, home, env }) =>
    sandbox.wrap(command, args, {
      projectDir,
      cwd,
      readOnly: [],
      env,
      hidden: [dataDir],
      cacheDir: home,
    });
}
