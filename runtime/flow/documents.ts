// The port to documents: Markdown files that agents read and write. The backend is `file_documents.ts`.

/** A document. Times are ISO strings. */
export interface FlowDocument {
  readonly id: string;
  /** Markdown without the bookkeeping (`created_at`, `updated_at`) that the file may carry. */
  readonly content: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Strong and quoted, as in HTTP; depends on the content alone. */
  readonly etag: string;
}

/** What a list shows of a document. */
export type DocumentEntry = Omit<FlowDocument, "content">;

/** Documents by id (`checkDocumentId`). Written atomically: a crash leaves the old one or the new one. */
export interface Documents {
  /** `undefined` if there is none. */
  read(id: string): Promise<FlowDocument | undefined>;
  /**
   * Writes a document; `created_at` stays.
   * @param ifMatch etag it must have, `*` for any; `undefined` for no condition
   * @throws AppError `FLOW_DOC_CONFLICT` if it has another, or none
   */
  write(id: string, content: string, ifMatch?: string): Promise<FlowDocument>;
  exists(id: string): Promise<boolean>;
  /** Without reading more than it must; `undefined` if there is none. */
  etag(id: string): Promise<string | undefined>;
  /** Sorted by id. */
  list(): Promise<readonly DocumentEntry[]>;
}

/**
 * The tags of an `If-Match` or `If-None-Match`. A server that compresses marks ours as weak (`W/"…"`) on
 * its way out; that they depend on the content alone makes them as good as before on their way back.
 */
export function readEtags(header: string): readonly string[] {
  return header.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
}
