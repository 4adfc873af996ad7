// The real application over a store in a temporary folder, with one signed-in account: for tests and
// measurements of the editor in a browser, which need neither the sign-in pages nor the executable.
import { createApp } from "../../../builder/app.ts";
import { EventStreams } from "../../../builder/http/event_stream.ts";
import { sessionCookie } from "../../../builder/http/session.ts";
import { openLiveDrafts } from "../../../builder/open_live_drafts.ts";
import { openLiveRuns } from "../../../builder/open_live_runs.ts";
import { openProjects } from "../../../builder/projects.ts";
import type { Services } from "../../../builder/services.ts";
import { openTrials } from "../../../builder/settings/trials.ts";
import type { PackageFiles } from "../../../runtime/package/archive.ts";
import { openCheapStore } from "../../builder/store/temporary_store.ts";

/** A server with one account. */
export interface EditorServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** The cookie that the account is signed in by. */
  readonly cookie: { readonly name: string; readonly value: string; readonly url: string };
  readonly services: Services;
  readonly userId: string;
  /** What the server logged: empty if nothing failed. */
  readonly logged: readonly string[];
  /** Puts a package there; returns its id. */
  addPackage(files: PackageFiles): Promise<string>;
}

/** Starts a server on a free port. */
export async function startEditorServer(): Promise<EditorServer> {
  const folder = await Deno.makeTempDir({ prefix: "crewagent-editor-" });
  const store = await openCheapStore(folder);
  const streams = new EventStreams();
  const logged: string[] = [];
  let handle: (request: Request, address: Deno.NetAddr) => Response | Promise<Response> = () =>
    new Response(null, { status: 503 });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, { remoteAddr }) => handle(request, remoteAddr),
  );
  const { port } = server.addr;
  const projects = openProjects(store.settings, folder);
  const log = (line: string) => logged.push(line);
  const liveRuns = openLiveRuns({ store, projects, dataDir: folder, log });
  const services: Services = {
    store,
    trials: openTrials(),
    liveDrafts: openLiveDrafts(store),
    liveRuns,
    projects,
    streams,
    config: {
      dataDir: folder,
      isAllowedHost: (name) => name === "127.0.0.1",
      port,
      controlToken: crypto.randomUUID(),
      log,
      now: () => new Date(),
    },
  };
  const app = createApp(services);
  handle = (request, { hostname }) => app.fetch(request, { remoteAddress: hostname });
  const { userId } = await store.users.createOwner({ username: "ada", password: "correct horse" });
  const session = await store.sessions.create(userId);
  const origin = `http://127.0.0.1:${port}`;
  const [pair = ""] = sessionCookie(new Request(origin), session, services.config).split(";");
  const [name = "", value = ""] = pair.split("=");
  return {
    origin,
    cookie: { name, value, url: origin },
    services,
    userId,
    logged,
    async addPackage(files) {
      return (await store.packages.create(userId, files)).packageId;
    },
    async [Symbol.asyncDispose]() {
      streams.closeAll();
      await server.shutdown();
      await liveRuns.close();
      await store.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
