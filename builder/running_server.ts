// How commands on this machine find the server that works on a data folder, and talk to it. The file
// that names it can be read only by who can read the data folder.
import { join } from "node:path";
import { writeFileAtomic } from "../runtime/disk/durable.ts";
import { AppError, ERROR_CODES, type ErrorCode } from "../schemas/error.ts";

/** What a server writes down about itself. */
export interface ServerNote {
  /** `http://127.0.0.1:7717`. */
  readonly origin: string;
  /** What a command shows as `Bearer`. */
  readonly controlToken: string;
  readonly pid: number;
}

/** A note that is there as long as its server. */
export interface ServerAnnouncement {
  /** Removes the note, unless another server has written its own since. */
  withdraw(): void;
}

const ANSWER_MS = 30_000;

function notePath(dataDir: string): string {
  return join(dataDir, "server.json");
}

/** Writes down where the server of a data folder is; after a crash the note stays, and is judged by asking. */
export function announceServer(dataDir: string, note: ServerNote): ServerAnnouncement {
  const path = notePath(dataDir);
  writeFileAtomic(path, `${JSON.stringify(note)}\n`);
  return {
    withdraw() {
      if (readNote(dataDir)?.controlToken === note.controlToken) Deno.removeSync(path);
    },
  };
}

/** A server that answers, as a command talks to it. */
export interface ServerClient {
  readonly origin: string;
  /**
   * Asks below `/control/`; the answer's `data`.
   * @throws AppError with the server's code and message
   */
  ask(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown>;
}

/** The server that works on a data folder; undefined if none answers. */
export async function findRunningServer(dataDir: string): Promise<ServerClient | undefined> {
  const note = readNote(dataDir);
  if (!note) return undefined;
  const client: ServerClient = {
    origin: note.origin,
    ask: (method, path, body) => ask(note, { method, path, body }),
  };
  try {
    await client.ask("GET", "/control/server");
    return client;
  } catch {
    // The note of a server that was killed, whose port may be another program's by now.
    return undefined;
  }
}

function readNote(dataDir: string): ServerNote | undefined {
  try {
    const note: unknown = JSON.parse(Deno.readTextFileSync(notePath(dataDir)));
    return isNote(note) ? note : undefined;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound || thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

/** Whoever can write the data folder can lead us anywhere, but owns what the token opens as well. */
function isNote(note: unknown): note is ServerNote {
  if (typeof note !== "object" || note === null) return false;
  const { origin, controlToken } = note as Partial<Record<keyof ServerNote, unknown>>;
  return typeof origin === "string" && typeof controlToken === "string" && URL.canParse(origin);
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

async function ask({ origin, controlToken }: ServerNote, { method, path, body }: Question) {
  const response = await fetch(new URL(path, origin), {
    method,
    redirect: "error",
    headers: { authorization: `Bearer ${controlToken}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const answer: unknown = await response.json();
  const { data, error } = answer as { data?: unknown; error?: { code: string; message: string } };
  if (response.ok) return data;
  const code = error?.code ?? "";
  throw new AppError(isCode(code) ? code : "INTERNAL", error?.message ?? "The server refused");
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
