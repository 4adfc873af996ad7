// The builder killed in the middle of saves, life after life: what was answered is there, nothing is
// half there, and the next server goes on.
import assert from "node:assert/strict";
import { readArchive } from "../../runtime/package/archive.ts";
import type { WorkflowGraph } from "../../schemas/package.ts";
import { journey } from "./binary.ts";
import { type BuilderClient, newClient, signUpClient, text } from "./builder_client.ts";
import { startBuilder, withHome } from "./builder_process.ts";
import { newPackage } from "./screens.ts";

/** Answered edits after which each life ends. */
const LIVES = [1, 6, 3, 11, 2, 17];

/** Adds nodes, several requests at a time, until the server is gone; the titles that were answered. */
async function addUntilDeath(
  client: BuilderClient,
  { packageId, life, die }: { packageId: string; life: number; die: (answered: number) => void },
): Promise<string[]> {
  const answered: string[] = [];
  const add = async (lane: string) => {
    for (let round = 0;; round++) {
      const title = `Life ${life} ${lane} ${round}`;
      const edit = {
        kind: "node.add",
        workflowId: "main",
        type: "step",
        title,
        at: { x: 0, y: 0 },
      };
      const path = `/packages/${packageId}/edits`;
      const answer = await client.postJson(path, { baseRevision: 0, edit });
      assert.equal(answer.status, 200, await answer.clone().text());
      await answer.body?.cancel();
      answered.push(title);
      die(answered.length);
    }
  };
  const ends = await Promise.allSettled(["a", "b", "c"].map(add));
  for (const end of ends) {
    assert.equal(end.status, "rejected");
    // The connection is gone; any other reason is a fault.
    assert.ok(end.reason instanceof TypeError, String(end.reason));
  }
  return answered;
}

/** The titles of all nodes, by the exported file, which export only gives if it is sound. */
async function titlesOf(client: BuilderClient, packageId: string): Promise<string[]> {
  const answer = await client.get(`/packages/${packageId}/download`);
  assert.equal(answer.status, 200);
  const files = await readArchive(new Uint8Array(await answer.arrayBuffer()), "The export");
  const graph = new TextDecoder().decode(files.get("workflow.graph.json"));
  const { nodes } = JSON.parse(graph) as WorkflowGraph;
  // Each node has its file: a node and its file are one edit.
  assert.deepEqual(nodes.filter(({ file }) => file === undefined || !files.has(file)), []);
  return nodes.map(({ title }) => title ?? "");
}

journey(
  "a builder killed in the middle of saves keeps all that it answered, and nothing by halves",
  () =>
    withHome(async (home) => {
      let server = await startBuilder({ home });
      let client = await signUpClient(server);
      const packageId = await newPackage(client, "Killed", "hello-branch");
      const kept: string[] = [];
      for (const [life, deathAfter] of LIVES.entries()) {
        let death: Promise<void> | undefined;
        const die = (answered: number) => {
          if (answered >= deathAfter) death ??= server.kill();
        };
        kept.push(...await addUntilDeath(client, { packageId, life, die }));
        await death;

        const { cookies, csrf } = client;
        const { port } = new URL(server.origin);
        server = await startBuilder({ home, port: Number(port) });
        client = newClient(server.origin);
        // The very session of before, with the token of a page that is open since then.
        for (const [name, value] of cookies) client.cookies.set(name, value);
        client.csrf = csrf;
        const titles = await titlesOf(client, packageId);
        assert.deepEqual(kept.filter((title) => !titles.includes(title)), []);
        // At most what each of the three had under way came on top.
        const all = 5 + kept.length;
        assert.ok(
          titles.length >= all && titles.length <= all + 3 * (life + 1),
          `${titles.length}`,
        );
      }
      const undone = await client.postJson(`/packages/${packageId}/undo`, { baseRevision: 0 });
      assert.equal(undone.status, 200, await undone.clone().text());
      await undone.body?.cancel();
      assert.match(await text(client.get("/packages")), /Killed/);
      assert.equal(await server.stop(), 0);
    }),
);
