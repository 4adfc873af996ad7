import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import type { ToolResult } from "../../../schemas/tool.ts";
import { commandFault } from "../../../runtime/tools/terminal_run_allow.ts";
import { HeadAndTail } from "../../../runtime/tools/terminal_run_output.ts";
import { findProgram, programFolders } from "../../../runtime/tools/terminal_run_program.ts";
import type { ToolHostOptions } from "../../../runtime/tools/open_tool_host.ts";
import type { ToolPolicy } from "../../../runtime/tools/tool_host.ts";
import { codeOf, messageOf, openWorld, type ToolWorld } from "./tool_world.ts";
import { PATIENCE_MS } from "../../patience.ts";

// The programs of these tests are those of a POSIX system.
const ignore = Deno.build.os === "windows";

type Answer = Readonly<Record<string, unknown>>;

const DENO = "deno-for-tests";
/** Starts at once, also on a busy machine. */
const SHELL = "shell-for-tests";

/** A world whose PATH has two more programs: this Deno and a shell, under names that are allowed. */
async function openTerminal(extra: Partial<ToolHostOptions> = {}): Promise<ToolWorld> {
  const world = await openWorld(extra);
  await Deno.mkdir(`${world.root}/bin`);
  await Deno.symlink(Deno.execPath(), `${world.root}/bin/${DENO}`);
  await Deno.symlink("/bin/sh", `${world.root}/bin/${SHELL}`);
  return world;
}

async function run(
  world: ToolWorld,
  command: readonly string[],
  { args = {}, policy = {} }: { args?: Answer; policy?: Partial<ToolPolicy> } = {},
): Promise<ToolResult & Answer> {
  const before = Deno.env.get("PATH") ?? "";
  Deno.env.set("PATH", `${world.root}/bin:${before}`);
  try {
    const merged = { terminalEnabled: true, terminalAllow: null, ...policy };
    return await world.call("terminal.run", { command, ...args }, merged) as ToolResult & Answer;
  } finally {
    Deno.env.set("PATH", before);
  }
}

/** A command that runs TypeScript; the first argument of the script is `Deno.args[0]`. */
function script(code: string): string[] {
  return [DENO, "eval", "--no-config", code];
}

Deno.test({ name: "terminal.run answers exit code, output and errors", ignore }, async () => {
  await using world = await openTerminal();
  const code = "console.log('out'); console.error('err'); Deno.exit(3)";
  deepEqual(await run(world, script(code)), {
    ok: true,
    cwd: "@project",
    exitCode: 3,
    stdout: "out\n",
    stderr: "err\n",
  });
});

Deno.test({ name: "terminal.run has no shell: arguments arrive as they are", ignore }, async () => {
  await using world = await openTerminal();
  const words = ["$HOME", "*", "a b", "; ls", "`id`", "$(id)", "|", ">x", "&&", '"', "", "é\n"];
  const result = await run(world, ["printf", "<%s>", ...words]);
  equal(result.stdout, words.map((word) => `<${word}>`).join(""));
  deepEqual([...Deno.readDirSync(world.project)], []);
});

Deno.test({ name: "terminal.run runs in the project, or in a folder of it", ignore }, async () => {
  await using world = await openTerminal();
  world.put("project/a/b/c.txt", "");
  deepEqual((await run(world, ["pwd"])).stdout, "@project\n");
  const below = await run(world, ["ls"], { args: { cwd: "@project/a/b" } });
  deepEqual([below.cwd, below.stdout], ["@project/a/b", "c.txt\n"]);
});

Deno.test({ name: "terminal.run gives standard input, or none", ignore }, async () => {
  await using world = await openTerminal();
  equal((await run(world, ["cat"], { args: { stdin: "a\nü" } })).stdout, "a\nü");
  equal((await run(world, ["cat"])).stdout, "");
});

