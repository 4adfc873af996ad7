import assert from "node:assert/strict";
import { boundaryReader } from "./boundary.ts";

const ROOT = "/x/run-1";
const LOG = `${ROOT}/home/runs/20261121-081541-fafi64/log.jsonl`;

function readAll(lines: readonly string[]) {
  const reader = boundaryReader(ROOT);
  const labels = lines.flatMap((line) => reader.read(line)?.label ?? []);
  return { labels, cutOff: reader.cutOff() };
}

Deno.test("boundaryReader() names the call, the file and the event, without what differs", () => {
  const { labels } = readAll([
    `7  write(17<${LOG}>, "{\\"seq\\":83,\\"type\\":\\"request_sent\\",\\"ru"..., 270) = 270 (DELAYED)`,
    `7  rename("${ROOT}/home/.1d6e0f4c-0000-4000-8000-1234567890ab.tmp", "${ROOT}/home/run.json") = 0`,
    `7  mkdir("${ROOT}/home", 0700) = 0`,
    `7  fsync(13<${ROOT}>)    = 0`,
  ]);
  assert.deepEqual(labels, [
    "write home/runs/*/log.jsonl (request_sent)",
    "rename home/run.json",
    "mkdir home",
    "fsync .",
  ]);
});

Deno.test("boundaryReader() leaves out reads, failures and other folders", () => {
  const { labels } = readAll([
    `7  openat(AT_FDCWD</y>, "${LOG}", O_RDONLY|O_CLOEXEC) = 3<${LOG}>`,
    `7  mkdir("${ROOT}/home", 0700) = -1 EEXIST (File exists)`,
    `7  write(1<pipe:[5]>, "{\\"seq\\":1"..., 20) = 20`,
    `7  write(3</x/run-10/log.jsonl>, "a", 1) = 1`,
    `7  execve("crewagent", ["crewagent", "--project", "${ROOT}/project"], 0x1 /* 9 vars */) = 0`,
    `7  +++ killed by SIGKILL +++`,
  ]);
  assert.deepEqual(labels, []);
});

Deno.test("boundaryReader() counts a call of another thread when it returns, and knows who was cut off", () => {
  const { labels, cutOff } = readAll([
    `7  fsync(13<${ROOT}/a> <unfinished ...>`,
    `8  write(14<${ROOT}/b>, "x", 1 <unfinished ...>`,
    `7  <... fsync resumed>)               = 0 (DELAYED)`,
    `8  <... write resumed>)               = ?`,
  ]);
  assert.deepEqual({ labels, cutOff }, { labels: ["fsync a"], cutOff: ["write b"] });
});
