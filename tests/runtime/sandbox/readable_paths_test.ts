import { deepStrictEqual } from "node:assert/strict";
import { readablePaths } from "../../../runtime/sandbox/readable_paths.ts";
import type { SandboxTools } from "../../../runtime/sandbox/sandbox_tools.ts";

const HOME = "/home/ada";

/** A machine whose files are these: text, or `-> target` for a link. Folders follow from them. */
function machine(files: Readonly<Record<string, string>>): SandboxTools {
  const link = (path: string) => /^-> (.*)/.exec(files[path] ?? "")?.[1];
  const kindOf = (path: string): "file" | "folder" | undefined => {
    if (files[path] !== undefined) return "file";
    const isFolder = Object.keys(files).some((file) => file.startsWith(`${path}/`));
    return isFolder ? "folder" : undefined;
  };
  return {
    home: HOME,
    find: (program, path = "") =>
      path.split(":").map((folder) => `${folder}/${program}`).find((file) => file in files),
    run: () => ({ success: true, stderr: "" }),
    output: () => undefined,
    kindOf,
    readLink: link,
    realPath: (path) => link(path) ?? path,
    firstBytes: (path) => files[link(path) ?? path],
  };
}

function paths(
  command: string,
  args: readonly string[],
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): readonly string[] {
  const program = {
    command,
    args,
    cwd: "/w",
    env: { PATH: `${HOME}/bin:/usr/bin`, ...env },
  };
  return readablePaths(program, machine({ "/w/x": "", ...files })).toSorted();
}

Deno.test("readablePaths() finds the installation behind a link, and its interpreter's", () => {
  const node = `${HOME}/.nvm/versions/node/v24`;
  const npx = `${node}/lib/node_modules/npm/bin/npx-cli.js`;
  const found = paths("npx", [], {
    [`${node}/bin/npx`]: `-> ${npx}`,
    [npx]: "#!/usr/bin/env node\n",
    [`${node}/bin/node`]: "\x7fELF",
    "/opt/n/bin/node": "",
  }, { PATH: `${node}/bin:/usr/bin` });

  deepStrictEqual(found, [
    node,
    `${node}/bin/node`,
    `${node}/bin/npx`,
    `${node}/lib/node_modules/npm`,
    npx,
    "/w",
  ]);
});

Deno.test("readablePaths() gives the folder of programs alone where the rest is a person's", () => {
  const found = paths("uvx", [], {
    [`${HOME}/.local/bin/uvx`]: "\x7fELF",
    [`${HOME}/.local/share/keyrings/login.keyring`]: "",
  }, { PATH: `${HOME}/.local/bin` });

  deepStrictEqual(found, [`${HOME}/.local/bin`, `${HOME}/.local/bin/uvx`, "/w"]);
});

Deno.test("readablePaths() gives the package of a script, or its own folder", () => {
  const files = {
    "/usr/bin/node": "",
    [`${HOME}/servers/git/package.json`]: "{}",
    [`${HOME}/servers/git/build/index.js`]: "",
    [`${HOME}/alone/index.js`]: "",
  };

  deepStrictEqual(paths("node", [`${HOME}/servers/git/build/index.js`], files), [
    `${HOME}/servers/git`,
    `${HOME}/servers/git/build/index.js`,
    "/usr",
    "/usr/bin/node",
    "/w",
  ]);
  deepStrictEqual(paths("node", [`${HOME}/alone/index.js`], files).slice(0, 2), [
    `${HOME}/alone`,
    `${HOME}/alone/index.js`,
  ]);
});

Deno.test("readablePaths() never gives the home folder, what holds it, or what all programs keep", () => {
  const files = {
    "/usr/bin/node": "",
    [`${HOME}/main.js`]: "",
    [`${HOME}/package.json`]: "{}",
    [`${HOME}/.config/gh/hosts.yml`]: "",
    [`${HOME}/.local/share/x`]: "",
  };
  const args = [
    "/",
    "/home",
    HOME,
    `${HOME}/.config`,
    `--root=${HOME}/.local/share`,
    `${HOME}/main.js`,
  ];

  deepStrictEqual(paths("node", args, files), [
    `${HOME}/main.js`,
    "/usr",
    "/usr/bin/node",
    "/w",
  ]);
});

Deno.test("readablePaths() gives files that the environment names, but no folders", () => {
  const files = { "/usr/bin/node": "", [`${HOME}/key.json`]: "", "/run/user/1000/bus": "" };
  const env = { CREDENTIALS: `${HOME}/key.json`, XDG_RUNTIME_DIR: "/run/user/1000" };

  deepStrictEqual(paths("node", [], files, env), [
    `${HOME}/key.json`,
    "/usr",
    "/usr/bin/node",
    "/w",
  ]);
});

Deno.test("readablePaths() ends where scripts interpret each other", () => {
  const files = { "/w/a": "#!/w/b\n", "/w/b": "#!/w/a\n" };

  deepStrictEqual(paths("./a", [], files), ["/w", "/w/a", "/w/b"]);
});
