// What the API says of projects and their files, as JSON Schemas.
import {
  count,
  flag,
  type JsonSchema,
  list,
  orNull,
  record,
  ref,
  sha256,
  text,
  time,
} from "./json_schema.ts";

/** Schemas of the answers, by the names under which others refer to them. */
export const PROJECT_COMPONENTS: Readonly<Record<string, JsonSchema>> = {
  Project: record({
    projectId: text(),
    name: text(),
    path: text({ description: "On the machine that the server runs on." }),
    usedAt: { ...orNull(time), description: "When this account last used it." },
    isShared: { ...flag, description: "Every account may use it." },
    isMissing: { ...flag, description: "There is no such folder any more." },
    runCount: count,
  }),
  FolderListing: record({ path: text(), parent: orNull(text()), folders: list(text()) }),
  ProjectEntry: record({
    path: text(),
    name: text(),
    kind: text({ enum: ["file", "folder", "link", "other"] }),
    sizeBytes: orNull(count),
    modifiedAt: orNull(time),
    isUsable: {
      ...flag,
      description: "False for a link that leads elsewhere, or a name that no path can hold.",
    },
  }),
  ProjectEntries: record({ entries: list(ref("ProjectEntry")), total: count }),
  ProjectFile: record({ path: text(), sizeBytes: count, sha256 }),
  DeletedEntry: record({
    deletedId: text(),
    path: text(),
    kind: text({ enum: ["file", "folder"] }),
    fileCount: count,
    sizeBytes: count,
    deletedAt: time,
  }),
};
