// What `crewagent doctor` says about the data folder: whether it can be used, who can read it, what
// it lies on.
import { dirname, join } from "node:path";
import { messageOf } from "../../schemas/error.ts";
import type { SandboxTools } from "../sandbox/sandbox_tools.ts";
import { readDisk } from "../sandbox/disk_space.ts";
import type { Check } from "./doctor_checks.ts";

/** Files that may hold keys or tokens. */
const PRIVATE_FILES = ["mcp.json", "profiles.json"];

const LEAST_FREE_BYTES = 1_000_000_000;
const TOO_FEW_FREE_BYTES = 20_000_000;

/** Lines about the data folder; leaves nothing in it, and does not make it. */
export function checkDataFolder(dataDir: string, tools: SandboxTools): readonly Check[] {
  const place = nearestFolder(dataDir, tools);
  const fault = faultOfWriting(place);
  if (fault !== undefined) {
    return [{
      name: "Data folder",
      state: "broken",
      text: `${dataDir} cannot be written: ${fault}`,
      advice: "Give yourself the right to write there, or name another with CREWAGENT_HOME",
    }];
  }
  const text = place === dataDir ? dataDir : `${dataDir}, made by the first run`;
  return [
    { name: "Data folder", state: "good", text },
    ...checkPrivacy(dataDir),
    ...checkDisk(place, tools),
  ];
}

/** The folder itself, or what it would be made in. */
function nearestFolder(path: string, tools: SandboxTools): string {
  const isEnd = tools.kindOf(path) !== undefined || dirname(path) === path;
  return isEnd ? path : nearestFolder(dirname(path), tools);
}

/** Writes, locks and syncs a file as a run does, and removes it. */
function faultOfWriting(folder: string): string | undefined {
  const path = join(folder, `.crewagent-${crypto.randomUUID()}.tmp`);
  try {
    using file = Deno.openSync(path, { createNew: true, write: true, mode: 0o600 });
    try {
      if (!file.tryLockSync(true)) return "its file system cannot lock files";
      file.writeSync(new Uint8Array(1));
      file.syncSync();
    } finally {
      Deno.removeSync(path);
    }
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

function checkPrivacy(dataDir: string): readonly Check[] {
  return PRIVATE_FILES.flatMap((name): Check[] => {
    const path = join(dataDir, name);
    const mode = modeOf(path);
    if (mode === null || (mode & 0o077) === 0) return [];
    return [{
      name: "Secrets",
      state: "warning",
      text: `${name} may hold keys, and other users of this machine can read it`,
      advice: `chmod 600 '${path}'`,
    }];
  });
}

function modeOf(path: string): number | null {
  if (Deno.build.os === "windows") return null;
  try {
    return Deno.statSync(path).mode;
  } catch {
    return null;
  }
}

function checkDisk(folder: string, tools: SandboxTools): readonly Check[] {
  const disk = readDisk(folder, tools);
  if (disk === undefined) return [];
  const { freeBytes, type } = disk;
  const name = "Disk";
  const text = `${(freeBytes / 1e9).toFixed(1)} GB free${type === undefined ? "" : ` on ${type}`}`;
  if (freeBytes < TOO_FEW_FREE_BYTES) {
    return [{ name, state: "broken", text, advice: "Make room: a run keeps everything it does" }];
  }
  if (type !== undefined && /^(nfs|cifs|smb|9p|fuse|sshfs|afs|webdav)/.test(type)) {
    return [{
      name,
      state: "warning",
      text: `${text}, which may lose locks and what was just written`,
      advice: "Keep the data folder on a disk of this machine: --data DIR or CREWAGENT_HOME",
    }];
  }
  if (type === "tmpfs" || type === "ramfs") {
    return [{ name, state: "warning", text: `${text}, in memory: gone when the machine stops` }];
  }
  if (freeBytes < LEAST_FREE_BYTES) {
    return [{ name, state: "warning", text, advice: "Make room before long runs" }];
  }
  return [{ name, state: "good", text }];
}
