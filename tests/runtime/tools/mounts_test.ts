import { deepEqual, equal, match, ok } from "node:assert/strict";
import { isProtected, nameOf, parsePlace } from "../../../runtime/tools/mounts.ts";
import { messageOf } from "./tool_world.ts";

const MEANINGS: readonly (readonly [string, string])[] = [
  ["@project/a/b.md", "@project/a/b.md"],
  ["@project", "@project"],
  ["@project/", "@project"],
  ["@PROJECT/a.md", "@project/a.md"],
  ["@pkg/bmad.json", "@pkg/bmad.json"],
  ["@state/workflow.md", "@state/workflow.md"],
  ["workflow.md", "@state/workflow.md"],
  ["artifacts/x.md", "@project/artifacts/x.md"],
  ["./artifacts/x.md", "@project/artifacts/x.md"],
  ["artifacts", "@project/artifacts"],
  ["steps/one.md", "@pkg/steps/one.md"],
  ["assets/t.md", "@pkg/assets/t.md"],
  ["workflows/w/steps/one.md", "@pkg/workflows/w/steps/one.md"],
  ["{project-root}/docs/a.md", "@project/docs/a.md"],
  ["{artifacts-root}/a.md", "@project/artifacts/a.md"],
  ["{package-root}/bmad.json", "@pkg/bmad.json"],
  ["{state-root}/workflow.md", "@state/workflow.md"],
  ["@project\\a\\b.md", "@project/a/b.md"],
  ["@project//a.md", "@project/a.md"],
  ["@project/a/../b.md", "@project/b.md"],
  ["@project/./a.md", "@project/a.md"],
  ["@project/Zażółć gęślą.md", "@project/Zażółć gęślą.md"],
  ["@project/100%.md", "@project/100%.md"],
  ["@project/constructor/__proto__", "@project/constructor/__proto__"],
];

for (const [path, meaning] of MEANINGS) {
  Deno.test(`parsePlace() reads ${JSON.stringify(path)} as ${meaning}`, () => {
    const parsed = parsePlace(path, "read");
    ok(parsed.ok, messageOf(parsed as never));
    equal(nameOf(parsed.place), meaning);
  });
}

const REFUSALS: readonly (readonly [string, RegExp])[] = [
  ["src/main.ts", /names no mount\. Did you mean "@project\/src\/main\.ts"\?.*"@pkg\/…"/],
  ["constructor", /names no mount/],
  ["@projects/x", /names no mount\. Paths begin/],
  ["/etc/passwd", /^Absolute paths, drives and URLs are closed to tools/],
  ["@project/../x", /leads out of @project by "\.\."/],
  ["artifacts/../../x", /leads out of @project/],
  ["@project/a:b", /hidden stream on Windows/],
  ["@project/aux.txt", /reserved for a device/],
  ["@project/a.", /ends in a dot or a space/],
  ["@project/.git/config", /the name "\.git" is closed to tools/],
  ["@pkg/x.md", /@pkg is read only\. Write below @project\/artifacts\//],
  ["@project/a\0", /control character/],
];

for (const [path, message] of REFUSALS) {
  Deno.test(`parsePlace() refuses to write ${JSON.stringify(path)} and says why`, () => {
    match(messageOf(parsePlace(path, "write") as never), message);
  });
}

Deno.test("parsePlace() never repeats an absolute path", () => {
  const refused = parsePlace("/home/someone/project/a.md", "read");
  ok(!JSON.stringify(refused).includes("someone"));
});

Deno.test("parsePlace() reads names with ? and * that it refuses to make", () => {
  ok(parsePlace("@project/what?.md", "read").ok);
  ok(!parsePlace("@project/what?.md", "write").ok);
});

Deno.test("isProtected() knows .git and .crewagent in every disguise, and nothing else", () => {
  const disguises = [
    ".git",
    ".GIT",
    ".git.",
    ".git ",
    ".g\u200bit",
    "git~1",
    ".crewagent",
    ".CrewAgent-x",
  ];
  const others = [".gitignore", ".github", "git", ".git-notes", "crewagent.md", "digit~1"];
  deepEqual(disguises.filter((name) => !isProtected(name)), []);
  deepEqual(others.filter(isProtected), []);
});
