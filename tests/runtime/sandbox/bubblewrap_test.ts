import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { sandboxFor } from "../../../runtime/sandbox/sandbox.ts";
import { machineTools } from "../../../runtime/sandbox/sandbox_tools.ts";
import { PATIENCE_MS } from "../../patience.ts";
import { endOf, walled } from "./walled_world.ts";

walled("bubblewrap hides the home folder and leaves an empty one to write in", async (world) => {
  const { out, code } = await world.sh("ls -A $HOME; touch $HOME/x && echo written");

  strictEqual(out, "written\n");
  strictEqual(code, 0);
  deepStrictEqual([...Deno.readDirSync(world.home)].map(({ name }) => name), ["secret.txt"]);
});

walled(
  "bubblewrap hides the home folder of who runs CrewAgent, whatever HOME says",
  async (world) => {
    const real = machineTools.home ?? "/";
    const { out } = await world.sh(`ls -A ${real} 2>/dev/null | grep -v '^.npm$'; echo end`);

    strictEqual(out, "end\n");
  },
);

walled("bubblewrap hides the home folder even inside the project", async (world) => {
  const home = join(world.project, "ada");
  await Deno.mkdir(home);
  await Deno.writeTextFile(join(home, "secret.txt"), "secret");
  const sandbox = sandboxFor("linux", { ...machineTools, home });
  const { command, args } = sandbox.wrap("ls", ["-A", "ada", "../home"], {
    projectDir: world.project,
    readOnly: [],
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: world.home },
  });
  const { stdout } = await new Deno.Command(command, { args: [...args] }).output();

  strictEqual(new TextDecoder().decode(stdout), "../home:\n\nada:\n");
});

walled("bubblewrap keeps a configured HOME that lies in the project", async (world) => {
  await Deno.writeTextFile(join(world.project, "own.txt"), "own");
  const env = { PATH: Deno.env.get("PATH") ?? "", HOME: world.project };
  const { out } = await world.sh("cat $HOME/own.txt; touch $HOME/new", { env });

  strictEqual(out, "own");
  strictEqual(machineTools.kindOf(join(world.project, "new")), "file");
});

walled("bubblewrap lets the project be read and written", async (world) => {
  await Deno.writeTextFile(join(world.project, "in.txt"), "in");
  const { out } = await world.sh(
    "cat in.txt; pwd; echo out > out.txt; mkdir -p a/b; mv in.txt a/b",
  );

  strictEqual(out, `in${world.project}\n`);
  strictEqual(await Deno.readTextFile(join(world.project, "out.txt")), "out\n");
  strictEqual(await Deno.readTextFile(join(world.project, "a", "b", "in.txt")), "in");
});

walled("bubblewrap refuses writes everywhere but in the project", async (world) => {
  const places = ["/", "/usr", "/usr/local/bin", "/etc", "/opt", "/var"];
  const attempts = places.map((place) =>
    `touch ${place}/crewagent-test 2>/dev/null && echo ${place}`
  );
  const { out } = await world.sh([...attempts, "echo end"].join("\n"));

  strictEqual(out, "end\n");
});

walled(
  "bubblewrap shows nothing beside the project, and a link there leads nowhere",
  async (world) => {
    await Deno.writeTextFile(join(world.dir, "beside.txt"), "secret");
    await Deno.symlink(join(world.dir, "beside.txt"), join(world.project, "link"));
    const { out } = await world.sh("ls ..; cat link ../beside.txt ../data/secret.txt");

    strictEqual(out, "data\nhome\nproject\n", "the first two are empty there");
  },
);

walled("bubblewrap hides the data folder even inside the project", async (world) => {
  const inside = join(world.project, ".data");
  await Deno.mkdir(inside);
  await Deno.writeTextFile(join(inside, "secret.txt"), "secret");
  const { out } = await world.sh("ls -A .data; echo end", { hidden: [inside] });
  const named = await world.sh(`cat ${inside}/secret.txt; echo end`, { hidden: [inside] });

  strictEqual(out, "end\n");
  strictEqual(named.out, "end\n", "a path among the arguments does not open it again");
});

walled("bubblewrap keeps .git from being written", async (world) => {
  await Deno.mkdir(join(world.project, ".git", "hooks"), { recursive: true });
  const { out } = await world.sh(
    "touch .git/hooks/pre-commit || echo refused; mv .git other || echo refused; ls -A",
  );

  strictEqual(out, "refused\nrefused\n.git\n");
});

walled("bubblewrap shows no process but its own", async (world) => {
  const { out } = await world.sh("for id in /proc/[0-9]*; do cat $id/comm; done");

  deepStrictEqual(out.trim().split("\n"), ["bwrap", "sh"]);
});

walled("bubblewrap leaves no capability, not even to root", async (world) => {
  const { out } = await world.sh("grep -E 'Cap(Eff|Prm|Bnd)' /proc/self/status");
  deepStrictEqual(new Set(out.match(/[0-9a-f]{16}/g)), new Set(["0".repeat(16)]));
});

