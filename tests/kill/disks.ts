// Where runs are made: a folder on disk and, where this process may mount one, a tmpfs.
import { join } from "node:path";

/** A folder for runs. */
export interface Disk {
  readonly name: "disk" | "tmpfs";
  readonly dir: string;
}

/** The places of a kill test; on disposal they are gone, with all they hold. */
export interface Disks extends AsyncDisposable {
  readonly dir: string;
  readonly all: readonly Disk[];
  /** Why there is no tmpfs. */
  readonly note?: string;
}

/** Makes a temporary folder and mounts a tmpfs in it if that is allowed. */
export async function openDisks(): Promise<Disks> {
  // The temporary folder may be in memory (.ci/run).
  const parent = Deno.env.get("CREWAGENT_DISK");
  const made = await Deno.makeTempDir({
    prefix: "crewagent-kill-",
    ...(parent && { dir: parent }),
  });
  const dir = await Deno.realPath(made);
  const disk: Disk = { name: "disk", dir: join(dir, "disk") };
  const tmpfs: Disk = { name: "tmpfs", dir: join(dir, "tmpfs") };
  await Deno.mkdir(disk.dir);
  await Deno.mkdir(tmpfs.dir);
  const refusal = await mount(tmpfs.dir);
  return {
    dir,
    all: refusal === undefined ? [disk, tmpfs] : [disk],
    ...(refusal !== undefined && { note: `no tmpfs: ${refusal}` }),
    async [Symbol.asyncDispose]() {
      if (refusal === undefined) await run("umount", [tmpfs.dir]);
      await Deno.remove(dir, { recursive: true });
    },
  };
}

async function mount(dir: string): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return `not on ${Deno.build.os}`;
  return await run("mount", ["-t", "tmpfs", "-o", "size=256m", "crewagent-kill", dir]);
}

/** What the command complained of, or `undefined`. */
async function run(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stderr } = await new Deno.Command(command, { args: [...args] }).output();
    if (success) return undefined;
    const [first = ""] = new TextDecoder().decode(stderr).trim().split("\n");
    return `${command} failed (${first.replace(/\S*\/\S*\s*/, "").trim()})`;
  } catch {
    return `there is no ${command}`;
  }
}
