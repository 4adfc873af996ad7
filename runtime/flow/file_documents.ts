// Documents as Markdown files in one folder, `{id}.md`, each with its times in front matter.
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError, messageOf } from "../../schemas/error.ts";
import { type DocumentEntry, type Documents, type FlowDocument, readEtags } from "./documents.ts";
import { checkDocumentId } from "./flow_id.ts";
import type { StoryFences } from "./story_fence.ts";
import { type FileState, openDraft, stateOf } from "./file_draft.ts";
import { isFileError } from "./synced_file.ts";

/** Where documents lie. */
export interface FileDocumentsOptions {
  /** Made when the first document is written. */
  readonly folder: string;
  /** Those of the lock, so that a story that lost it cannot write. */
  readonly fences?: StoryFences;
  /** After how long the lock of a writer counts as that of a dead process; 15 s unless told. */
  readonly lockStaleMs?: number;
}

/** Bytes of a document that we read; what agents write is far smaller. */
const MAX_BYTES = 16 * 1024 * 1024;
// The lines that we write ourselves and no others: a person's own front matter is content.
const HEAD = /^---\ncreated_at: "?([^"\n]+)"?\nupdated_at: "?([^"\n]+)"?\n---\n\n?/;
const NOFOLLOW = constants.O_NOFOLLOW ?? 0;

/** Other processes that change a document just then; each time it is compared anew. */
const MAX_TRIES = 20;

/**
 * Opens documents in a folder. Links are not followed and special files not read: they are no documents.
 * Of two writers with the same `ifMatch` one wins, also of two processes that share the folder.
 */
export function openFileDocuments(
  { folder, fences, lockStaleMs }: FileDocumentsOptions,
): Documents {
  const writing = new Map<string, Promise<unknown>>();
  const pathOf = (id: string) => join(folder, `${id}.md`);

  const read = (given: string): FlowDocument | undefined => {
    const id = checkDocumentId(given);
    return withFile(pathOf(id), (file) => readDocument(id, file));
  };

  const replace = async (id: string, content: string, ifMatch: string | undefined) => {
    const etag = etagOf(content);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const seen = stateOf(pathOf(id));
      const current = seen === undefined ? undefined : read(id);
      if (ifMatch !== undefined) checkMatch(id, { current, ifMatch });
      const now = new Date().toISOString();
      const createdAt = current?.createdAt ?? now;
      const document: FlowDocument = { id, content, createdAt, updatedAt: now, etag };
      // Without a condition the last one wins, as ever.
      const expected = ifMatch === undefined ? undefined : seen;
      if (await publish(document, expected)) return document;
    }
    const message = `Document "${id}" is written by others all the time; try again later`;
    throw new AppError("FLOW_DOC_CONFLICT", message);
  };

  const publish = async (document: FlowDocument, expected: FileState | undefined) => {
    const { id } = document;
    const fence = fences?.ofDocument(id);
    try {
      const draft = await openDraft(pathOf(id), textOf(document));
      return await draft.publish({ expected, lockStaleMs, check: () => fence?.assertHeld() });
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      const message = `Writing document "${id}" failed: ${reasonOf(cause)}`;
      throw new AppError("FILE_WRITE_FAILED", message, { cause });
    }
  };

  return {
    read: (id) => settle(() => read(id)),
    async write(given, content, ifMatch) {
      const id = checkDocumentId(given);
      const before = writing.get(id) ?? Promise.resolve();
      const turn = before.then(() => replace(id, content, ifMatch));
      const settled = turn.catch(() => undefined);
      writing.set(id, settled);
      try {
        return await turn;
      } finally {
        if (writing.get(id) === settled) writing.delete(id);
      }
    },
    exists: (id) => settle(() => withFile(pathOf(checkDocumentId(id)), () => true) ?? false),
    etag: (id) => settle(() => read(id)?.etag),
    async list() {
      const ids = (await namesIn(folder)).flatMap(idOfName).sort();
      const entries: DocumentEntry[] = [];
      for (const id of ids) {
        const document = read(id);
        if (document === undefined) continue;
        const { content: _, ...entry } = document;
        entries.push(entry);
      }
      return entries;
    },
  };
}

/** What is quick on a disk, as a promise that rejects instead of throwing. */
async function settle<T>(work: () => T): Promise<T> {
  return await work();
}

/**
 * Runs `work` on a regular file; `undefined` where there is none by that name, or only a link. What was
 * opened is compared with what the name stands for: Deno leaves out `O_NOFOLLOW` where its rights are
 * not all granted, and a link may have come in between.
 */
function withFile<T>(path: string, work: (file: number) => T): T | undefined {
  const named = orAbsent(() => lstatSync(path));
  if (!named?.isFile()) return undefined;
  // Non-blocking: never waits for the other end of a pipe.
  const flags = constants.O_RDONLY | NOFOLLOW | (constants.O_NONBLOCK ?? 0);
  const file = orAbsent(() => openSync(path, flags));
  if (file === undefined) return undefined;
  try {
    const opened = fstatSync(file);
    const isNamed = opened.ino === named.ino && opened.dev === named.dev;
    return isNamed && opened.isFile() ? work(file) : undefined;
  } finally {
    closeSync(file);
  }
}

function orAbsent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (thrown) {
    const absent = ["ENOENT", "ELOOP", "EISDIR", "ENXIO", "ENOTDIR"];
    if (absent.some((code) => isFileError(thrown, code))) return undefined;
    throw new AppError("INTERNAL", `Reading a document failed: ${reasonOf(thrown)}`, {
      cause: thrown,
    });
  }
}

