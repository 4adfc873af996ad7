import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type ApiUnderTest, type Call, withApi } from "./api_under_test.ts";

/** What is changed, and the operation that shows its ETag. */
interface Case {
  readonly show: string;
  readonly change: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Two changes that exclude each other, if both authors saw the same. */
  readonly calls: readonly [Call, Call];
}

const patch = (definition: unknown): Call => ({ json: { definition } });

const CASES: readonly Case[] = [
  {
    show: "getPackage",
    change: "changePackage",
    calls: [{ json: { author: "One" } }, { json: { description: "Two" } }],
  },
  {
    show: "getWorkflow",
    change: "changeWorkflow",
    calls: [{ json: { displayName: "One" } }, { json: { description: "Two" } }],
  },
  {
    show: "getAgent",
    change: "changeAgent",
    params: { agentId: "" },
    calls: [patch({ systemPrompt: "One" }), patch({ userPromptTemplate: "Two" })],
  },
  {
    show: "readFile",
    change: "writeFile",
    params: { path: "assets/story-template.md" },
    calls: [{ body: "One" }, { body: "Two" }],
  },
];

async function paramsOf({ call }: ApiUnderTest, { params = {} }: Case) {
  const [agent] = (await call("listAgents")).data;
  return { ...params, ...("agentId" in params && { agentId: agent.agentId }) };
}

for (const example of CASES) {
  const { show, change, calls } = example;
  Deno.test(`${change}: of two changes at once with the same If-Match one is made, the other refused`, async () => {
    await withApi(async (api) => {
      const params = await paramsOf(api, example);
      const etag = (await api.call(show, { params })).headers.get("etag") ?? "";
      const headers = { "if-match": etag };
      const answers = await Promise.all(
        calls.map((each) => api.call(change, { ...each, params, headers })),
      );
      // Which of the two comes first is theirs to settle.
      const [made, refused] = answers.toSorted((a, b) => a.status - b.status);
      deepStrictEqual([made?.status, refused?.status], [200, 409]);
      strictEqual(refused?.code, "EDIT_CONFLICT");
      const now = made?.headers.get("etag");
      strictEqual((await api.call(show, { params })).headers.get("etag"), now);
      strictEqual(refused?.error.details.etag, now);
      strictEqual((await api.call("listHistory")).data.length, 2);
    });
  });

  Deno.test(`${change}: without If-Match both are made`, async () => {
    await withApi(async (api) => {
      const params = await paramsOf(api, example);
      const statuses: number[] = [];
      for (const each of calls) statuses.push((await api.call(change, { ...each, params })).status);
      deepStrictEqual(statuses, [200, 200]);
    });
  });

  Deno.test(`${change}: takes a list of tags and *, and no weak or foreign one`, async () => {
    await withApi(async (api) => {
      const params = await paramsOf(api, example);
      const etag = (await api.call(show, { params })).headers.get("etag") ?? "";
      const statusWith = async (ifMatch: string, call: Call) =>
        (await api.call(change, { ...call, params, headers: { "if-match": ifMatch } })).status;
      strictEqual(await statusWith(`W/${etag}`, calls[0]), 409);
      strictEqual(await statusWith('"x"', calls[0]), 409);
      strictEqual(await statusWith("", calls[0]), 409);
      strictEqual(await statusWith(`"x", ${etag}`, calls[0]), 200);
      strictEqual(await statusWith("*", calls[1]), 200);
    });
  });
}

Deno.test("If-Match: a change elsewhere in the package does not count", async () => {
  await withApi(async ({ call }) => {
    const etag = (await call("getWorkflow")).headers.get("etag") ?? "";
    await call("changePackage", { json: { author: "Otto" } });
    const headers = { "if-match": etag };
    strictEqual((await call("changeWorkflow", { json: { tags: ["a"] }, headers })).status, 200);
  });
});

Deno.test("If-None-Match: * makes a file and does not write over one", async () => {
  await withApi(async ({ call }) => {
    const write = { params: { path: "new.md" }, headers: { "if-none-match": "*" } };
    strictEqual((await call("writeAsset", { ...write, body: "one" })).status, 201);
    strictEqual((await call("writeAsset", { ...write, body: "two" })).code, "FILE_EXISTS");
  });
});

Deno.test("If-Match: nothing is deleted that its reader did not see", async () => {
  await withApi(async ({ call }) => {
    const params = { path: "gone.md" };
    const headers = {
      "if-match": (await call("writeAsset", { params, body: "1" })).headers.get("etag") ?? "",
    };
    await call("writeAsset", { params, body: "2" });
    strictEqual((await call("deleteAsset", { params, headers })).code, "EDIT_CONFLICT");
    strictEqual((await call("deleteAsset", { params })).status, 204);
  });
});
