import assert from "node:assert/strict";
import type { StepCheck } from "../../../schemas/package.ts";
import { toolFailure } from "../../../schemas/tool.ts";
import { describeChecks } from "../../../runtime/state/check_words.ts";
import {
  MAX_CHECKED_BYTES,
  type OutputFiles,
  readChecks,
  runChecks,
} from "../../../runtime/state/checks.ts";
import { PATIENCE_MS } from "../../patience.ts";

const STORY = "artifacts/story.md";
const PATH = "@project/artifacts/story.md";

/** Files by mount path: their text, or why they have none. */
function filesOf(texts: Readonly<Record<string, string | null>>): OutputFiles {
  return {
    inspect: (path) =>
      Promise.resolve({
        exists: path in texts,
        bytes: texts[path] === null ? 70_000 : new TextEncoder().encode(texts[path]).length,
      }),
    read: (path) => {
      const text = texts[path];
      return Promise.resolve(
        typeof text === "string"
          ? { ok: true, text }
          : toolFailure("E_TOOL_ARGS", `"${path}" is no text but a PNG image, 70000 bytes`),
      );
    },
  };
}

/** The report of one check of `artifacts/story.md` with this text; `null` is a binary file. */
function checkText(check: StepCheck, text: string | null | undefined, path = STORY) {
  const files = filesOf(text === undefined ? {} : { [`@project/${path}`]: text });
  return runChecks([{ output: path, ...check }], { variables: {}, files });
}

function checkVariable(check: StepCheck, value: unknown) {
  const variables = value === undefined ? {} : { score: value };
  return runChecks([{ variable: "score", ...check }], { variables, files: filesOf({}) });
}

const NOTE = "# Story\n\nAs a nurse.\n\n## Goal\n\nRest.\n\nAcceptance criteria\n---\n\n- one\n";
const PERSON: StepCheck = {
  jsonSchema: {
    type: "object",
    required: ["name", "age"],
    properties: { name: { type: "string", minLength: 2 }, age: { type: "integer", minimum: 0 } },
    additionalProperties: false,
  },
};

/** Each condition with what passes, what fails, and what the refusal says. */
const OUTPUTS: readonly [
  what: string,
  check: StepCheck,
  passes: string | null,
  fails: string | null | undefined,
  key: string,
  says: RegExp,
][] = [
  ["exists", { exists: true }, "", undefined, "exists", /does not exist; write it with fs_write$/],
  ["nothing but its name", {}, "", undefined, "exists", /does not exist/],
  ["nonEmpty", { nonEmpty: true }, "x", "", "nonEmpty", /is empty \(0 bytes\); write its content/],
  ["nonEmpty and spaces", { nonEmpty: true }, null, " \r\n\t\n", "nonEmpty", /nothing but spaces/],
  ["minBytes", { minBytes: 3 }, "äb", "ab", "minBytes", /has 2 bytes, .*at least 3; write more/],
  ["minBytes and nothing", { minBytes: 1 }, "a", "", "nonEmpty", /is empty/],
  ["maxBytes", { maxBytes: 2 }, "ab", "äb", "maxBytes", /has 3 bytes, .*at most 2; shorten it/],
  [
    "matches",
    { matches: "^## Goal$" },
    NOTE.replaceAll("\n", "\r\n"),
    "Goal: ## Goal\n",
    "matches",
    /nothing that matches the pattern "\^## Goal\$"; it begins with "Goal: ## Goal\\n"\. Change it/,
  ],
  [
    "notMatches",
    { notMatches: "(?i)todo|tbd" },
    NOTE,
    "# Story\n\nThe end is a TODO for Ann\n",
    "notMatches",
    /must not match the pattern "\(\?i\)todo\|tbd", but line 3 does: "The end is a TODO for Ann"/,
  ],
  [
    "headings of both forms",
    { headings: [" goal ", "ACCEPTANCE  criteria", "Story"] },
    NOTE,
    "# Story #\n\n```\n## Goal\n```\n",
    "headings",
    /lacks the headings "goal", "ACCEPTANCE {2}criteria"; its headings are "Story"\. Add a line/,
  ],
  [
    "headings where there is none",
    { headings: ["Goal"] },
    "###### goal ######",
    "Goal\n#Goal\n",
    "headings",
    /lacks the heading "Goal"; it has no heading\. Add a line such as "## Goal"/,
  ],
  ["matches in a picture", { matches: "x" }, "x", null, "text", /cannot be checked: .* PNG image/],
];

