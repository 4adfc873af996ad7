// Texts of the page of assets.
import type { TextArea } from "./texts.ts";

/** Texts of the page of assets. */
export const assetTexts = {
  title: "Assets",
  lead:
    "Templates, checklists, data and images that agents read. Text and common images; 1 MiB a file, 20 MiB and 500 files in all.",
  usage: (files: number, size: string) =>
    `${files} ${files === 1 ? "file" : "files"}, ${size} of 20 MiB`,
  upload: "Upload",
  uploadChoose: "Files to upload",
  uploadSend: "Upload the chosen files",
  folder: "Folder",
  replace: "Replace files that are there",
  drop: "Drop files to upload them",
  emptyTitle: "No assets yet",
  empty: "Upload files, drop them here, or begin with an empty text.",
  newFile: "New text file",
  newPath: "Path of the new file",
  create: "Create",
  path: "File",
  size: "Size",
  open: "Open",
  actionsOf: (path: string) => `Actions for ${path}`,
  rename: "Rename",
  renameTo: "New path",
  renameOf: (path: string) => `New path of ${path}`,
  delete: "Delete",
  download: "Download",
  undo: "Undo",
  uploaded: (number: number) => `${number} ${number === 1 ? "file was" : "files were"} uploaded.`,
  refused: "Not uploaded:",
  exists: (path: string) =>
    `There is a file “${path}” already. Tick “Replace files that are there” to put yours in its place.`,
  tooLarge: (path: string, bytes: number) =>
    `“${path}” has ${bytes} bytes; a file has 1 MiB (1,048,576 bytes) at most.`,
  nameUnsafe: (name: string) =>
    `“${name}” cannot be a file's name here. Use letters, digits, dots, hyphens and underscores.`,
  imageOf: (path: string) => `Image ${path}`,
  failed: "That was not done:",
} satisfies TextArea;
