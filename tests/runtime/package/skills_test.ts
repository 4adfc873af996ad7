import assert from "node:assert/strict";
import { join } from "node:path";
import { hasErrors } from "../../../schemas/finding.ts";
import { checkPackage } from "../../../runtime/package/check.ts";
import type { ReadResult } from "../../../runtime/package/load.ts";
import { packPackage } from "../../../runtime/package/pack.ts";
import { AppError } from "../../../schemas/error.ts";
import { samplePackage, skillText, type Texts, writeTexts } from "./sample_package.ts";

const FOLDER = "assets/skills/read-tables";
const SKILL = `${FOLDER}/SKILL.md`;

/** Checks the sample package whose agent has these imports, as a folder. */
async function check(
  imports: readonly unknown[],
  texts: Texts = {},
  prepare: (dir: string) => Promise<void> = () => Promise.resolve(),
): Promise<ReadResult> {
  const dir = await Deno.makeTempDir();
  try {
    const sample = samplePackage();
    const agents = JSON.parse(sample["agents.json"] ?? "");
    agents.agents[0].skills = { imports };
    const all = { ...sample, "agents.json": JSON.stringify(agents), ...texts };
    await writeTexts(dir, all);
    await prepare(dir);
    return await checkPackage(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const codes = ({ findings }: ReadResult) => [...new Set(findings.map(({ code }) => code))].sort();
const skillsIn = (read: ReadResult) => read.package?.skills.get(0) ?? [];

Deno.test("readPackage() reads a skill with its head, body and files, and keeps unknown keys out of the way", async () => {
  const read = await check([{ source: FOLDER }], {
    [SKILL]: skillText(
      "read-tables",
      "allowed-tools: fs.read, csv_read",
      "license: MIT",
      "metadata:",
      "  author: ann",
      "triggers: [a, b]",
    ),
    [`${FOLDER}/references/units.md`]: "kg\n",
    [`${FOLDER}/a.csv`]: "x\n1\n",
    "assets/skills/read-tables-2/other.md": "no part of it\n",
  });
  assert.deepEqual(read.findings, []);
  assert.deepEqual(skillsIn(read), [{
    name: "read-tables",
    description: "Reads tables.",
    folder: FOLDER,
    body: "# read-tables\n\nDo it well.\n",
    files: [
      { path: `${FOLDER}/a.csv`, bytes: 4 },
      { path: `${FOLDER}/references/units.md`, bytes: 3 },
    ],
    allowedTools: ["fs.read", "csv_read"],
  }]);
});

const SPELLINGS = [
  FOLDER,
  `${FOLDER}/`,
  `./${FOLDER}`,
  `@pkg/${FOLDER}`,
  `{package-root}/${FOLDER}`,
  `${FOLDER}/SKILL.md`,
];

for (const source of SPELLINGS) {
  Deno.test(`checkPackage() finds a skill by the source ${JSON.stringify(source)}`, async () => {
    const read = await check([{ source }], { [SKILL]: skillText("read-tables") });
    assert.deepEqual(codes(read), []);
    assert.equal(skillsIn(read)[0]?.folder, FOLDER);
  });
}

const OUTSIDE = [
  "../elsewhere",
  "assets/../workflows/main",
  "assets/skills/../../../etc",
  "/etc",
  "C:\\skills",
  "C:/skills",
  "\\\\server\\share",
  "assets\\skills\\read-tables",
  "@project/skills",
  "@state",
  "@pkg/../x",
  "~/skills",
  "file:///etc",
  "assets/skills/read-tables\u0000",
  "assets//skills",
  "assets/con",
  "assets",
  "assets/",
  ".",
  "Assets/skills/read-tables",
  "assets-2/x",
  "{project-root}/x",
  "a".repeat(5000),
];

for (const source of OUTSIDE) {
  const shown = JSON.stringify(source.slice(0, 40));
  Deno.test(`checkPackage() refuses the source ${shown} of a skill`, async () => {
    const read = await check([{ source }], { [SKILL]: skillText("read-tables") });
    assert.deepEqual(codes(read), ["SKILL_SOURCE_OUTSIDE"]);
    assert.equal(hasErrors(read.findings), true);
    assert.deepEqual(skillsIn(read), []);
    assert.ok(read.findings.every(({ message }) => message.length < 400));
  });
}

Deno.test("checkPackage() refuses a package whose skill is a link out of it", async () => {
  const linked = check(
    [{ source: "assets/skills/linked" }],
    {},
    (dir) =>
      Deno.mkdir(join(dir, "assets/skills"), { recursive: true })
        .then(() => Deno.symlink(Deno.cwd(), join(dir, "assets/skills/linked"))),
  );
  await assert.rejects(
    linked,
    (thrown) => thrown instanceof AppError && thrown.code === "PKG_ZIP_SYMLINK",
  );
});

const BAD_HEADS: readonly (readonly [string, string, readonly string[]])[] = [
  ["no head", "# Read tables\n", ["FRONT_MATTER_MISSING"]],
  ["a head that is not closed", "---\nname: read-tables\n", ["FRONT_MATTER_NOT_CLOSED"]],
  ["a head that is a list", "---\n- a\n---\nx\n", ["FRONT_MATTER_NOT_A_MAP"]],
  ["no name", "---\ndescription: d\n---\nx\n", ["SCHEMA_KEY_MISSING"]],
  ["no description", "---\nname: read-tables\n---\nx\n", ["SCHEMA_KEY_MISSING"]],
  [
    "neither",
    "---\nlicense: MIT\n---\nx\n",
    ["SCHEMA_KEY_MISSING"],
  ],
  ["a name with a path", "---\nname: ../x\ndescription: d\n---\nx\n", ["SCHEMA_VALUE"]],
  ["a name of two lines", '---\nname: "a\\nb"\ndescription: d\n---\nx\n', ["SCHEMA_VALUE"]],
  [
    "a long description",
    `---\nname: read-tables\ndescription: ${"x".repeat(1025)}\n---\nx\n`,
    ["SCHEMA_VALUE"],
  ],
  [
    "tools as a map",
    "---\nname: read-tables\ndescription: d\nallowed-tools: {a: b}\n---\nx\n",
    ["SCHEMA_TYPE"],
  ],
  [
    "a bomb of anchors",
    `---\nname: read-tables\ndescription: d\na: &a [x,x,x,x,x,x,x,x,x]\n${
      "bcdefghi".split("").map((key, index) =>
        `${key}: &${key} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(",")}]`
      ).join("\n")
    }\n---\nx\n`,
    ["FRONT_MATTER_YAML"],
  ],
  ["a deep head", `---\nname: a\nx: ${"[".repeat(20_000)}\n---\nx\n`, ["FRONT_MATTER_YAML"]],
  ["8 MiB and more", skillText("read-tables") + "x".repeat(8 * 1024 * 1024), [
    "DOCUMENT_TOO_LARGE",
  ]],
];

for (const [what, text, expected] of BAD_HEADS) {
  Deno.test(`checkPackage() finds a SKILL.md with ${what} faulty, and no agent has it`, async () => {
    const read = await check([{ source: FOLDER }], { [SKILL]: text });
    assert.deepEqual(codes(read), expected);
    assert.equal(hasErrors(read.findings), true);
    assert.deepEqual(skillsIn(read), []);
    assert.ok(read.package, "a run that has begun with such a package can go on");
  });
}

Deno.test("readPackage() lets an agent give a skill another name, and judges a shared one once", async () => {
  const read = await check(
    [{ source: FOLDER }, { name: "tables-again", source: FOLDER }],
    { [SKILL]: skillText("read-tables", "allowed-tools: Bash") },
  );
  assert.deepEqual(skillsIn(read).map(({ name }) => name), ["read-tables", "tables-again"]);
  assert.deepEqual(read.findings.map(({ code }) => code), ["SKILL_TOOL_UNKNOWN"]);
});

Deno.test("checkPackage() stays quick where very many imports name one folder of many files", async () => {
  const many = Array.from(
    { length: 20_000 },
    (_, index) => ({ name: `s-${index}`, source: FOLDER }),
  );
  const files = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`${FOLDER}/f${index}.md`, "x"]),
  );
  const read = await check(many, { [SKILL]: skillText("read-tables"), ...files });
  const own = skillsIn(read);
  assert.equal(own.length, 20_000);
  assert.ok(own[0]?.files === own[19_999]?.files, "the list of files is shared, not repeated");
});

Deno.test("packPackage() packs a skill, and reading it back gives the same", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const sample = samplePackage();
    const agents = JSON.parse(sample["agents.json"] ?? "");
    agents.agents[0].skills = { imports: [{ source: FOLDER, note: "kept" }] };
    const texts = {
      ...sample,
      "agents.json": JSON.stringify(agents),
      [SKILL]: skillText("read-tables"),
    };
    await writeTexts(join(dir, "source"), texts);
    const { packed } = await packPackage(join(dir, "source"), { output: join(dir, "a.bmad") });
    const read = await checkPackage(packed?.path ?? "");
    assert.deepEqual(read.findings, []);
    assert.equal(skillsIn(read)[0]?.name, "read-tables");
    assert.deepEqual(read.package?.agents[0]?.skills, {
      imports: [{ source: FOLDER, note: "kept" }],
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
