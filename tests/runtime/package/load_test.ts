import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { packageHash } from "../../../runtime/package/integrity.ts";
import { type LoadedPackage, readPackage } from "../../../runtime/package/load.ts";
import type { Finding } from "../../../schemas/finding.ts";
import { asFiles, formAPackage, samplePackage, type Texts, writeTexts } from "./sample_package.ts";
import { buildZip } from "./zip_builder.ts";

interface Outcome {
  readonly loaded: LoadedPackage | undefined;
  readonly findings: readonly Finding[];
}

async function read(texts: Texts, prepare?: (dir: string) => Promise<void>): Promise<Outcome> {
  const dir = await Deno.makeTempDir();
  try {
    await writeTexts(dir, texts);
    await prepare?.(dir);
    const { package: loaded, findings } = await readPackage(dir);
    return { loaded, findings };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function readZip(texts: Texts): Promise<Outcome> {
  const file = await Deno.makeTempFile({ suffix: ".bmad" });
  try {
    const entries = Object.entries(texts).map(([name, content]) => ({ name, content, method: 8 }));
    await Deno.writeFile(file, buildZip(entries));
    const { package: loaded, findings } = await readPackage(file);
    return { loaded, findings };
  } finally {
    await Deno.remove(file);
  }
}

function within(folder: string, texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [folder + path, text]));
}

Deno.test("readPackage() gives workflows with graph, document and step files, the default first", async () => {
  const texts = samplePackage();
  const manifest = JSON.parse(texts["bmad.json"] ?? "");
  manifest.workflows.reverse();
  texts["bmad.json"] = JSON.stringify(manifest);
  const { loaded, findings } = await read(texts);

  deepStrictEqual(findings, []);
  ok(loaded);
  deepStrictEqual(loaded.workflows.map(({ id }) => id), ["main", "side"]);
  const [main] = loaded.workflows;
  strictEqual(main?.documentPath, "workflows/main/workflow.md");
  strictEqual(main.graphPath, "workflows/main/workflow.graph.json");
  strictEqual(main.documentText, texts["workflows/main/workflow.md"]);
  strictEqual(main.graph.entryNodeId, "plan");
  strictEqual(main.nodeFiles.get("call"), "workflows/main/steps/call.md");
  deepStrictEqual(loaded.agents.map(({ id }) => id), ["ann"]);
});

Deno.test("readPackage() calls the one workflow of form A main", async () => {
  const { loaded } = await read(formAPackage());

  deepStrictEqual(loaded?.workflows.map(({ id }) => id), ["main"]);
  deepStrictEqual([...loaded?.workflows[0]?.nodeFiles ?? []], [
    ["one", "steps/one.md"],
    ["two", "steps/two.md"],
  ]);
});

Deno.test("readPackage() gives an unlisted default workflow an id that no other has", async () => {
  const texts = samplePackage();
  const manifest = JSON.parse(texts["bmad.json"] ?? "");
  manifest.workflows[0].id = "other";
  manifest.workflows[1].id = "main";
  manifest.workflows.shift();
  texts["bmad.json"] = JSON.stringify(manifest);
  const { loaded } = await read(texts);

  deepStrictEqual(loaded?.workflows.map(({ id }) => id), ["main-2", "main"]);
});

const LENIENT: ReadonlyArray<readonly [string, (texts: Texts) => void]> = [
  [
    "an empty updatedAt",
    (it) => replace(it, "workflow.md", "stepsCompleted", 'updatedAt: ""\nstepsCompleted'),
  ],
  [
    "an empty key",
    (it) => replace(it, "workflow.md", "stepsCompleted", "variables:\nstepsCompleted"),
  ],
  [
    "an unquoted date",
    (it) =>
      replace(
        it,
        "workflow.md",
        "stepsCompleted",
        "date: 2026-11-20\nupdatedAt: 2026-11-20\nstepsCompleted",
      ),
  ],
  [
    "an unquoted date and time",
    (it) =>
      replace(
        it,
        "workflow.md",
        "stepsCompleted",
        "updatedAt: 2026-11-20 14:30:00\nstepsCompleted",
      ),
  ],
  ["an unquoted version", (it) => replace(it, "steps/one.md", '"1.1"', "1.1")],
  ["a BOM in every document", (it) => each(it, (text) => `\uFEFF${text}`)],
  ["CRLF in every document", (it) => each(it, (text) => text.replaceAll("\n", "\r\n"))],
  [
    "comments in front matter",
    (it) => replace(it, "steps/one.md", "nodeId: one", "# who\nnodeId: one # me"),
  ],
  [
    "unknown keys in front matter",
    (it) => replace(it, "steps/one.md", "nodeId: one", "nodeId: one\ncustom: {a: 1}"),
  ],
  [
    "null in optional keys of JSON",
    (it) =>
      replace(
        it,
        "workflow.graph.json",
        '"id": "one",',
        '"id": "one", "title": null, "inputs": null, "description": "",',
      ),
  ],
  [
    "./ in front of paths",
    (it) =>
      each(
        it,
        (text) =>
          text.replaceAll('"steps/', '"./steps/').replace('"agents.json"', '"./agents.json"'),
      ),
  ],
];