Deno.test(
  { name: "terminal.run bears a program that does not read its input", ignore },
  async () => {
    await using world = await openTerminal();
    const result = await run(world, ["true"], { args: { stdin: "x".repeat(1024 * 1024) } });
    equal(result.exitCode, 0);
  },
);

Deno.test({ name: "terminal.run scrubs the environment", ignore }, async () => {
  await using world = await openTerminal();
  const secrets = { SECRET_API_KEY: "k", LD_PRELOAD: "", NODE_OPTIONS: "x", GIT_DIR: "/x" };
  for (const [name, value] of Object.entries(secrets)) Deno.env.set(name, value);
  const { stdout } = await run(
    world,
    script("console.log(Object.keys(Deno.env.toObject()).sort().join())"),
  );
  const { stdout: home } = await run(world, ["printenv", "HOME"]);
  for (const name of Object.keys(secrets)) Deno.env.delete(name);
  equal(String(stdout).replace(/CREWAGENT_\w+,/, ""), "HOME,LANG,PATH,TMPDIR\n");
  equal(home, "~\n");
});

Deno.test({ name: "terminal.run makes an empty home folder and removes it", ignore }, async () => {
  const homes: string[] = [];
  await using world = await openTerminal({
    wrapProgram(program, { home }) {
      homes.push(home);
      deepEqual([...Deno.readDirSync(home)], []);
      return program;
    },
  });
  await run(world, script("Deno.writeTextFileSync(Deno.env.get('HOME') + '/x', '')"));
  equal(homes.length, 1);
  equal(await Deno.stat(homes[0] ?? "").catch(() => null), null);
});

Deno.test({ name: "terminal.run starts what the host wraps round a program", ignore }, async () => {
  const places: Answer[] = [];
  await using world = await openTerminal({
    wrapProgram({ command, args }, place) {
      places.push(place);
      return { command: "/usr/bin/env", args: ["WRAPPED=yes", command, ...args] };
    },
  });
  match(String((await run(world, ["printenv"])).stdout), /^WRAPPED=yes$/m);
  deepEqual(places.map(({ cwd }) => cwd), [world.project]);
});

Deno.test({ name: "terminal.run shows no path of the machine", ignore }, async () => {
  await using world = await openTerminal();
  world.put("project/a.txt", "");
  world.put("project-more/x", "");
  const code =
    "console.log(Deno.cwd(), Deno.cwd() + '/a.txt', Deno.cwd() + '-more', Deno.env.get('HOME'))";
  const { stdout } = await run(world, script(code));
  equal(stdout, `@project @project/a.txt ${world.project}-more ~\n`);
  const { stderr } = await run(world, ["ls", "nothing"]);
  match(String(stderr), /^ls: /);
});

Deno.test({ name: "terminal.run keeps head and tail of a long output", ignore }, async () => {
  await using world = await openTerminal();
  const code = "for (let i = 1; i <= 20000; i++) console.log(i)";
  const result = await run(world, script(code), { policy: { maxReadBytes: 100 } });
  match(
    String(result.stdout),
    /^1\n2\n[\d\n]*\n… 108794 bytes are left out here …\n[\d\n]*\n20000\n$/,
  );
  equal(result.stdoutBytes, 108_894);
});

Deno.test(
  { name: "terminal.run ends a program, its children and a flood in time", ignore },
  async () => {
    await using world = await openTerminal();
    const started = performance.now();
    const flood = await run(world, ["yes"], { args: { timeoutSeconds: 1 } });
    equal(codeOf(flood), "E_TOOL_TIMEOUT");
    match(messageOf(flood), /longer than 1 s/);
    ok(performance.now() - started < PATIENCE_MS);
  },
);

/** Starts a child that writes its pid, and whatever `then` does. */
function parent(then: string, childOptions = ""): string[] {
  const child = `new Deno.Command('sleep', { args: ['300'], ${childOptions} }).spawn()`;
  return script(`const c = ${child}; Deno.writeTextFileSync('pid', String(c.pid)); ${then}`);
}

