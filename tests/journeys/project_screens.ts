// A project folder with files of every kind, and the screens that show it.
import { join } from "node:path";
import { projectIdOf } from "../../builder/project_id.ts";
import type { BuilderClient } from "./builder_client.ts";
import type { Screen } from "./screens.ts";

const MARKDOWN = `# Weekly report

A table, a list and a picture of the week.

| City | Sales |
| --- | ---: |
| Lyon | 12 |
| Ghent | 7 |

- open [the data](data/sales.csv)
- <b>this is text</b>, and [this leads nowhere](javascript:alert(1))

![Chart](chart.png) ![Elsewhere](https://example.org/x.png)

> Quoted words.

\`\`\`
npm test
\`\`\`
`;

/** One white pixel. */
const PNG = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4////fwAJ+wP9KobjigAAAABJRU5ErkJggg==",
);

/** Fills a folder. */
export async function furnishProject(dir: string): Promise<void> {
  await Deno.mkdir(join(dir, "artifacts"), { recursive: true });
  await Deno.mkdir(join(dir, "data/empty"), { recursive: true });
  const text = (name: string, content: string) => Deno.writeTextFile(join(dir, name), content);
  await text("artifacts/report.md", MARKDOWN);
  await Deno.writeFile(join(dir, "artifacts/chart.png"), PNG);
  await text("data/sales.csv", "city;sales\nLyon;12\nGhent;7\nPorto;31\n");
  await text(
    "data/settings.json",
    '{"name":"x","sizes":[1.0,2e3,12345678901234567890],"empty":{}}',
  );
  await text("data/log.txt", Array.from({ length: 1200 }, (_, at) => `line ${at + 1}\n`).join(""));
  await text(
    "logo.svg",
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="teal"/></svg>',
  );
  await text("notes.txt", "First line\nSecond line\n");
  await Deno.writeFile(join(dir, "archive.zip"), new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]));
  await text(".hidden", "not shown");
}

/** The screens of a project that `furnishProject` filled; one of its files is deleted on the way. */
export async function projectScreens(
  client: BuilderClient,
  { project, packageId }: { readonly project: string; readonly packageId: string },
): Promise<Screen[]> {
  const dir = await Deno.realPath(project);
  await furnishProject(dir);
  await Deno.writeTextFile(join(dir, "old.txt"), "old");
  const base = `/projects/${projectIdOf(dir)}`;
  await (await client.post("/projects", { path: dir })).body?.cancel();
  await (await client.post(`${base}/delete`, { path: "old.txt" })).body?.cancel();
  const file = (path: string) => `${base}/file?${new URLSearchParams({ path })}`;
  return [
    { name: "projects", path: "/projects" },
    { name: "project-folders", path: "/projects/folders" },
    { name: "run-folders", path: `/projects/folders?package=${packageId}` },
    { name: "project", path: base },
    { name: "project-folder", path: `${base}?path=data` },
    { name: "project-markdown", path: file("artifacts/report.md") },
    { name: "project-text", path: file("data/log.txt") },
    { name: "project-table", path: file("data/sales.csv") },
    { name: "project-json", path: file("data/settings.json") },
    { name: "project-picture", path: file("artifacts/chart.png") },
    { name: "project-drawing", path: file("logo.svg") },
    { name: "project-binary", path: file("archive.zip") },
    { name: "project-edit", path: `${base}/edit?path=notes.txt` },
    { name: "project-new", path: `${base}/new?folder=data` },
    { name: "project-rename", path: `${base}/rename?path=notes.txt` },
    { name: "project-bin", path: `${base}/bin` },
  ];
}