for (const [what, check, passes, fails, key, says] of OUTPUTS) {
  Deno.test(`runChecks() judges an output by ${what}`, async () => {
    assert.deepEqual((await checkText(check, passes)).faults, []);
    const { faults, notes } = await checkText(check, fails);
    const [fault] = faults;
    assert.equal(faults.length, 1, JSON.stringify(faults));
    assert.deepEqual({ ...fault, reason: "" }, {
      what: "check",
      path: PATH,
      check: key,
      reason: "",
    });
    assert.match(fault?.reason ?? "", says);
    assert.ok(fault?.reason.startsWith(`the output ${PATH} `));
    assert.deepEqual(notes, []);
  });
}

const DATA: readonly [path: string, text: string, says: RegExp | null][] = [
  ["a.json", '{"name": "Ann", "age": 3}', null],
  ["a.json", '\uFEFF{"name": "Ann", "age": 3}', null],
  ["a.yaml", "name: Ann\nage: 3\n", null],
  ["a.YML", "name: Ann\nage: 3\n", null],
  ["a.json", '{"name": "Ann"}', /does not match its JSON Schema: Key "age" is missing.*Correct it/],
  ["a.json", '{"name": 1, "age": -1}', /"name" must be a string, but is 1 .*\/age must be >= 0/],
  ["a.json", '{"name": "A", "age": 1}', /\/name must NOT have fewer than 2 characters/],
  [
    "a.json",
    '{"name": "Al", "age": 1, "x": 1}',
    /Key "x" is not known here; known keys: name, age/,
  ],
  ["a.json", "[]", /The document must be an object, but is a list/],
  ["a.json", '{"name": ', /is no valid JSON: .* Write it as JSON, with no other text round it/],
  ["a.json", '```json\n{"name": "Al", "age": 1}\n```', /Leave out the ``` lines round it/],
  ["a.json", "", /is no valid JSON/],
  ["a.yaml", "name: [", /is no valid YAML/],
  ["a.yaml", "- 1", /must be an object/],
];

for (const [path, text, says] of DATA) {
  Deno.test(`runChecks() judges ${path} with ${JSON.stringify(text)} by its JSON Schema`, async () => {
    const { faults, notes } = await checkText(PERSON, text, `artifacts/${path}`);
    assert.deepEqual(faults.map(({ check }) => check), says ? ["jsonSchema"] : []);
    assert.match(faults[0]?.reason ?? "", says ?? /^$/);
    assert.deepEqual(notes, []);
  });
}

const VARIABLES: readonly [check: StepCheck, value: unknown, key: string, says: RegExp][] = [
  [{}, undefined, "exists", /the variable "score" is not set; set it with "variables"/],
  [{ exists: true }, null, "exists", /is not set/],
  [{ nonEmpty: true }, " ", "nonEmpty", /is empty .*; give it a value/],
  [{ nonEmpty: true }, [], "nonEmpty", /is empty \(a list of 0\)/],
  [{ nonEmpty: true }, {}, "nonEmpty", /is empty \(a map\)/],
  [{ range: { min: 0, max: 10 } }, 11, "range", /is 11, but has to be a number from 0 to 10/],
  [{ range: { min: 0 } }, -0.5, "range", /is -0.5, .* at least 0/],
  [{ range: { max: 1 } }, 2, "range", /is 2, .* at most 1/],
  [{ range: { max: 1 } }, "1", "range", /is the text "1", but has to be a number of at most 1/],
  [{ range: { max: 1 } }, NaN, "range", /is NaN/],
  [{ range: { max: 1 } }, [1], "range", /is a list of 1/],
  [{ matches: "^\\d+$" }, "ten", "matches", /has nothing that matches .*it begins with "ten"/],
  [{ matches: "a" }, ["a"], "matches", /is a list of 1, but has to be text/],
  [{ notMatches: "x" }, "axb", "notMatches", /line 1 does: "axb"/],
  [{ jsonSchema: { enum: ["a", "b"] } }, "c", "jsonSchema", /must be one of a, b, but is "c"/],
  [
    { jsonSchema: { type: "array", uniqueItems: true } },
    [{ a: 1, b: 2 }, { b: 2, a: 1 }],
    "jsonSchema",
    /the top must not hold the same item twice/,
  ],
];

for (const [check, value, key, says] of VARIABLES) {
  Deno.test(`runChecks() refuses ${JSON.stringify(value)} by ${JSON.stringify(check)}`, async () => {
    const { faults } = await checkVariable(check, value);
    assert.deepEqual(faults.map(({ variable, check }) => [variable, check]), [["score", key]]);
    assert.match(faults[0]?.reason ?? "", says);
  });
}

Deno.test("runChecks() accepts variables that are as they should be", async () => {
  const fitting: [StepCheck, unknown][] = [
    [{ exists: true }, false],
    [{ nonEmpty: true }, 0],
    [{ range: { min: 0, max: 10 } }, 10],
    [{ matches: "^1$" }, 1],
    [{ matches: "^b$", notMatches: "^a$" }, "b\nc"],
    [{ jsonSchema: { type: "array", uniqueItems: true } }, ["1", 1, "[1]"]],
    [{ jsonSchema: { type: "string", format: "date" } }, "2026-11-20"],
  ];
  for (const [check, value] of fitting) {
    assert.deepEqual(
      await checkVariable(check, value).then((report) => ({ ...report }).faults),
      [],
    );
  }
});

Deno.test("runChecks() expands variables in a path, and says which one is missing", async () => {
  const check = { output: "artifacts/{{name}}.md", exists: true } as const;
  const files = filesOf({ "@project/artifacts/a.md": "x" });
  assert.deepEqual((await runChecks([check], { variables: { name: "a" }, files })).faults, []);
  const { faults } = await runChecks([check], { variables: {}, files });
  assert.match(faults[0]?.reason ?? "", /needs the variable "name"; set it with "variables"/);
});

Deno.test("runChecks() reads nothing outside the project", async () => {
  const files: OutputFiles = {
    inspect: (path) => Promise.reject(new Error(`inspected ${path}`)),
    read: (path) => Promise.reject(new Error(`read ${path}`)),
  };
  for (const output of ["@pkg/steps/a.md", "@state/workflow.md", "assets/a.md", "{{name}}"]) {
    const variables = { name: "@state/logs" };
    const { faults } = await runChecks([{ output, matches: "x" }], { variables, files });
    assert.deepEqual(faults.map(({ check }) => check), ["exists"]);
  }
});

Deno.test("runChecks() checks only size and existence of a file over 2 MiB, and says so", async () => {
  const text = "x".repeat(MAX_CHECKED_BYTES + 1);
  const check: StepCheck = { nonEmpty: true, maxBytes: 10, matches: "y", headings: ["Goal"] };
  const { faults, notes } = await checkText(check, text);
  assert.deepEqual(faults.map(({ check }) => check), ["maxBytes"]);
  assert.match(notes[0] ?? "", /has 2097153 bytes; its content was not checked/);
});

const MIB = 1024 * 1024;
const DEEP_JSON = "[".repeat(MIB) + "]".repeat(MIB);
const TREE = {
  jsonSchema: {
    allOf: [{ $ref: "#/$defs/a" }],
    $defs: { a: { properties: { a: { $ref: "#/$defs/a" } } } },
  },
};
const BOMB = {
  jsonSchema: {
    $ref: "#/$defs/n0",
    $defs: Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => {
        const next = { $ref: `#/$defs/n${index + 1}` };
        return [`n${index}`, index === 39 ? { type: "string" } : { allOf: [next, next] }];
      }),
    ),
  },
};