function isAlive(world: ToolWorld): boolean {
  const { stdout } = new Deno.Command("ps", {
    args: ["-o", "stat=", "-p", Deno.readTextFileSync(`${world.project}/pid`)],
  }).outputSync();
  const state = new TextDecoder().decode(stdout).trim();
  return state !== "" && !state.startsWith("Z");
}

const LEFTOVERS: readonly (readonly [string, string[], number])[] = [
  ["children that are still running at the end", parent("Deno.exit(0)"), 30],
  ["children that hold the output", parent("Deno.exit(0)", "stdout: 'inherit'"), 30],
  ["children when the time is up", [SHELL, "-c", "sleep 300 & echo $! > pid; wait"], 2],
  [
    "a program that does not listen to TERM",
    [SHELL, "-c", "trap '' TERM; sleep 300 & echo $! > pid; while :; do wait; done"],
    2,
  ],
];

for (const [title, command, timeoutSeconds] of LEFTOVERS) {
  Deno.test({ name: `terminal.run leaves nothing behind: ${title}`, ignore }, async () => {
    await using world = await openTerminal();
    const started = performance.now();
    await run(world, command, { args: { timeoutSeconds } });
    ok(performance.now() - started < PATIENCE_MS);
    equal(isAlive(world), false);
  });
}

Deno.test({
  name: "terminal.run leaves nothing behind: children that left the group, on Linux",
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using world = await openTerminal();
  await run(world, parent("Deno.exit(0)", "detached: true"));
  equal(isAlive(world), false);
});

Deno.test(
  { name: "terminal.run ends with the run, and does not know what was done", ignore },
  async () => {
    const stop = new AbortController();
    await using world = await openTerminal({
      wrapProgram(program) {
        // It is started right after this; before, it would be known that nothing was done.
        setTimeout(() => stop.abort(), 50);
        return program;
      },
    });
    const policy = { terminalEnabled: true, terminalAllow: ["sleep"] };
    const options = { ...world.options(policy), signal: stop.signal };
    const started = performance.now();
    const result = await world.host.call("terminal.run", { command: ["sleep", "600"] }, options);
    ok(!result.ok);
    deepEqual([result.error.code, result.error.details?.known], ["E_INTERRUPTED", "unknown"]);
    ok(performance.now() - started < PATIENCE_MS);
  },
);

Deno.test(
  { name: "terminal.run takes the shorter of its own time and the tool's", ignore },
  async () => {
    await using world = await openTerminal();
    const result = await run(world, ["sleep", "60"], {
      args: { timeoutSeconds: 50 },
      policy: { timeoutMs: 500 },
    });
    equal(codeOf(result), "E_TOOL_TIMEOUT");
  },
);

Deno.test(
  { name: "terminal.run refuses a program that a model put into the project", ignore },
  async () => {
    await using world = await openTerminal();
    world.put("project/bin/evil", "#!/bin/sh\necho evil\n");
    Deno.chmodSync(`${world.project}/bin/evil`, 0o755);
    await Deno.symlink(`${world.project}/bin/evil`, `${world.root}/bin/linked`);
    await Deno.symlink(`${world.project}/bin`, `${world.root}/linked-bin`);
    const before = Deno.env.get("PATH") ?? "";
    Deno.env.set("PATH", `${world.project}/bin:${world.root}/linked-bin::.:bin:${before}`);
    const evil = await run(world, ["evil"], { args: { cwd: "@project/bin" } });
    const linked = await run(world, ["linked"]);
    Deno.env.set("PATH", before);
    deepEqual([codeOf(evil), codeOf(linked)], ["ENOENT", "ENOENT"]);
  },
);

