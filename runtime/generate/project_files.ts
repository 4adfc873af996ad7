// Every file of a generated project, as texts by path. Pure: the same sources make the same bytes.
import type { FlowSecrets, FlowSource } from "../flow/flow_source.ts";
import { agentFiles } from "./agent_files.ts";
import { appFiles } from "./app_files.ts";
import { DEPLOY_FILES } from "./deploy_files.ts";
import type { Engine } from "./engine.ts";
import { MARKER, markerText } from "./marker.ts";
import { configFiles } from "./project_config.ts";
import { projectReadme } from "./project_readme.ts";
import { settingsMap } from "./settings_text.ts";

/** What a project is made of. */
export interface ProjectParts {
  /** Sound: without errors. */
  readonly source: FlowSource;
  /** Only to leave them out. */
  readonly secrets: Pick<FlowSecrets, "redisUrl">;
  readonly engine: Engine;
  /** Of the program. */
  readonly version: string;
}

/** The files, by path with `/`; no path leads out, whatever the ids are. */
export function projectFiles(
  { source, secrets, engine, version }: ProjectParts,
): ReadonlyMap<string, string> {
  const settings = settingsMap(source.config, secrets);
  const engineFiles = Object.entries(engine.files).map(
    ([path, text]): [string, string] => [`engine/${path}`, text],
  );
  return new Map([
    [MARKER, markerText(version)],
    ...agentFiles(source),
    ...appFiles({ source, settings, version }),
    ...configFiles(engine),
    ...DEPLOY_FILES,
    ["README.md", projectReadme(source)],
    ...engineFiles,
  ]);
}
