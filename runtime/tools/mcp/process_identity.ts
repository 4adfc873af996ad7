// Which process a pid means. Pids are used again, so a pid alone is never enough to kill by.
// Deno itself may not read /proc, hence the small programs.

/** The variable that marks a server and all that it starts, whatever group they move to. */
export const MARKER_VARIABLE = "CREWAGENT_MCP_SERVER";

/**
 * A text that no other process of this machine ever had or will have under this pid: boot and start
 * time. `undefined` if there is no such process, or no way to tell.
 */
export async function identityOf(pid: number): Promise<string | undefined> {
  if (Deno.build.os === "linux") {
    const text = await output("cat", ["/proc/sys/kernel/random/boot_id", `/proc/${pid}/stat`]);
    // The name of the program is in parentheses and may hold anything, hence the last one.
    const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const startTicks = fields[18];
    // A zombie has ended; nothing is left to kill.
    if (startTicks === undefined || state === "Z") return undefined;
    return `${text.slice(0, text.indexOf("\n"))} ${startTicks}`;
  }
  const text = Deno.build.os === "windows"
    ? await output("powershell", [
      "-NoProfile",
      "-Command",
      `(Get-Process -Id ${pid}).StartTime.Ticks`,
    ])
    : await output("ps", ["-o", "lstart=", "-p", String(pid)]);
  return text.trim() || undefined;
}

/** Processes that carry a marker in their environment. Linux only; elsewhere none are found. */
export async function findMarked(marker: string): Promise<number[]> {
  if (Deno.build.os !== "linux") return [];
  const script = 'grep -lzsxF -e "$1" /proc/[0-9]*/environ';
  const found = await output("sh", ["-c", script, "sh", `${MARKER_VARIABLE}=${marker}`]);
  return found.split("\n").flatMap((path) => /^\/proc\/(\d+)\//.exec(path)?.[1] ?? []).map(Number);
}

/** Ends a process group at once (on Windows a process with its children); one that is gone is fine. */
export async function killGroup(pid: number): Promise<void> {
  if (Deno.build.os === "windows") {
    await output("taskkill", ["/T", "/F", "/PID", String(pid)]);
    return;
  }
  signal(-pid, "SIGKILL");
}

/** Asks a process group to end; one that is gone is fine. Windows has no such thing. */
export function terminateGroup(pid: number): void {
  if (Deno.build.os !== "windows") signal(-pid, "SIGTERM");
}

/** Ends whatever carries a marker, also what left the group of its server. */
export async function killMarked(marker: string): Promise<void> {
  // What is killed may have been starting another one; a second look finds it.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const pids = await findMarked(marker);
    if (pids.length === 0) return;
    for (const pid of pids) signal(pid, "SIGKILL");
  }
}

const MAX_ROUNDS = 5;

function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** What a program prints; empty if it is missing or fails. */
async function output(command: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout);
  } catch {
    return "";
  }
}