const REFUSED_CALLS: readonly (readonly [string, Answer, string])[] = [
  ["no command", {}, "E_TOOL_ARGS"],
  ["an empty command", { command: [] }, "E_TOOL_ARGS"],
  ["a command line in one text", { command: "git status" }, "E_TOOL_ARGS"],
  ["an unknown program", { command: ["no-such-program"] }, "ENOENT"],
  ["environment variables", { command: ["ls"], env: { PATH: "." } }, "E_TOOL_ARGS"],
  ["a folder outside", { command: ["ls"], cwd: "@project/.." }, "E_SANDBOX_VIOLATION"],
  ["an absolute folder", { command: ["ls"], cwd: "/" }, "E_SANDBOX_VIOLATION"],
  ["the package as folder", { command: ["ls"], cwd: "@pkg" }, "E_TOOL_ARGS"],
  ["the state as folder", { command: ["ls"], cwd: "@state" }, "E_TOOL_ARGS"],
  ["the repository as folder", { command: ["ls"], cwd: "@project/.git" }, "E_SANDBOX_VIOLATION"],
  ["a missing folder", { command: ["ls"], cwd: "@project/none" }, "ENOENT"],
  ["a file as folder", { command: ["ls"], cwd: "@project/file" }, "E_TOOL_ARGS"],
  ["a link that leads out", { command: ["ls"], cwd: "@project/out" }, "E_SANDBOX_VIOLATION"],
  ["no time", { command: ["ls"], timeoutSeconds: 0 }, "E_TOOL_ARGS"],
  ["more input than may be written", { command: ["cat"], stdin: "x".repeat(101) }, "E_WRITE_LIMIT"],
];

for (const [title, args, code] of REFUSED_CALLS) {
  Deno.test({ name: `terminal.run refuses ${title}, planned or called`, ignore }, async () => {
    await using world = await openTerminal();
    world.put("project/file", "");
    await Deno.symlink("../outside", `${world.project}/out`);
    const policy = { terminalEnabled: true, terminalAllow: null, maxWriteBytes: 100 };
    const result = await world.call("terminal.run", args, policy);
    const plan = await world.host.plan("terminal.run", args, world.options(policy));
    equal(codeOf(result), code, messageOf(result));
    deepEqual(plan.refusal, result);
    doesNotMatch(messageOf(result), new RegExp(world.root));
  });
}

Deno.test(
  { name: "plan() says that nobody knows what a program will change", ignore },
  async () => {
    await using world = await openTerminal();
    const policy = { terminalEnabled: true, terminalAllow: ["ls"] };
    const plan = await world.host.plan("terminal.run", { command: ["ls"] }, world.options(policy));
    deepEqual(plan, { effect: "unknown" });
  },
);

const RULES:
  readonly (readonly [string, readonly string[], readonly string[] | null | undefined, boolean])[] =
    [
      ["a program", ["git", "log"], ["git"], true],
      ["a program and its argument", ["git", "status", "--short"], ["git status"], true],
      ["the same without more", ["git", "status"], ["ls", " git  status "], true],
      ["anything where nothing bounds it", ["git"], null, true],
      ["nothing where nothing is allowed", ["git"], [], false],
      ["nothing where nobody said anything", ["git"], undefined, false],
      ["another program", ["rm", "-r", "x"], ["git"], false],
      ["another argument", ["git", "push"], ["git status"], false],
      ["an option in front of the argument", ["git", "-c", "alias.status=!x", "status"], [
        "git status",
      ], false],
      ["too few arguments", ["git"], ["git status"], false],
      ["a longer name", ["gitk"], ["git"], false],
      ["a shorter name", ["gi"], ["git"], false],
      ["another case", ["GIT"], ["git"], false],
      ["an argument that only begins alike", ["git", "statusx"], ["git status"], false],
      ["two words in one", ["git", "status x"], ["git status"], false],
      ["a rule without words", ["git"], ["", " "], false],
    ];

for (const [title, command, allow, isAllowed] of RULES) {
  Deno.test(`commandFault() ${isAllowed ? "lets pass" : "refuses"} ${title}`, () => {
    equal(commandFault(command, allow) === undefined, isAllowed);
  });
}

