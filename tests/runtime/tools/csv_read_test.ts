import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { ToolResult } from "../../../schemas/tool.ts";
import { codeOf, messageOf, openWorld, sha256 } from "./tool_world.ts";

type Answer = Readonly<Record<string, unknown>>;

/** What `csv.read` answers for a file of this content. */
async function readCsv(
  content: string | Uint8Array,
  args: Answer = {},
  maxReadBytes = 512 * 1024,
): Promise<ToolResult & Answer> {
  await using world = await openWorld();
  world.put("project/a.csv", content);
  const policy = { csvEnabled: true, maxReadBytes };
  return await world.call("csv.read", { path: "@project/a.csv", ...args }, policy) as
    & ToolResult
    & Answer;
}

const names = ({ columns }: Answer) => (columns as { name: string }[]).map(({ name }) => name);
const types = ({ columns }: Answer) => (columns as { type: string }[]).map(({ type }) => type);

Deno.test("csv.read answers columns, rows, counts, and size and hash of the file", async () => {
  const content = "name,age\nAnn,31\nBob,9\n";
  deepEqual(await readCsv(content), {
    ok: true,
    path: "@project/a.csv",
    bytes: content.length,
    sha256: sha256(content),
    delimiter: ",",
    totalColumns: 2,
    totalRows: 2,
    startRow: 1,
    endRow: 2,
    columns: [{ name: "name", type: "text" }, { name: "age", type: "integer" }],
    rows: [["Ann", "31"], ["Bob", "9"]],
  });
});

const SHAPES: readonly (readonly [string, string, unknown])[] = [
  ["a BOM", "\uFEFFa,b\n1,2", [["1", "2"]]],
  ["CRLF", "a,b\r\n1,2\r\n3,4\r\n", [["1", "2"], ["3", "4"]]],
  ["line ends of old Macs", "a,b\r1,2\r3,4\r", [["1", "2"], ["3", "4"]]],
  ["mixed line ends", 'a,b\r\n"1",2\n3,"4"\r', [["1", "2"], ["3", "4"]]],
  ["no line end at the end", "a,b\n1,2", [["1", "2"]]],
  ["Excel's sep= line", "sep=;\r\na;b\r\n1,5;2\r\n", [["1,5", "2"]]],
  ["Excel's sep= line behind a BOM", "\uFEFFSEP=|\na|b\n1,1;1|2\n", [["1,1;1", "2"]]],
  ["semicolons", "a;b;c\n1;2;3\n4;5;6\n", [["1", "2", "3"], ["4", "5", "6"]]],
  ["tabs", "a\tb\n1\t2\n3\t4\n", [["1", "2"], ["3", "4"]]],
  ["delimiters, quotes and lines in quotes", 'a,b\n"x,""y""\n z",2\n', [['x,"y"\n z', "2"]]],
  ["CRLF in quotes", 'a,b\r\n"x\r\ny",2\r\n', [["x\ny", "2"]]],
  ["an empty cell in quotes", 'a,b\n"",""\n', [["", ""]]],
  ["spaces as they are", "a,b\n 1 , 2\n", [[" 1 ", " 2"]]],
  ["leading zeros as they are", "a,b\n007,1.10\n", [["007", "1.10"]]],
  ["what Excel would calculate as text", 'a,b\n=1+1,"@x"\n', [["=1+1", "@x"]]],
  ["one column", "a\n1\n2\n", [["1"], ["2"]]],
  ["rows that are too short", "a,b,c\n1\n", [["1", null, null]]],
  ["rows that are too long", "a,b\n1,2,3,4\n", [["1", "2", "3", "4"]]],
  ["nothing but a header", "a,b\n", []],
  ["an empty file", "", []],
  ["only blank lines", "\n\r\n\n", []],
];

for (const [title, content, rows] of SHAPES) {
  Deno.test(`csv.read understands ${title}`, async () => {
    const read = await readCsv(content);
    ok(read.ok, messageOf(read));
    deepEqual(read.rows, rows);
  });
}

Deno.test("csv.read cuts pieces of a long file at any place without harm", async () => {
  const cell = (row: number) => `"r${row}; ""é"" ${"x".repeat(row % 97)}\r\nend"`;
  const rows = Array.from({ length: 20_000 }, (_, at) => `${at + 1};${cell(at + 1)};ü`);
  const read = await readCsv(`id;text;u\r\n${rows.join("\r\n")}`, { startRow: 19_999 });
  deepEqual([read.totalRows, types(read)], [20_000, ["integer", "text", "text"]]);
  deepEqual(
    read.rows,
    [19_999, 20_000].map((row) => [
      String(row),
      `r${row}; "é" ${"x".repeat(row % 97)}\nend`,
      "ü",
    ]),
  );
});

