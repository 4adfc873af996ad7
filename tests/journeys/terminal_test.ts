// Journeys at a real terminal: `script` (Debian's bsdutils) gives the executable a pseudo-terminal.
import assert from "node:assert/strict";
import { join } from "node:path";
import { startModelServer } from "../model_server/model_server.ts";
import { binaryPath, journey, runBinary } from "./binary.ts";

/** What a person sees next, and what they type then. */
type Exchange = readonly [sees: RegExp, types: string];

const root = new URL("../../", import.meta.url);

async function atTerminal(
  args: readonly string[],
  exchanges: readonly Exchange[],
): Promise<{ screen: string; exitCode: number; project: string; dir: string }> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-terminal-" });
  const project = join(dir, "project");
  await Deno.mkdir(project);
  const command = [binaryPath(), ...args, "--project", project].map((part) => `'${part}'`).join(
    " ",
  );
  const process = new Deno.Command("script", {
    args: ["-qefc", command, "/dev/null"],
    cwd: root,
    env: { CREWAGENT_HOME: join(dir, "home"), TERM: "xterm", NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = process.stdin.getWriter();
  const left = [...exchanges];
  let screen = "";
  let seenTo = 0;
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    screen += text;
    const next = left[0];
    if (!next?.[0].test(screen.slice(seenTo))) continue;
    left.shift();
    seenTo = screen.length;
    await writer.write(new TextEncoder().encode(next[1]));
  }
  await writer.close().catch(() => {});
  const { code } = await process.status;
  assert.deepEqual(left, [], `not reached:\n${screen}`);
  return { screen, exitCode: code, project, dir };
}

journey(
  "crewagent run asks for consent and answers at the terminal and shows the diff first",
  async () => {
    const write = { path: "@project/NOTES.md", content: "hello\nworld\n" };
    const edit = { path: "@project/NOTES.md", oldText: "world", newText: "there" };
    const ask = { question: "Which colour?", kind: "selection", options: ["red", "green"] };
    await using server = startModelServer({
      replies: [
        { toolCalls: [{ name: "fs_write", arguments: write }] },
        { toolCalls: [{ name: "fs_edit", arguments: edit }] },
        { toolCalls: [{ name: "ui_ask_user", arguments: ask }] },
        { text: "I am not sure what to do." },
        { text: "Still not sure." },
      ],
    });
    const { screen, exitCode, project, dir } = await atTerminal(
      ["run", "examples/hello-branch", "--model", "m", "--base-url", server.baseUrl],
      [
        [/\+hello\r\n\+world[^]*\[n\] no {2}> /, "y\r"],
        [/-world\r\n\+there[^]*\[n\] no {2}> /, "n not there\r"],
        [/2\. green[^]*1-2 > /, "blue\r"],
        [/Type a number from 1 to 2[^]*1-2 > /, "2\r"],
        [/stopped at "ask-wish"[^]*Tell the model[^]*> /, "\r"],
      ],
    );
    assert.equal(exitCode, 6, screen);
    assert.equal(await Deno.readTextFile(join(project, "NOTES.md")), "hello\nworld\n");
    assert.match(screen, /E_TOOL_DENIED The user does not allow this call\. The reason: not there/);
    assert.match(JSON.stringify(server.requests.at(-1)?.body), /\\"answer\\":\\"green\\"/);
    await Deno.remove(dir, { recursive: true });
  },
);

journey(
  "crewagent run at a terminal stops at Ctrl-C inside a question and says how to resume",
  async () => {
    const { screen, exitCode, dir } = await atTerminal(
      ["run", "examples/hello-branch", "--simulate"],
      [[/\? \[simulation\][^]*> /, "\x03"]],
    );
    assert.equal(exitCode, 130, screen);
    assert.match(screen, /Interrupted[^]*Go on with: crewagent resume /);
    await Deno.remove(dir, { recursive: true });
  },
);

journey(
  "crewagent run asks no more for what is always allowed, in later runs either",
  async () => {
    const write = (content: string) => ({
      toolCalls: [{ name: "fs_write", arguments: { path: "@project/NOTES.md", content } }],
    });
    const quiet = [{ text: "Hm." }, { text: "Hm!" }];
    await using server = startModelServer({
      replies: [write("one"), write("two"), ...quiet, write("three"), ...quiet],
    });
    const model = ["--model", "m", "--base-url", server.baseUrl];
    const stops: Exchange = [/Tell the model[^]*> /, "\r"];
    const { screen, exitCode, dir, project } = await atTerminal(
      ["run", "examples/hello-branch", ...model],
      [[/Allow fs\.write @project\/NOTES\.md[^]*\[n\] no {2}> /, "a\r"], stops],
    );
    assert.equal(exitCode, 6, screen);
    assert.equal(await Deno.readTextFile(join(project, "NOTES.md")), "two");
    const home = join(dir, "home");
    const next = ["run", "examples/hello-branch", "--project", project, ...model];
    assert.equal((await runBinary(next, { home })).exitCode, 6);
    assert.equal(await Deno.readTextFile(join(project, "NOTES.md")), "three");
    const policy = await runBinary(["policy"], { home });
    assert.match(policy.stdout, /1 {2}always fs\.write @project\/NOTES\.md, agent host, package /);
    await Deno.remove(dir, { recursive: true });
  },
);

journey("crewagent run --chat talks at the terminal until the person ends it", async () => {
  await using server = startModelServer({ replies: [{ text: "Hello." }, { text: "A moon." }] });
  const model = ["--model", "m", "--base-url", server.baseUrl];
  const { screen, exitCode, dir } = await atTerminal(
    ["run", "examples/hello-branch", "--chat", "--input", "Who are you?", ...model],
    [
      [/Hello\.[^]*You talk with Milo[^]*you > /, "/menu\r"],
      [/1\. \[HI\][^]*you > /, "What is Io?\r"],
      [/A moon\.[^]*you > /, "/dismiss\r"],
    ],
  );
  assert.equal(exitCode, 0, screen);
  assert.match(screen, /Completed/);
  await Deno.remove(dir, { recursive: true });
});
