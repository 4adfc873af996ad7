// How fast and how large the builder is, by the built executable: deno task bench:builder
// Prints the load of the machine first: on a busy one the times say little. Not here: what the browser
// does with it (`editor.ts`).
import { runBinary } from "../journeys/binary.ts";
import { largePackage } from "../views/editor/large_package.ts";
import { writeArchive } from "../../runtime/package/archive.ts";
import { type BuilderClient, signUpClient, text } from "../journeys/builder_client.ts";
import { type BuilderProcess, startBuilder, withHome } from "../journeys/builder_process.ts";
import { loadOfMachine, memoryOf } from "./process_use.ts";

const STARTS = 10;
const LOAD_MS = 4_000;
const CONNECTIONS = 16;
const EDITS = 300;

/** A measurement, and what it should not exceed. */
interface Report {
  readonly name: string;
  readonly values: readonly number[];
  readonly aim?: string;
}

function report({ name, values, aim = "" }: Report): void {
  const sorted = [...values].sort((a, b) => a - b);
  const numbers = [0.5, 0.95, 0.99, 1].map((share) => at(sorted, share).toFixed(1).padStart(9));
  console.log(`${name.padEnd(44)}${numbers.join("")}   ${aim}`);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** From the start of the program to the last byte of its first page. */
async function startToFirstPage(home: string): Promise<number> {
  const startedAt = performance.now();
  const server = await startBuilder({ home });
  await text(fetch(server.link));
  const took = performance.now() - startedAt;
  await server.stop();
  return took;
}

async function starts(): Promise<void> {
  const fresh: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    await withHome(async (home) => {
      fresh.push(await startToFirstPage(home));
    });
  }
  report({ name: "first start to first page, ms", values: fresh, aim: "median < 200" });
  await withHome(async (home) => {
    await runBinary(["user", "add", "mina"], { home, stdin: "correct horse\n" });
    const later: number[] = [];
    for (let round = 0; round < STARTS; round++) later.push(await startToFirstPage(home));
    report({ name: "later start to first page, ms", values: later, aim: "median < 200" });
  });
}

function reportMemory(name: string, { pid }: BuilderProcess, aim = ""): void {
  const { resident, own } = memoryOf(pid);
  console.log(
    `${name.padEnd(44)}${resident.toFixed(1).padStart(9)}${own.toFixed(1).padStart(9)}` +
      `   ${aim}`,
  );
}

/** Asks for a page again and again over several connections; times of single answers. */
async function underLoad(client: BuilderClient, path: string): Promise<void> {
  const times: number[] = [];
  const until = performance.now() + LOAD_MS;
  const headers = { "sec-fetch-site": "same-origin" };
  const ask = async () => {
    while (performance.now() < until) {
      const startedAt = performance.now();
      const answer = await client.send(path, { headers });
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, ask));
  const name = path.replace(/packages\/[a-z0-9]{10,}/, "packages/:id").replace(
    /\?.*|[0-9a-f]{16,}/,
    "",
  );
  const rate = `${(times.length / LOAD_MS * 1000).toFixed(0)} pages/s`;
  report({ name: `GET ${name}, ms`, values: times, aim: rate });
}

/** Server time per edit, as its client sees it: alone, one after another. */
async function edits(client: BuilderClient, packageId: string): Promise<void> {
  const times: number[] = [];
  const path = `/packages/${packageId}`;
  let revision = 0;
  for (let round = 0; round < EDITS; round++) {
    const edit = editAt(round);
    const startedAt = performance.now();
    const answer = await client.postJson(
      `${path}/edits`,
      { baseRevision: revision, edit },
      "text/html",
    );
    const page = await answer.text();
    if (answer.status !== 200) throw new Error(page);
    times.push(performance.now() - startedAt);
    revision = Number(/data-revision="(\d+)"/.exec(page)?.[1]);
  }
  report({
    name: "edit of 1,000 nodes, 1,500 edges, ms",
    values: times.slice(20),
    aim: "p95 < 15",
  });
}

function editAt(round: number): unknown {
  const workflowId = "big";
  const nodeId = `node-${round * 37 % 900 + 1}`;
  if (round % 3 === 0) {
    return { kind: "nodes.move", workflowId, positions: { [nodeId]: { x: round, y: round } } };
  }
  if (round % 3 === 1) {
    return { kind: "node.change", workflowId, nodeId, fields: { title: `Title ${round}` } };
  }
  return { kind: "edge.add", workflowId, from: "node-1", to: nodeId, label: `way ${round}` };
}

async function importPackage(client: BuilderClient): Promise<string> {
  const bytes = writeArchive(largePackage({ nodes: 1_000, edges: 1_500 }), "The large package");
  const file = new File([bytes as Uint8Array<ArrayBuffer>], "large.bmad");
  const answer = await client.post("/packages/import", { file });
  const location = answer.headers.get("location") ?? "";
  await answer.body?.cancel();
  return /^\/packages\/([a-z0-9]+)/.exec(location)?.[1] ?? "";
}

async function newPackage(client: BuilderClient, template: string): Promise<string> {
  const answer = await client.post("/packages", { name: `Of ${template}`, template });
  await answer.body?.cancel();
  return answer.headers.get("location")?.split("?")[0] ?? "";
}

async function serving(server: BuilderProcess): Promise<void> {
  await text(fetch(server.link));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  console.log(`\n${"memory, MB".padEnd(44)} resident      own`);
  reportMemory("idle after the first page", server, "< 110");
  const client = await signUpClient(server);
  const small = await newPackage(client, "hello-branch");
  const large = await importPackage(client);
  const workflow = `${small}/workflows/main`;
  for (const path of ["/packages", small, workflow, `${workflow}/outline`]) {
    await text(client.get(path));
  }
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  reportMemory("idle after an editor was open", server);
  console.log(`\n${`${CONNECTIONS} connections`.padEnd(44)}   median      p95      p99      max`);
  for (const path of ["/login", "/packages", small, workflow, `${workflow}/canvas?since=0`]) {
    if (path !== "/login") await underLoad(client, path);
  }
  console.log(`\n${"one connection".padEnd(44)}   median      p95      p99      max`);
  await edits(client, large);
  reportMemory("\nafter all of it", server);
}

console.log(`load ${loadOfMachine()}, ${navigator.hardwareConcurrency} cores\n`);
console.log(`${`${STARTS} starts`.padEnd(44)}   median      p95      p99      max`);
await starts();
await withHome(async (home) => {
  const server = await startBuilder({ home });
  await serving(server);
  await server.stop();
});
