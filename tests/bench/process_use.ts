// What a process takes of the machine, by /proc. Deno itself would want all rights for these files.

/** A file of /proc. */
export function systemFile(path: string): string {
  return new TextDecoder().decode(new Deno.Command("cat", { args: [path] }).outputSync().stdout);
}

/** The load of the machine over 1, 5 and 15 minutes. */
export function loadOfMachine(): string {
  return systemFile("/proc/loadavg").split(" ").slice(0, 3).join(" ");
}

/** Resident memory in MB, and how much of it is the program's own (not its file's pages). */
export function memoryOf(pid: number): { readonly resident: number; readonly own: number } {
  const status = systemFile(`/proc/${pid}/status`);
  const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
  return { resident: kilobytes("VmRSS") / 1024, own: kilobytes("RssAnon") / 1024 };
}

const TICK_MS = 10;

/** Processor time that a process has taken in all its threads; ms. What others do is not in it. */
export function processorMs(pid: number): number {
  const fields = systemFile(`/proc/${pid}/stat`).replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
