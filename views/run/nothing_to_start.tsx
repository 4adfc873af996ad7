// What stands where a package has no agent, or no workflow, to start with.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import type { PackageChoice } from "./choose_package_page.tsx";

/** Says what is missing, and leads to the package. */
export function NothingToStart(
  { frame, chosen, missing }: {
    readonly frame: Frame;
    readonly chosen: PackageChoice;
    readonly missing: "agent" | "workflow";
  },
) {
  const { start } = frame.texts;
  return (
    <div class="panel empty">
      <Icon name={missing} />
      <strong>{missing === "agent" ? start.noAgents : start.noWorkflows}</strong>
      <p>{missing === "agent" ? start.noAgentsHint : start.noWorkflowsHint}</p>
      <a class="button primary" href={`/packages/${encodeURIComponent(chosen.packageId)}`}>
        {start.toPackage}
      </a>
    </div>
  );
}
