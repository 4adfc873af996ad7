// Texts of the projects and their files.
import type { TextArea } from "./texts.ts";

/** Texts of the projects and their files. */
export const projectTexts = {
  title: "Projects",
  lead: "A project is a folder on the machine that the server runs on. Runs read and write it.",
  leadMember:
    "A project is a folder on the machine that the server runs on. You can use those that its owner shares.",
  open: "Open",
  openPath: "Path of the folder",
  browse: "Browse",
  none: "No project yet",
  noneHint: "Open a folder by its path, or look for it. Nothing in it is changed by that.",
  noneMember: "The owner of this installation has not shared a folder yet.",
  folder: "Folder",
  used: "Last used",
  never: "Not yet",
  runs: (count: number) => count === 1 ? "1 run" : `${count} runs`,
  shared: "Shared",
  missing: "Not found",
  forget: "Forget",
  forgetNamed: (name: string) => `Forget ${name}`,
  forgetHint: "Takes it out of this list. The folder and its runs stay.",
  forgotten: "Taken out of the list. The folder is as it was.",

  foldersTitle: "Choose a folder",
  foldersLead: "Folders of the machine that the server runs on. Hidden ones are left out.",
  foldersUp: "Up",
  foldersUse: "Use this folder",
  foldersOpen: "Open as a project",
  foldersEmpty: "There are no folders in here.",
  foldersGo: "Go",
  foldersPath: "Path",
  sharedTitle: "Shared with every account",
  sharedHint:
    "Others may open these folders with all that lies in them, change files, and run packages on them.",
  share: "Share this folder",
  unshare: "Share no more",
  sharedNone: "No folder is shared.",

  start: "Start a run here",
  files: "Files",
  openFolder: (name: string) => `Show what is in ${name}`,
  closeFolder: (name: string) => `Hide what is in ${name}`,
  more: (count: number) => `${count.toLocaleString("en")} more`,
  earlier: "From the beginning",
  emptyFolder: "Nothing in here",
  unusable: "This name cannot be used here, or it is a link that leads elsewhere.",
  artifacts: "Artifacts",
  artifactsNone: "No artifacts yet",
  artifactsNoneHint: "What runs make is kept in the folder “artifacts”.",
  runsTitle: "Runs",
  runsNone: "Nothing has run here yet.",
  runsAll: (count: number) => count === 1 ? "The run here" : `All ${count} runs here`,
  bin: "Bin",

  root: "Project folder",
  name: "Name",
  size: "Size",
  changed: "Changed",
  actions: "Actions",
  entries: (from: number, to: number, total: number) =>
    `${from.toLocaleString("en")} to ${to.toLocaleString("en")} of ${total.toLocaleString("en")}`,
  next: "Next",
  previous: "Previous",
  newFile: "New file",
  newFolder: "New folder",
  newName: "Name",
  newNameHint: "Slashes make folders: “notes/today.md”.",
  create: "Create",
  rename: "Rename",
  renameNamed: (name: string) => `Rename ${name}`,
  renameTo: "New path in the project",
  renameHint: "Another folder moves it there. What is there already is never replaced.",
  delete: "Delete",
  deleteNamed: (name: string) => `Delete ${name}`,
  cancel: "Cancel",

  writtenBy: "Last written by",
  changedSince: "changed since",
  whoWrote: "Who wrote which line",

  edit: "Edit",
  download: "Download",
  lines: (from: number, to: number, total: number) =>
    total === 0
      ? "No lines"
      : `Lines ${from.toLocaleString("en")} to ${to.toLocaleString("en")} of ${
        total.toLocaleString("en")
      }`,
  lineCut: "These lines are too long to be shown whole. Download the file to see them.",
  damaged:
    "This is not UTF-8 everywhere; bytes that cannot be read show as �. It cannot be edited here.",
  views: "How it is shown",
  asText: "Text",
  asRendered: "Rendered",
  asTable: "Table",
  asJson: "Laid out",
  asImage: "Image",
  jsonFault: "This is no JSON, so it is shown as it is.",
  tooLargeFor: "It is too large to be shown so; here is its text.",
  rows: (from: number, to: number, total: number) =>
    total === 0
      ? "No rows"
      : `Rows ${from.toLocaleString("en")} to ${to.toLocaleString("en")} of ${
        total.toLocaleString("en")
      }`,
  columns: (count: number) => count === 1 ? "1 column" : `${count} columns`,
  columnsCut: (shown: number, total: number) => `The first ${shown} of ${total} columns are shown.`,
  row: "Row",
  binary: (type: string) => `This is ${type}, not text. Download it to open it.`,
  device: "This is a device, a pipe or a socket. It is not opened here.",
  imageOf: (name: string) => `Image ${name}`,
  picture: (alt: string) => `Picture: ${alt}`,
  fileText: (path: string) => `Text of ${path}`,

  editTitle: (path: string) => `Edit ${path}`,
  save: "Save",
  saved: "Saved.",
  editHint: "Line ends, byte order mark and what you leave alone stay as they are in the file.",
  notEditable: "This file is no UTF-8 text, so it can only be looked at and downloaded.",
  tooLargeToEdit: "This file is larger than 1 MiB, so it can only be looked at and downloaded.",
  conflict:
    "The file was changed since you opened it, by a run or in another window. Nothing is lost: your text is below, and here is how it differs from the file as it is now (− the file, + yours).",
  conflictGone:
    "The file was deleted or renamed since you opened it. Your text is below; saving makes the file again.",
  conflictMine: "Save mine in its place",
  conflictTheirs: "Look at the file as it is now",

  deleted: (path: string) => `“${path}” is in the bin.`,
  undo: "Undo",
  restored: (path: string) => `“${path}” is back.`,
  renamed: (path: string) => `It is “${path}” now.`,
  made: (path: string) => `“${path}” is made.`,
  binLead: "What was deleted from this project in the last 30 days.",
  binNone: "Nothing was deleted.",
  binFiles: (count: number) => count === 1 ? "1 file" : `${count} files`,
  restore: "Restore",
  restoreNamed: (path: string) => `Restore ${path}`,
} satisfies TextArea;