function readDocument(id: string, file: number): FlowDocument {
  const { size, birthtime, mtime } = fstatSync(file);
  if (size > MAX_BYTES) {
    throw new AppError("BODY_TOO_LARGE", `Document "${id}" has ${size} bytes; at most 16 MiB`);
  }
  const text = readFileSync(file, "utf8");
  const head = HEAD.exec(text);
  const content = head === null ? text : text.slice(head[0].length);
  return {
    id,
    content,
    createdAt: timeOf(head?.[1]) ?? (birthtime ?? mtime).toISOString(),
    updatedAt: timeOf(head?.[2]) ?? mtime.toISOString(),
    etag: etagOf(content),
  };
}

function textOf({ createdAt, updatedAt, content }: FlowDocument): string {
  return `---\ncreated_at: ${createdAt}\nupdated_at: ${updatedAt}\n---\n\n${content}`;
}

function timeOf(text: string | undefined): string | undefined {
  const time = new Date(text ?? "");
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function etagOf(content: string): string {
  return `"${createHash("sha256").update(content).digest("hex").slice(0, 32)}"`;
}

function checkMatch(
  id: string,
  { current, ifMatch }: { current: FlowDocument | undefined; ifMatch: string },
): void {
  const wanted = readEtags(ifMatch);
  if (current !== undefined && (wanted.includes("*") || wanted.includes(current.etag))) return;
  throw new AppError(
    "FLOW_DOC_CONFLICT",
    current === undefined
      ? `Document "${id}" does not exist, so it is not the one you saw (If-Match)`
      : `Document "${id}" was changed since you saw it: read it again and write with If-Match ${current.etag}`,
    { details: { etag: current?.etag ?? null } },
  );
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (thrown) {
    if (isFileError(thrown, "ENOENT")) return [];
    throw new AppError("INTERNAL", `Listing documents failed: ${reasonOf(thrown)}`, {
      cause: thrown,
    });
  }
}

/** Files that no id leads to are not ours. */
function idOfName(name: string): readonly string[] {
  if (!name.endsWith(".md")) return [];
  try {
    const id = checkDocumentId(name);
    return `${id}.md` === name ? [id] : [];
  } catch {
    return [];
  }
}

/** The system's word for it, without the path of this machine. */
function reasonOf(thrown: unknown): string {
  if (isFileError(thrown, "ENOSPC")) return "the disk is full";
  const [code] = /^[A-Z0-9_]+\b/.exec(messageOf(thrown)) ?? [];
  return code ?? "the file system refused";
}