const TYPES: readonly (readonly [string, readonly string[]])[] = [
  ["integer", ["1", "-20", "", "+3", "0"]],
  ["number", ["1", "2.5", ".5", "-1e9"]],
  ["boolean", ["true", "FALSE", "yes"]],
  ["date", ["2026-01-31", ""]],
  ["date-time", ["2026-01-31T10:00:00Z", "2026-01-31 10:00"]],
  ["text", ["1", "x"]],
  ["text", ["007", "008"]],
  ["text", ["1,5"]],
  ["text", ["2026-01-31", "5"]],
  ["text", [`1${"0".repeat(100)}`]],
  ["empty", ["", " "]],
];

for (const [type, cells] of TYPES) {
  Deno.test(`csv.read takes ${JSON.stringify(cells).slice(0, 60)} for ${type}`, async () => {
    deepEqual(types(await readCsv(`a,b\n${cells.map((cell) => `"${cell}",x`).join("\n")}`)), [
      type,
      "text",
    ]);
  });
}

Deno.test("csv.read takes a type from all rows, not only from those it shows", async () => {
  deepEqual(types(await readCsv("a,b\n1,1\n2,2\nx,3\n", { endRow: 1 })), ["text", "integer"]);
});

Deno.test("csv.read gives columns names that are unique and not empty", async () => {
  deepEqual(names(await readCsv("a,, a ,__proto__,a (2)\n1,2,3,4,5\n")), [
    "a",
    "column 2",
    "a (2)",
    "__proto__",
    "a (2) (2)",
  ]);
});

Deno.test("csv.read counts the first row where there is no header", async () => {
  const read = await readCsv("1,2\n3,4\n", { header: false });
  deepEqual([read.totalRows, names(read)], [2, ["column 1", "column 2"]]);
  deepEqual(read.rows, [["1", "2"], ["3", "4"]]);
});

Deno.test("csv.read answers a window of rows, both ends included", async () => {
  const content = `n\n${Array.from({ length: 500 }, (_, at) => at + 1).join("\n")}\n`;
  const window = await readCsv(content, { startRow: 3, endRow: 4 });
  const first = await readCsv(content);
  const last = await readCsv(content, { startRow: 499, endRow: 9999 });
  deepEqual([window.rows, window.startRow, window.endRow], [[["3"], ["4"]], 3, 4]);
  deepEqual([first.endRow, first.totalRows], [100, 500]);
  deepEqual([last.rows, last.endRow], [[["499"], ["500"]], 500]);
});

Deno.test("csv.read answers chosen columns by name, case and number, in that order", async () => {
  const read = await readCsv("Name,Age,City\nAnn,31,Bonn\nBob\n", { columns: ["3", "name"] });
  deepEqual([names(read), read.rows], [["City", "Name"], [["Bonn", "Ann"], [null, "Bob"]]]);
});

Deno.test("csv.read takes a column by its name before its number", async () => {
  deepEqual((await readCsv("2,1\na,b\n", { columns: ["1"] })).rows, [["b"]]);
});

Deno.test("csv.read notes ragged rows, blank lines and bad quotes, with their numbers", async () => {
  const read = await readCsv('a,b\n\n1\n1,2\n1,2,3\n"x"y,2\n');
  deepEqual(read.notes, [
    "1 blank lines are left out and not counted",
    "3 rows (1, 3, 4) have more or fewer cells than there are columns",
    "1 rows (6) (header included) have quotes that are not closed or not doubled",
  ]);
});

Deno.test("csv.read cuts long cells and says so", async () => {
  const read = await readCsv(`a,b\n${"x".repeat(5000)},2\n`);
  deepEqual(read.rows, [[`${"x".repeat(2000)}… (5000 characters)`, "2"]]);
  deepEqual(read.notes, ["1 rows (1) have long cells, of which the beginning is shown"]);
});

Deno.test("csv.read answers no more than the read limit and says where to go on", async () => {
  const content = `a,b\n${`${"x".repeat(50)},ü\n`.repeat(100)}`;
  const read = await readCsv(content, {}, 1000);
  const { columns, rows, endRow } = read;
  deepEqual([read.truncated, (rows as unknown[]).length, read.totalRows], [true, endRow, 100]);
  match(String(read.hint), new RegExp(`from row ${Number(endRow) + 1}`));
  ok(new TextEncoder().encode(JSON.stringify({ columns, rows })).length < 1100);
});

Deno.test("csv.read asks for columns where one row is over the read limit", async () => {
  const content = `${"a".repeat(40)},b\n${"x".repeat(1500)},2\n`;
  const read = await readCsv(content, {}, 300);
  deepEqual([read.ok, read.rows, read.truncated], [true, [], true]);
  match(String(read.hint), /Choose columns/);
  deepEqual((await readCsv(content, { columns: ["b"] }, 300)).rows, [["2"]]);
});

