// Agents by somebody who wants to break or to inject: the project that comes of them is sound.
import assert from "node:assert/strict";
import { join } from "node:path";
import { readFlowSource } from "../../../runtime/flow/read_flow_source.ts";
import { filesBelow, runDeno, withProject } from "./generated_project.ts";
import { HOSTILE_IDS, hostileSources } from "./hostile_sources.ts";

const REPORT = `import { agents, definitions } from "./flows.ts";
import { modules, tools } from "./tools.ts";
const injected = "injected" in globalThis;
const names = Object.keys(modules);
console.log(JSON.stringify({ agents, definitions, tools, names, injected }));
`;

Deno.test("a project of hostile agents holds them as data, is formatted, type-checks and runs", async () => {
  await withProject(hostileSources(), async ({ dir, out, generated }) => {
    assert.deepEqual(generated.findings.filter(({ severity }) => severity === "error"), []);
    const formatted = await runDeno(out, ["fmt", "--check"]);
    assert.equal(formatted.code, 0, formatted.text);
    const checked = await runDeno(out, ["check"]);
    assert.equal(checked.code, 0, checked.text);
    const smoke = await runDeno(out, ["task", "test"]);
    assert.equal(smoke.code, 0, smoke.text);
    await Deno.writeTextFile(join(out, "report.ts"), REPORT);
    const { code, text } = await runDeno(out, ["run", "--quiet", "--no-prompt", "report.ts"]);
    assert.equal(code, 0, text);
    const { source } = readFlowSource(dir, { env: {}, envFiles: [] });
    assert.deepEqual(JSON.parse(text), {
      ...JSON.parse(JSON.stringify({
        agents: source.agents,
        definitions: source.flows,
        tools: source.tools,
      })),
      names: ["utils/count.js"],
      injected: false,
    });
  });
});

Deno.test("a project holds no secret and no file but ours, and nothing lies beside it", async () => {
  await withProject(hostileSources(), async ({ dir, out, generated }) => {
    const files = await filesBelow(out);
    for (const [path, text] of files) assert.doesNotMatch(text, /s3cret/, path);
    const agents = [...files.keys()].filter((path) => path.startsWith("agents/"));
    assert.equal(agents.length, HOSTILE_IDS.length);
    const names = [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
    assert.deepEqual(names, [".env", "bmad", "config", "generated"]);
    const leftOut = generated.findings.filter(({ code }) => code === "FLOW_SECRET_LEFT_OUT");
    assert.deepEqual(leftOut.map(({ message }) => message.split(" ")[0]), [
      '"llm.base_url"',
      '"memory.redis.url"',
    ]);
  });
});