walled("bubblewrap lets nobody change a setting of the kernel, not even root", async (world) => {
  const settings = [
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/hostname",
    "/proc/sysrq-trigger",
  ];
  const { out } = await world.sh(
    [...settings.map((path) => `[ -w ${path} ] && echo ${path}`), "echo end"].join("\n"),
  );

  strictEqual(out, "end\n");
});

walled("bubblewrap ends what it holds when its parent is killed", async (world) => {
  const pidFile = join(world.project, "beat");
  const script = `while :; do date +%s%N > beat; sleep 0.05; done`;
  const { command, args } = world.sandbox.wrap("sh", ["-c", script], {
    projectDir: world.project,
    readOnly: [],
    env: { PATH: Deno.env.get("PATH") ?? "" },
  });
  const parent = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `new Deno.Command(${JSON.stringify(command)}, {
         args: ${JSON.stringify(args)}, stdin: "null", stdout: "null", stderr: "null",
       }).spawn();
       setInterval(() => {}, 1000);`,
    ],
  }).spawn();
  await until(() => machineTools.kindOf(pidFile) === "file");
  parent.kill("SIGKILL");
  await parent.status;
  const beats: string[] = [];
  // It may take a moment to be ended; that it stands still is seen more than once.
  await until(() => {
    beats.push(Deno.readTextFileSync(pidFile));
    return beats.length > 8 && new Set(beats.slice(-8)).size === 1;
  });
});

walled("bubblewrap shares the network unless it is cut off", async (world) => {
  const shared = await world.sh("cat /proc/net/dev | grep -c :");
  const cut = await world.sh("cat /proc/net/dev | grep :", { network: "none" });

  notStrictEqual(shared.out, "0\n");
  match(cut.out, /^\s*lo:[^:]*$/);
});

walled("bubblewrap passes the environment on, outside its own command line", async (world) => {
  const env = { PATH: Deno.env.get("PATH") ?? "", HOME: world.home, TOKEN: "t0p" };
  const { out } = await world.sh("echo $TOKEN $TMPDIR; tr '\\0' ' ' < /proc/1/cmdline", { env });

  match(out, /^t0p \/tmp\n/);
  ok(!out.slice(4).includes("t0p"));
});

walled(
  "bubblewrap shows files and folders that the command line names, to be read",
  async (world) => {
    const docs = join(world.dir, "docs");
    await Deno.mkdir(docs);
    await Deno.writeTextFile(join(docs, "a.txt"), "a");
    const { out } = await endOf(
      world.start("sh", ["-c", `cat "$1"/a.txt; touch "$1"/b 2>&1 || echo refused`, "sh", docs]),
    );

    match(out, /^atouch.*\nrefused\n$/);
  },
);

walled(
  "bubblewrap does not make a part of the project read-only that the command line names",
  async (world) => {
    await Deno.mkdir(join(world.project, "sub"));
    const { code } = await endOf(
      world.start("sh", ["-c", 'touch "$1"/b', "sh", join(world.project, "sub")]),
    );

    strictEqual(code, 0);
  },
);

walled("bubblewrap keeps the home folder hidden when it is the working folder", async (world) => {
  const home = machineTools.home ?? world.home;
  const { out } = await world.sh("pwd; ls -A | grep -v '^.npm$'; echo end", { cwd: home });

  strictEqual(out, `${home}\nend\n`);
});

walled("bubblewrap starts a server with Deno, wherever Deno is installed", async (world) => {
  const { out, err } = await endOf(
    world.start(Deno.execPath(), ["eval", "console.log(1 + 1)"]),
  );

  strictEqual(out, "2\n", err);
});

walled(
  "bubblewrap starts a server with Node, from a package outside the project",
  async (world) => {
    const server = join(world.dir, "server");
    await Deno.mkdir(join(server, "build"), { recursive: true });
    await Deno.writeTextFile(join(server, "package.json"), '{"type":"module"}');
    await Deno.writeTextFile(join(server, "lib.js"), "export const text = 'started'");
    await Deno.writeTextFile(
      join(server, "build", "index.js"),
      "import { text } from '../lib.js'; console.log(text)",
    );
    const { out, err } = await endOf(world.start("node", [join(server, "build", "index.js")]));

    strictEqual(out, "started\n", err);
  },
);

walled("bubblewrap starts a package with npx and keeps it in the cache folder", async (world) => {
  const cacheDir = join(world.dataDir, "cache");
  await Deno.mkdir(cacheDir);
  const server = join(world.project, "server");
  await Deno.mkdir(server);
  await Deno.writeTextFile(
    join(server, "package.json"),
    '{"name":"wall-server","version":"1.0.0","bin":{"wall-server":"main.js"}}',
  );
  await Deno.writeTextFile(join(server, "main.js"), "#!/usr/bin/env node\nconsole.log('started')");
  const { out, err } = await endOf(
    world.start("npx", ["-y", "--offline", "./server"], { cacheDir }),
  );

  strictEqual(out, "started\n", err);
  strictEqual(machineTools.kindOf(join(cacheDir, "npm", "_npx")), "folder");
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    ok(Date.now() < deadline, `Waited too long until ${condition}`);
    await pause(100);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