Deno.test("csv.read refuses more columns than fit, and still answers chosen ones", async () => {
  const header = Array.from({ length: 50_000 }, (_, at) => `c${at}`).join(",");
  const content = `${header}\n${"1,".repeat(49_999)}1\n`;
  equal(codeOf(await readCsv(content)), "E_READ_LIMIT");
  const read = await readCsv(content, { columns: ["50000"] });
  deepEqual([names(read), read.rows, read.totalColumns], [["c49999"], [["1"]], 50_000]);
});

Deno.test("csv.read reads what is no UTF-8 as windows-1252, as Excel saves it", async () => {
  const late = `name;x\r\n${"a;b\r\n".repeat(100_000)}M\xfcller;\x80\r\n`;
  const read = await readCsv(Buffer.from(late, "latin1"), { startRow: 100_001 });
  deepEqual([read.encoding, read.rows, read.totalRows], [
    "windows-1252",
    [["Müller", "€"]],
    100_001,
  ]);
});

Deno.test("csv.read takes a delimiter by character and by name", async () => {
  deepEqual((await readCsv("a,b;c\n1,2;3\n", { delimiter: ";" })).rows, [["1,2", "3"]]);
  deepEqual((await readCsv("a,b\tc\n1,2\t3\n", { delimiter: "tab" })).rows, [["1,2", "3"]]);
});

const REFUSALS: readonly (readonly [string, string | Uint8Array, Answer, string, RegExp])[] = [
  ["an unknown column", "a,b\n1,2\n", { columns: ["c"] }, "E_TOOL_ARGS", /no column "c".*"a", "b"/],
  ["a column in two cases", "A,a\n1,2\n", { columns: ["Ａ"] }, "E_TOOL_ARGS", /no column/],
  ["column 0", "a\n1\n", { columns: ["0"] }, "E_TOOL_ARGS", /no column "0"/],
  ["a window behind the end", "a\n1\n", { startRow: 2 }, "E_TOOL_ARGS", /has 1 rows/],
  [
    "a window that ends before it starts",
    "a\n",
    { startRow: 3, endRow: 2 },
    "E_TOOL_ARGS",
    /behind/,
  ],
  ["row 0", "a\n", { startRow: 0 }, "E_TOOL_ARGS", /whole number from 1/],
  ["a long delimiter", "a\n", { delimiter: "::" }, "E_TOOL_ARGS", /one character/],
  ["a quote as delimiter", "a\n", { delimiter: '"' }, "E_TOOL_ARGS", /one character/],
  ["a line end as delimiter", "a\n", { delimiter: "\n" }, "E_TOOL_ARGS", /one character/],
  ["a missing file", "a\n", { path: "@project/b.csv" }, "ENOENT", /holds a\.csv/],
  ["a folder", "a\n", { path: "@project" }, "E_TOOL_ARGS", /is a folder/],
  ["the state document", "a\n", { path: "@state/workflow.md" }, "E_TOOL_ARGS", /fs_read/],
  [
    "a path out of the project",
    "a\n",
    { path: "@project/../x" },
    "E_SANDBOX_VIOLATION",
    /leads out/,
  ],
  ["the repository", "a\n", { path: "@project/.git/x" }, "E_SANDBOX_VIOLATION", /closed/],
  ["a spreadsheet", Buffer.from("PK\x03\x04\0\0"), {}, "E_TOOL_ARGS", /Office/],
  ["UTF-16", Buffer.from("\uFEFFa,b", "utf16le"), {}, "E_TOOL_ARGS", /UTF-16/],
  [
    "a quote that never ends",
    `a,b\n1,"${"x,\n".repeat(600_000)}`,
    {},
    "E_TOOL_ARGS",
    /Row 2 .*not closed/,
  ],
];

for (const [title, content, args, code, message] of REFUSALS) {
  Deno.test(`csv.read refuses ${title}`, async () => {
    const read = await readCsv(content, args);
    equal(codeOf(read), code, JSON.stringify(read).slice(0, 200));
    match(messageOf(read), message);
  });
}

Deno.test("csv.read keeps both walls: a link out of the project is refused", async () => {
  await using world = await openWorld();
  world.put("outside/a.csv", "a\nSECRET\n");
  await Deno.symlink(`${world.outside}/a.csv`, `${world.project}/a.csv`);
  const read = await world.call("csv.read", { path: "@project/a.csv" }, { csvEnabled: true });
  equal(codeOf(read), "E_SANDBOX_VIOLATION");
});

Deno.test("csv.read bears quotes without end in one long row", async () => {
  const read = await readCsv(`a\n"${'x" '.repeat(200_000)}\n1\n`);
  equal(read.ok, true, messageOf(read));
});
