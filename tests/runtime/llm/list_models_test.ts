import assert from "node:assert/strict";
import { listModels } from "../../../runtime/llm/list_models.ts";
import { profileConnection } from "../../../runtime/llm/profile_connection.ts";
import type { PresetName, Profile } from "../../../schemas/profile.ts";
import { startModelServer } from "../../model_server/model_server.ts";

const KEY = "sk-very-secret-0123456789";

/** Serves one answer and keeps what was asked. */
function serve(answer: () => Response | Promise<Response>) {
  const asked: { path: string; headers: Headers }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname, search } = new URL(request.url);
    asked.push({ path: pathname + search, headers: request.headers });
    return answer();
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  return { asked, origin, [Symbol.asyncDispose]: () => server.shutdown() };
}

function list(preset: PresetName, baseUrl: string, more: Partial<Profile> = {}): Promise<string[]> {
  const profile: Profile = { name: "p", preset, model: "m", baseUrl, key: { value: KEY }, ...more };
  return listModels(profileConnection(profile, {}), preset, new AbortController().signal);
}

const openAiList = () => Response.json({ data: [{ id: "a" }, { id: "models/b" }, { name: 1 }] });
const ollamaList = () => Response.json({ models: [{ name: "a:latest" }, { name: "b:8b" }] });

/** Preset, behind the origin, path asked, the header that carries the key. */
const REQUESTS: readonly [PresetName, string, string, string, string][] = [
  ["openai", "/v1", "/v1/models", "authorization", `Bearer ${KEY}`],
  ["custom", "/v1/?team=1", "/v1/models?team=1", "authorization", `Bearer ${KEY}`],
  ["gemini", "/v1beta/openai/", "/v1beta/openai/models", "authorization", `Bearer ${KEY}`],
  ["anthropic", "/v1", "/v1/models?limit=1000", "x-api-key", KEY],
  ["azure-openai", "", "/openai/models?api-version=2024-10-21", "api-key", KEY],
  [
    "azure-openai",
    "/openai/deployments/d?api-version=1",
    "/openai/models?api-version=2024-10-21",
    "api-key",
    KEY,
  ],
];

for (const [preset, behind, path, header, value] of REQUESTS) {
  Deno.test(`listModels() asks ${preset} for ${path} with the key in ${header}`, async () => {
    await using server = serve(openAiList);
    const names = await list(preset, server.origin + behind);

    assert.deepEqual(names, ["a", "models/b"]);
    assert.deepEqual(server.asked.map((request) => request.path), [path]);
    assert.equal(server.asked[0]?.headers.get(header), value);
  });
}

Deno.test("listModels() asks Anthropic by its own API and not with a bearer key", async () => {
  await using server = serve(openAiList);
  await list("anthropic", `${server.origin}/v1`);

  assert.equal(server.asked[0]?.headers.get("anthropic-version"), "2023-06-01");
  assert.equal(server.asked[0]?.headers.get("authorization"), null);
});

Deno.test("listModels() asks Ollama for its tags, below a path too", async () => {
  await using server = serve(ollamaList);

  assert.deepEqual(await list("ollama", server.origin), ["a:latest", "b:8b"]);
  assert.deepEqual(await list("ollama", `${server.origin}/box/v1`), ["a:latest", "b:8b"]);
  assert.deepEqual(server.asked.map(({ path }) => path), ["/api/tags", "/box/api/tags"]);
});

Deno.test("listModels() sends the profile's headers", async () => {
  await using server = serve(openAiList);
  await list("openrouter", `${server.origin}/v1`, { headers: { "X-Title": "CrewAgent" } });

  assert.equal(server.asked[0]?.headers.get("x-title"), "CrewAgent");
});

Deno.test("listModels() does not follow a redirect with the key", async () => {
  await using other = serve(openAiList);
  await using server = serve(() =>
    new Response(null, { status: 307, headers: { location: `${other.origin}/v1/models` } })
  );

  await assert.rejects(list("openai", `${server.origin}/v1`), { code: "LLM_HTTP" });
  assert.deepEqual(other.asked, []);
});

/** Title, answer, code. */
const FAILURES: readonly [string, () => Response, string][] = [
  [
    "an echo of the key",
    () => Response.json({ error: `bad key ${KEY}` }, { status: 401 }),
    "LLM_AUTH",
  ],
  ["a web page", () => new Response("<html><title>Sign in</title>"), "LLM_BAD_RESPONSE"],
  ["JSON of another kind", () => Response.json([KEY]), "LLM_BAD_RESPONSE"],
  ["a fault", () => Response.json({ error: KEY }, { status: 500 }), "LLM_HTTP"],
  ["no such path", () => new Response(null, { status: 404 }), "LLM_HTTP"],
];

for (const [title, answer, code] of FAILURES) {
  Deno.test(`listModels() turns ${title} into ${code} and never shows the key`, async () => {
    await using server = serve(answer);

    await assert.rejects(
      list("openai", `${server.origin}/v1`),
      (thrown: Error & { code?: string }) => {
        assert.equal(thrown.code, code);
        assert.ok(!Deno.inspect(thrown).includes(KEY), Deno.inspect(thrown));
        return true;
      },
    );
  });
}

Deno.test("listModels() says that nobody listens", async () => {
  const server = serve(openAiList);
  await server[Symbol.asyncDispose]();

  await assert.rejects(list("openai", `${server.origin}/v1`), { code: "LLM_UNREACHABLE" });
});

Deno.test("listModels() gives up on a server that does not answer", async () => {
  const gate = Promise.withResolvers<Response>();
  await using server = serve(() => gate.promise);

  await assert.rejects(list("openai", `${server.origin}/v1`, { timeoutMs: 50 }), {
    code: "LLM_TIMEOUT",
  });
  gate.resolve(openAiList());
});

Deno.test("listModels() ends at once when its signal aborts", async () => {
  await using server = startModelServer();
  const connection = profileConnection(
    { name: "p", preset: "custom", model: "m", baseUrl: server.baseUrl },
    {},
  );

  await assert.rejects(listModels(connection, "custom", AbortSignal.abort()), {
    code: "ENGINE_ABORTED",
  });
});