/** Nothing here throws, hangs, or answers with more than a model can read. */
const HOSTILE: readonly [what: string, check: StepCheck, text: string, path?: string][] = [
  ["a backtracking pattern", { matches: "^(a+)+$", notMatches: "(a|aa)+$" }, "a".repeat(MIB) + "!"],
  ["a pattern of many states", { matches: "a[ab]{200}$" }, "ab".repeat(MIB)],
  ["a pattern that RE2 refuses", { matches: "(?=a)", notMatches: "[" }, "a"],
  ["one line of 2 MiB", { headings: ["a"], notMatches: "x$" }, "x".repeat(2 * MIB)],
  ["a million lines", { headings: ["a"], notMatches: "^b" }, "\n".repeat(MIB) + "b"],
  ["a million headings", { headings: ["a"] }, "# b\n".repeat(500_000)],
  ["a heading of 1 MiB", { headings: ["a".repeat(MIB)] }, `# ${"b".repeat(MIB)}`],
  ["marks without end", { headings: ["a"] }, `# a${" #".repeat(900_000)}x`],
  ["control characters", { matches: "x", notMatches: "\\x00" }, "\0\u001b[31m\ud800\n".repeat(99)],
  ["deep JSON", { jsonSchema: { type: "object" } }, DEEP_JSON],
  ["deep YAML", { jsonSchema: { type: "object" } }, "[".repeat(60_000), "artifacts/a.yaml"],
  ["YAML of anchors", { jsonSchema: {} }, "&a ".repeat(21_000), "artifacts/a.yaml"],
  ["a YAML bomb", { jsonSchema: {} }, yamlBomb(), "artifacts/a.yaml"],
  ["large YAML", { jsonSchema: {} }, "- a: 1\n".repeat(150_000), "artifacts/a.yaml"],
  ["long JSON", { jsonSchema: { items: { type: "string" } } }, `[${"1,".repeat(900_000)}1]`],
  ["many faults", { jsonSchema: { items: { type: "string" } } }, `[${"1,".repeat(99_999)}1]`],
  ["a schema that recurs", TREE, '{"a":{"a":{}}}'],
  ["a schema that multiplies", BOMB, '"x"'],
  ["a schema that is its own", { jsonSchema: { $ref: "#" } }, "1"],
  ["a schema from elsewhere", { jsonSchema: { $ref: "http://127.0.0.1/x" } }, "1"],
  ["a schema of wrong types", { jsonSchema: { minimum: "0;throw 1", required: 3 } }, "1"],
  [
    "a backtracking schema",
    { jsonSchema: { pattern: "^(a+)+$" } },
    JSON.stringify("a".repeat(MIB) + "!"),
  ],
  ["unique lists", { jsonSchema: { uniqueItems: true } }, `[${"[],".repeat(200_000)}[]]`],
  ["names of prototypes", { jsonSchema: { required: ["toString", "__proto__"] } }, "{}"],
  ["a prototype", { jsonSchema: { properties: { a: false } } }, '{"__proto__": {"a": 1}}'],
];

