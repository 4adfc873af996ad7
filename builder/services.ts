// What the handlers of the builder share: one per server. Not here: how it is put together (`serve.ts`).
import type { EventStreams } from "./http/event_stream.ts";
import type { LiveDrafts } from "./live_drafts.ts";
import type { LiveRuns } from "./live_runs.ts";
import type { Projects } from "./projects.ts";
import type { SettingsTrials } from "./settings/trials.ts";
import type { Store } from "./store/store.ts";

/** What a server is told about itself. */
export interface ServerConfig {
  /** Whether a browser may ask for it under this name: lower case, without port. */
  readonly isAllowedHost: (name: string) => boolean;
  /** Sets the names of cookies apart, which browsers share between all ports of a machine. */
  readonly port: number;
  /** What the commands on this machine show as `Bearer` to the routes below `/control/`; it is in the data folder. */
  readonly controlToken: string;
  /** Where everything is kept that is CrewAgent's own. */
  readonly dataDir: string;
  /** Takes one line for the server's log. */
  readonly log: (line: string) => void;
  /** The clock. */
  readonly now: () => Date;
}

/** What the handlers share. */
export interface Services {
  readonly store: Store;
  readonly liveDrafts: LiveDrafts;
  readonly liveRuns: LiveRuns;
  readonly projects: Projects;
  /** Tests of profiles and MCP servers. */
  readonly trials: SettingsTrials;
  readonly config: ServerConfig;
  /** Every open event stream, so that the server can end. */
  readonly streams: EventStreams;
}
