// The whole application in this process, over a real store in a temporary folder, and browsers that
// keep cookies and read the CSRF token from the page. No socket.

import { createApp } from "../../../builder/app.ts";
import { allowedHosts } from "../../../builder/http/allowed_hosts.ts";
import { EventStreams } from "../../../builder/http/event_stream.ts";
import { openLiveDrafts } from "../../../builder/open_live_drafts.ts";
import { openLiveRuns } from "../../../builder/open_live_runs.ts";
import { openProjects } from "../../../builder/projects.ts";
import type { Services } from "../../../builder/services.ts";
import { openTrials } from "../../../builder/settings/trials.ts";
import type { Store } from "../../../builder/store/store.ts";
import type { User } from "../../../builder/store/user.ts";
import { openCheapStore } from "../store/temporary_store.ts";

/** Where the application believes to be. */
export const ORIGIN = "http://127.0.0.1:7717";
/** What `/control/` wants to see. */
export const CONTROL_TOKEN = "control-token-of-the-tests";
/** Good for every account. */
export const PASSWORD = "correct horse";

/** An application and what a test may look at behind it. */
export interface AppUnderTest {
  readonly store: Store;
  /** Where the store is. */
  readonly dataDir: string;
  readonly services: Services;
  /** What went to the server's log. */
  readonly log: string[];
  /** Sends a request as it is, from `203.0.113.7` unless told. */
  send(path: string, init?: RequestInit, remoteAddress?: string): Promise<Response>;
  /** A browser without cookies. */
  browser(): Browser;
  /** A browser with a session of its own; the account is made if it is not there. The first one is the owner's. */
  signedIn(username: string): Promise<Browser>;
}

/** A browser as the server sees it. */
export interface Browser {
  readonly cookies: Map<string, string>;
  /** The token of the page that was seen last. */
  csrf: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Sends a form from a page of ours, with the CSRF token. */
  post(path: string, fields?: Fields, headers?: Record<string, string>): Promise<Response>;
  /** Sends a request with the cookies and nothing else. */
  send(path: string, init?: RequestInit): Promise<Response>;
}

/** The fields of a form; one with a file is sent as multipart. */
export type Fields = Readonly<Record<string, string | File>>;

/** Runs a test against a fresh application. */
export async function withApp(test: (app: AppUnderTest) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "crewagent-app-" });
  const dataDir = `${folder}/data`;
  const store = await openCheapStore(dataDir);
  const log: string[] = [];
  const projects = openProjects(store.settings, dataDir);
  const services: Services = {
    store,
    liveDrafts: openLiveDrafts(store),
    liveRuns: openLiveRuns({ store, projects, dataDir, log: (line) => log.push(line) }),
    projects,
    trials: openTrials(),
    streams: new EventStreams(),
    config: {
      dataDir,
      isAllowedHost: allowedHosts({ hostname: "127.0.0.1", extra: ["crew.example"] }),
      port: 7717,
      controlToken: CONTROL_TOKEN,
      log: (line) => log.push(line),
      now: () => new Date(),
    },
  };
  const app = createApp(services);
  const send: AppUnderTest["send"] = async (path, init, remoteAddress = "203.0.113.7") =>
    await app.fetch(new Request(new URL(path, ORIGIN), init), { remoteAddress });
  const browser = () => newBrowser(send);
  const signedIn = async (username: string) => await signIn({ store, browser }, username);
  try {
    await test({ store, dataDir, services, log, send, browser, signedIn });
  } finally {
    services.streams.closeAll();
    await services.trials.close();
    await services.liveRuns.close();
    projects.close();
    await store.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function signIn(
  { store, browser }: Pick<AppUnderTest, "store" | "browser">,
  username: string,
): Promise<Browser> {
  const { userId } = await store.users.findByName(username) ?? await newAccount(store, username);
  const { sessionId } = await store.sessions.create(userId);
  const visitor = browser();
  visitor.cookies.set("crewagent_session_7717", sessionId);
  await visitor.get("/packages");
  return visitor;
}

async function newAccount({ users }: Store, username: string): Promise<User> {
  const credentials = { username, password: PASSWORD };
  return await users.count() === 0
    ? await users.createOwner(credentials)
    : await users.createMember(credentials);
}

/** A browser without cookies, whose requests go through `send`. */
export function newBrowser(
  send: (path: string, init?: RequestInit) => Promise<Response>,
  origin = ORIGIN,
): Browser {
  const cookies = new Map<string, string>();
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (cookie !== "") headers.set("cookie", cookie);
    const response = await send(path, { ...init, headers });
    keepCookies(response, cookies);
    return response;
  };
  return {
    cookies,
    csrf: "",
    send: ask,
    async get(path, headers = {}) {
      const response = await ask(path, {
        headers: { "sec-fetch-site": "same-origin", ...headers },
      });
      const page = await response.clone().text();
      this.csrf = /<meta name="csrf" content="([^"]*)"/.exec(page)?.[1] ?? this.csrf;
      return response;
    },
    async post(path, fields = {}, headers = {}) {
      return await ask(path, {
        method: "POST",
        body: bodyOf({ csrf: this.csrf, ...fields }),
        headers: { origin, "sec-fetch-site": "same-origin", ...headers },
      });
    },
  };
}

function keepCookies(response: Response, cookies: Map<string, string>): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = ""] = line.split(";", 1);
    const [name = "", value = ""] = pair.split("=", 2);
    if (/max-age=0\b/i.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  }
}

function bodyOf(fields: Fields): FormData | URLSearchParams {
  const isText = (value: string | File): value is string => typeof value === "string";
  if (Object.values(fields).every(isText)) {
    return new URLSearchParams(fields as Readonly<Record<string, string>>);
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

/** The id at the end of a redirect to a package. */
export function packageIdOf(response: Response): string {
  const location = response.headers.get("location") ?? "";
  return /^\/packages\/([a-z0-9]+)/.exec(location)?.[1] ?? `no package in "${location}"`;
}