function replace(texts: Texts, file: string, from: string, to: string): void {
  const text = texts[file] ?? "";
  ok(text.includes(from), `${file} holds ${from}`);
  texts[file] = text.replace(from, to);
}

function each(texts: Texts, change: (text: string) => string): void {
  for (const [path, text] of Object.entries(texts)) texts[path] = change(text);
}

for (const [what, change] of LENIENT) {
  Deno.test(`readPackage() reads ${what} without a finding`, async () => {
    const texts = formAPackage();
    change(texts);
    const { loaded, findings } = await read(texts);

    deepStrictEqual(findings, []);
    strictEqual(loaded?.workflows[0]?.nodeFiles.size, 2);
    strictEqual(loaded?.workflows[0]?.documentText, texts["workflow.md"]);
  });
}

Deno.test("readPackage() takes a node's file relative to its workflow where the root has none", async () => {
  const texts = samplePackage();
  const graph = "workflows/main/workflow.graph.json";
  texts[graph] = (texts[graph] ?? "").replaceAll("workflows/main/steps/", "steps/");
  texts["steps/plan.md"] = texts["workflows/main/steps/plan.md"] ?? "";
  const { loaded, findings } = await read(texts);

  deepStrictEqual(findings, []);
  strictEqual(loaded?.workflows[0]?.nodeFiles.get("plan"), "steps/plan.md");
  strictEqual(loaded?.workflows[0]?.nodeFiles.get("done"), "workflows/main/steps/done.md");
});

Deno.test("readPackage() strips the single top folder of an archive", async () => {
  const plain = await readZip(formAPackage());
  const { loaded, findings } = await readZip({
    ...within("small-1.0.0/", formAPackage()),
    "__MACOSX/small-1.0.0/._bmad.json": "x",
    "small-1.0.0/.DS_Store": "x",
  });

  deepStrictEqual(findings, []);
  strictEqual(loaded?.hash, plain.loaded?.hash);
});

Deno.test("readPackage() does not strip a folder that something stands beside", async () => {
  const file = await Deno.makeTempFile();
  const texts = { ...within("a/", formAPackage()), "README.md": "x" };
  await Deno.writeFile(
    file,
    buildZip(Object.entries(texts).map(([name, content]) => ({ name, content }))),
  );

  await rejects(readPackage(file), { code: "PKG_INVALID", message: /holds no bmad.json/ });
  await Deno.remove(file);
});

Deno.test("readPackage() gives archive and folder of the same files the same hash", async () => {
  const texts = samplePackage();
  const folder = await read(texts);
  const archive = await readZip(texts);

  strictEqual(folder.loaded?.hash, packageHash(asFiles(texts)));
  strictEqual(archive.loaded?.hash, folder.loaded?.hash);
});

Deno.test("readPackage() leaves out files whose names start with a dot", async () => {
  const { loaded, findings } = await read({
    ...formAPackage(),
    ".git/config": "x",
    "steps/.draft.md": "x",
  });

  deepStrictEqual(findings, []);
  strictEqual(loaded?.hash, packageHash(asFiles(formAPackage())));
});

Deno.test("readPackage() refuses a folder that holds a link", async () => {
  const link = (dir: string) => Deno.symlink("/etc/hostname", `${dir}/steps/three.md`);

  await rejects(read(formAPackage(), link), { code: "PKG_ZIP_SYMLINK" });
});

Deno.test("readPackage() refuses a folder that holds a linked folder", async () => {
  await rejects(read(formAPackage(), (dir) => Deno.symlink("/etc", `${dir}/assets`)), {
    code: "PKG_ZIP_SYMLINK",
  });
});

Deno.test("readPackage() judges the names of a folder like those of an archive", async () => {
  await rejects(read({ ...formAPackage(), "assets/nul.txt": "x" }), {
    code: "PKG_ZIP_PATH_UNSAFE",
  });
  await rejects(read({ ...formAPackage(), "assets/a\\b": "x" }), { code: "PKG_ZIP_PATH_UNSAFE" });
});

Deno.test("readPackage() refuses a folder of more than 100 MiB before it reads it", async () => {
  const grow = async (dir: string) => {
    const file = await Deno.create(`${dir}/disk.img`);
    await file.truncate(101 * 1024 * 1024);
    file.close();
  };

  await rejects(read(formAPackage(), grow), { code: "PKG_ZIP_TOO_LARGE" });
});

Deno.test("readPackage() gives no package where a document does not match its schema", async () => {
  const texts = formAPackage();
  replace(texts, "workflow.graph.json", '"label": "done"', '"lable": "done"');
  const { loaded, findings } = await read(texts);

  strictEqual(loaded, undefined);
  deepStrictEqual(findings.map(({ code }) => code), ["SCHEMA_KEY_MISSING", "SCHEMA_KEY_UNKNOWN"]);
});

Deno.test("readPackage() gives the package where only a step file is wrong", async () => {
  const { loaded, findings } = await read({ ...formAPackage(), "steps/one.md": "no front matter" });

  ok(loaded);
  deepStrictEqual(findings.map(({ code }) => code), ["FRONT_MATTER_MISSING"]);
});