function yamlBomb(): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let index = 1; index < 12; index++) {
    lines.push(`a${index}: &a${index} [${Array(10).fill(`*a${index - 1}`).join(", ")}]`);
  }
  return lines.join("\n");
}

for (const [what, check, text, path] of HOSTILE) {
  Deno.test(`runChecks() survives ${what}`, async () => {
    const startedAt = performance.now();
    const { faults, notes } = await checkText(check, text, path);
    assert.ok(performance.now() - startedAt < PATIENCE_MS);
    assert.ok(JSON.stringify({ faults, notes }).length < 5000);
  });
}

Deno.test("runChecks() says what it gave up", async () => {
  const slow = await checkText({ matches: "a[ab]{200}$" }, "ab".repeat(MIB));
  assert.match(slow.notes[0] ?? "", /was not checked in full: that would take too long/);
  const large = await checkText(
    { jsonSchema: { items: { type: "string" } } },
    `[${"1,".repeat(900_000)}1]`,
  );
  assert.match(large.notes[0] ?? "", /not checked by schema: it holds too many values/);
  assert.match((await checkText(TREE, "{}")).notes[0] ?? "", /recursion is not supported/);
  assert.match((await checkText(BOMB, "{}")).notes[0] ?? "", /more than 2000 keywords/);
  assert.deepEqual([...slow.faults, ...large.faults], []);
});

Deno.test("runChecks() asks for own properties and sees those a file names __proto__", async () => {
  const own = { jsonSchema: { required: ["toString"] } };
  assert.equal((await checkText(own, "{}")).faults.length, 1);
  assert.equal((await checkText(own, '{"toString": 1}')).faults.length, 0);
});

Deno.test("readChecks() leaves out what is no check", () => {
  assert.deepEqual(readChecks({}), []);
  for (const checks of [null, "x", 3, {}]) {
    assert.deepEqual(readChecks({ checks } as never), []);
  }
  const checks = [null, "x", { output: 3, exists: "yes", matches: 7, range: [], headings: "a" }];
  assert.deepEqual(readChecks({ checks } as never), [{}, {}, { output: "3", matches: "7" }]);
});

Deno.test("runChecks() passes over a check that names nothing", async () => {
  const report = await runChecks([{}, { matches: "x" }], { variables: {}, files: filesOf({}) });
  assert.deepEqual([...report.faults, ...report.notes], []);
});

Deno.test("describeChecks() says every condition in words", () => {
  const checks: StepCheck[] = [
    {
      output: "artifacts/{{name}}.md",
      nonEmpty: true,
      minBytes: 5,
      maxBytes: 9,
      headings: ["A", "B"],
    },
    { output: "b.md", matches: "^# ", notMatches: "TODO" },
    { variable: "score", range: { min: 0, max: 10 } },
    { variable: "list", jsonSchema: { type: "array" } },
    { variable: "long", jsonSchema: { description: "x".repeat(2000) } },
    {},
  ];
  assert.deepEqual(describeChecks(checks, { name: "a" }), [
    '@project/artifacts/a.md: exists; is not empty; has at least 5 bytes; has at most 9 bytes; has the headings "A", "B"',
    '@project/artifacts/b.md: exists; matches the pattern "^# "; has nothing that matches the pattern "TODO"',
    'variable "score": is set; is a number from 0 to 10',
    'variable "list": is set; matches the JSON Schema {"type":"array"}',
    'variable "long": is set; matches the JSON Schema in the front matter of the step file',
  ]);
});