const NO_PROGRAMS: readonly string[] = [
  "",
  " ",
  ".",
  "..",
  "/bin/ls",
  "./ls",
  "bin/ls",
  "..\\ls",
  "C:ls",
  "~",
  "-x",
  "--help",
  "A=b",
  "PATH=. ls",
  "ls -l",
  "ls;id",
  "ls|id",
  "ls&",
  "$SHELL",
  "`id`",
  "ls\n",
  "ls\0",
  "ls.",
  "ｌｓ",
  "@project/ls",
];

for (const program of NO_PROGRAMS) {
  Deno.test(`commandFault() takes ${JSON.stringify(program)} for no program, whatever is allowed`, () => {
    const fault = commandFault([program, "x"], [program, `${program} x`]);
    equal(fault?.error.code, "E_TOOL_ARGS");
    equal(commandFault([program], null)?.error.code, "E_TOOL_ARGS");
  });
}

for (
  const program of [
    "sh",
    "bash",
    "BASH",
    "env",
    "xargs",
    "sudo",
    "cmd.exe",
    "powershell",
    "busybox",
    "find",
  ]
) {
  Deno.test(`commandFault() refuses ${program}, which starts other programs, also where it is allowed`, () => {
    equal(commandFault([program, "-c", "id"], [program])?.error.code, "E_TOOL_DENIED");
    equal(commandFault([program], null)?.error.code, "E_TOOL_DENIED");
  });
}

Deno.test("commandFault() refuses NUL and too much", () => {
  equal(commandFault(["ls", "a\0b"], null)?.error.code, "E_TOOL_ARGS");
  equal(commandFault(["ls", ..."x".repeat(200)], null)?.error.code, "E_TOOL_ARGS");
  equal(commandFault(["ls", "x".repeat(33_000)], null)?.error.code, "E_TOOL_ARGS");
});

Deno.test(
  { name: "findProgram() takes files that may be run, in the order of PATH", ignore },
  async () => {
    await using world = await openWorld();
    for (const name of ["one/tool", "two/tool", "two/other", "one/plain"]) world.put(name, "");
    for (const name of ["one/tool", "two/tool", "two/other"]) {
      Deno.chmodSync(
        `${world.root}/${name}`,
        0o755,
      );
    }
    await Deno.mkdir(`${world.root}/one/other`);
    const folders = programFolders(`${world.root}/one:${world.root}/two:one`, [world.project]);
    equal(findProgram("tool", folders), `${world.root}/one/tool`);
    equal(findProgram("other", folders), `${world.root}/two/other`);
    equal(findProgram("plain", folders), undefined);
  },
);

const OUTPUTS: readonly (readonly [string, number, readonly string[], string])[] = [
  ["nothing", 10, [], ""],
  ["less than the limit", 10, ["abc", "def"], "abcdef"],
  ["exactly the limit", 10, ["abcdefgh", "ij"], "abcdefghij"],
  ["more in one piece", 4, ["abcdefgh"], "ab\n… 4 bytes are left out here …\ngh"],
  ["more in many pieces", 4, [..."abcdefgh"], "ab\n… 4 bytes are left out here …\ngh"],
  ["an odd limit", 5, ["abcd", "efghi"], "abc\n… 4 bytes are left out here …\nhi"],
  ["a limit of 1", 1, ["abc"], "a\n… 2 bytes are left out here …\n"],
  ["a character at the seam", 6, ["a", "€", "b"], "a€b"],
  ["torn characters", 4, ["€€€"], "\n… 5 bytes are left out here …\n"],
];

for (const [title, limit, pieces, text] of OUTPUTS) {
  Deno.test(`HeadAndTail keeps both ends: ${title}`, () => {
    const output = new HeadAndTail(limit);
    for (const piece of pieces) output.push(new TextEncoder().encode(piece));
    equal(output.text(), text);
  });
}
