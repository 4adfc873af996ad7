// A package while one edit changes it: files that are written over those of the draft, and what of
// them has to agree. Only inside `applyEdit`; nothing of it outlives the edit.
import type { PackageFiles } from "../../runtime/package/archive.ts";
import { PathRegistry, unsafePathReason } from "../../runtime/package/entry_path.ts";
import { type Draft, type DraftListing, openDraft } from "./draft.ts";
import { isSameBytes } from "./file_bytes.ts";
import { type JsonObject, writeJsonObject } from "./json_document.ts";
import { encoded, type MarkdownFile } from "./markdown_file.ts";
import { conflicting, refused } from "./refusal.ts";

/** The changing package. */
export class WorkingCopy {
  readonly #files: Map<string, Uint8Array>;
  readonly #written = new Set<string>();
  #draft: Draft | undefined;
  #changes: Map<string, Uint8Array | null> | undefined;
  /** Of the files that are there; made when a new path has to be judged. */
  #registry: PathRegistry | undefined;
  /** Nodes that the edit makes. */
  readonly newNodeIds: string[] = [];

  constructor(readonly before: Draft, readonly newId: () => string) {
    this.#files = new Map(before.files);
    this.#draft = before;
  }

  get files(): PackageFiles {
    return this.#files;
  }

  /** The package as it is now. */
  get draft(): Draft {
    return this.#draft ??= openDraft(new Map(this.#files));
  }

  write(path: string, bytes: Uint8Array): void {
    if (!this.#files.has(path)) this.#refusePath(path);
    this.#files.set(path, bytes);
    this.#written.add(path);
    this.#forget();
  }

  /** What was read of the files is out of date. */
  #forget(): void {
    this.#draft = undefined;
    this.#changes = undefined;
  }

  writeText(path: string, text: string): void {
    this.write(path, encoded(text));
  }

  writeJson(path: string, value: JsonObject): void {
    this.write(path, writeJsonObject(value));
  }

  /** Writes a Markdown file unless it is as it was. */
  writeMarkdown(path: string, before: MarkdownFile | undefined, file: MarkdownFile): void {
    if (before?.text !== file.text) this.writeText(path, file.text);
  }

  remove(path: string): void {
    if (!this.#files.delete(path)) return;
    this.#registry = undefined;
    this.#written.add(path);
    this.#forget();
  }

  #refusePath(path: string): void {
    const reason = unsafePathReason(path);
    if (reason !== undefined) throw refused(`The path ${JSON.stringify(path)} ${reason}`);
    try {
      this.#registry ??= registryOf(this.#files.keys());
      this.#registry?.addFile(path);
    } catch (thrown) {
      throw refused(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  /** A path that is free on every system: the wanted one, or with the first number that is free. */
  freePath(stem: string, extension: string): string {
    const taken = new Set(Array.from(this.#files.keys(), (path) => path.toLowerCase()));
    const folders = new Set(Array.from(taken, (path) => path.slice(0, path.lastIndexOf("/"))));
    const isTaken = (path: string) => taken.has(path) || folders.has(path);
    let path = stem + extension;
    for (let number = 2; isTaken(path.toLowerCase()); number++) {
      path = `${stem}-${number}${extension}`;
    }
    return path;
  }

  /** @throws AppError `EDIT_CONFLICT` if there is no such workflow (any more) */
  listing(workflowId: string): DraftListing {
    const listing = this.draft.workflows.find(({ id }) => id === workflowId);
    if (listing) return listing;
    throw conflicting(`There is no workflow "${workflowId}" any more; load the package anew`);
  }

  /** What differs from the draft before. A file that came out the same has not changed. */
  changes(): ReadonlyMap<string, Uint8Array | null> {
    return this.#changes ??= this.#compare();
  }

  #compare(): Map<string, Uint8Array | null> {
    const changes = new Map<string, Uint8Array | null>();
    for (const path of this.#written) {
      const [old, now] = [this.before.files.get(path), this.#files.get(path)];
      if (now === undefined) {
        if (old !== undefined) changes.set(path, null);
      } else if (old === undefined || !isSameBytes(old, now)) changes.set(path, now);
    }
    return changes;
  }
}

/** `undefined` if paths clash already: what was there before is the checker's business. */
function registryOf(paths: Iterable<string>): PathRegistry | undefined {
  const registry = new PathRegistry("The package");
  try {
    for (const path of paths) registry.addFile(path);
    return registry;
  } catch {
    return undefined;
  }
}
