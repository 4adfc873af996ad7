// Puts the builder together and listens: store, live drafts, application, socket. Not here: options,
// texts for the terminal and signals (`commands/serve.ts`).
import type { Hono } from "hono";
import { AppError } from "../schemas/error.ts";
import { oneTimePath } from "./account_actions.ts";
import { createApp } from "./app.ts";
import type { AppEnv } from "./app_context.ts";
import { allowedHosts, isLoopback, ownAddress } from "./http/allowed_hosts.ts";
import { EventStreams } from "./http/event_stream.ts";
import { hasReadableHost } from "./http/guards.ts";
import type { LiveDrafts } from "./live_drafts.ts";
import type { LiveRuns } from "./live_runs.ts";
import { openProjects, type Projects } from "./projects.ts";
import { type LateService, onFirstCall } from "./on_first_call.ts";
import { announceServer, type ServerAnnouncement } from "./running_server.ts";
import { openTrials, type SettingsTrials } from "./settings/trials.ts";
import { openStore } from "./store/open_store.ts";
import { newSecret } from "./store/secret.ts";
import type { Store } from "./store/store.ts";

/** How to serve. */
export interface ServeOptions {
  /** Absolute; made if missing. */
  readonly dataDir: string;
  /** 0: any free one. */
  readonly port: number;
  /** A name or an address. */
  readonly hostname: string;
  /** Further names under which browsers may ask. */
  readonly extraHosts: readonly string[];
  /** Takes one line for the log. */
  readonly log: (line: string) => void;
  /** Closed with the server, also where that does not come to listen. */
  readonly joined?: JoinedService;
}

/** A service of its own under the same address; its guards are its own too. */
export interface JoinedService {
  /** Whether the path is one of its routes, or below one. */
  owns(path: string): boolean;
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/** A server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:7717`. */
  readonly origin: string;
  /** Whether there is no account yet, so that the next link leads to the first start. */
  readonly isFirstStart: boolean;
  /** A new link that signs the owner in once, or leads to the first start. */
  link(): Promise<string>;
  /** Ends open streams, lets requests finish, stops runs, closes the store. Safe to call twice. */
  close(): Promise<void>;
}

/** Requests that are under way get this long to finish. */
const GRACE_MS = 3_000;

/**
 * Opens the data folder and listens.
 * @throws AppError `DATA_FOLDER_BUSY`, `DATABASE_FAILED`, `SERVE_ADDRESS` (the port is taken, the
 * address is not this machine's, or it is open to others while there is no account)
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { dataDir, joined } = options;
  let store: Store | undefined;
  try {
    store = await openStore(dataDir);
    return await listen(options, store);
  } catch (thrown) {
    await Promise.all([store?.close(), joined?.close()]);
    throw thrown;
  }
}

async function listen(options: ServeOptions, store: Store): Promise<RunningServer> {
  const { hostname, extraHosts, dataDir, log, joined } = options;
  const isFirstStart = await store.users.count() === 0;
  if (isFirstStart && !isLoopback(hostname)) throw noAccounts(hostname);
  const streams = new EventStreams();
  const projects = openProjects(store.settings, dataDir);
  const liveRuns = onFirstCall<LiveRuns>(async () => {
    const { openLiveRuns } = await import("./open_live_runs.ts");
    return openLiveRuns({ store, projects, dataDir, log });
  });
  const liveDrafts = onFirstCall<LiveDrafts>(async () => {
    const { openLiveDrafts } = await import("./open_live_drafts.ts");
    return openLiveDrafts(store);
  });
  const trials = openTrials();
  const controlToken = newSecret();
  const ready = Promise.withResolvers<Hono<AppEnv>>();
  const server = bind(options, async (request, info) => {
    // Asked for its URL, such a request throws before any route could answer it.
    if (!hasReadableHost(request)) return new Response(null, { status: 400 });
    if (joined?.owns(new URL(request.url).pathname)) return await joined.fetch(request);
    const remoteAddress = (info.remoteAddr as Deno.NetAddr).hostname;
    return await (await ready.promise).fetch(request, { remoteAddress });
  });
  const { port } = server.addr;
  ready.resolve(createApp({
    store,
    liveDrafts: liveDrafts.service,
    liveRuns: liveRuns.service,
    projects,
    trials,
    streams,
    config: {
      dataDir,
      isAllowedHost: allowedHosts({ hostname, extra: extraHosts }),
      port,
      controlToken,
      log,
      now: () => new Date(),
    },
  }));
  const origin = `http://${ownAddress(hostname)}:${port}`;
  const announcement = announceServer(dataDir, { origin, controlToken, pid: Deno.pid });
  let closing: Promise<void> | undefined;
  return {
    origin,
    isFirstStart,
    link: async () => origin + await oneTimePath(store),
    close: () =>
      closing ??= end({
        server,
        streams,
        liveRuns,
        projects,
        trials,
        store,
        announcement,
        joined,
      }),
  };
}

interface Parts {
  readonly server: Deno.HttpServer;
  readonly streams: EventStreams;
  readonly liveRuns: LateService<LiveRuns>;
  readonly projects: Projects;
  readonly trials: SettingsTrials;
  readonly store: Store;
  readonly announcement: ServerAnnouncement;
  readonly joined: JoinedService | undefined;
}

async function end(
  { server, streams, liveRuns, projects, trials, store, announcement, joined }: Parts,
): Promise<void> {
  announcement.withdraw();
  streams.closeAll();
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, GRACE_MS);
  await Promise.race([server.shutdown(), late]);
  clearTimeout(timer);
  const runs = await liveRuns.opened();
  await Promise.all([runs?.close(), trials.close()]);
  projects.close();
  await Promise.all([store.close(), joined?.close()]);
}

function bind(
  { hostname, port }: ServeOptions,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname, port, onListen: () => {} }, handler);
  } catch (cause) {
    throw addressFailure({ hostname, port }, cause);
  }
}

function addressFailure(
  { hostname, port }: Pick<ServeOptions, "hostname" | "port">,
  cause: unknown,
): unknown {
  const reason = cause instanceof Deno.errors.AddrInUse
    ? `Port ${port} is taken by another program. Choose another with --port N, or any free one with --port 0`
    : cause instanceof Deno.errors.AddrNotAvailable
    ? `The address "${hostname}" is not one of this machine. Leave --host out for this machine only`
    : cause instanceof Deno.errors.PermissionDenied
    ? `Port ${port} needs rights that this program does not have. Choose one above 1023 with --port N`
    : undefined;
  return reason === undefined ? cause : new AppError("SERVE_ADDRESS", reason, { cause });
}

function noAccounts(hostname: string): AppError {
  return new AppError(
    "SERVE_ADDRESS",
    `Others could reach "${hostname}", and there is no account yet: whoever came first would own this ` +
      "CrewAgent. Make an account first: crewagent user add NAME",
  );
}
