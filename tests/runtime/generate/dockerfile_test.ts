// Docker cannot run where we test, so the Dockerfile is read by a linter and by what it has to promise.
import assert from "node:assert/strict";
import { DockerfileParser } from "dockerfile-ast";
import { validate, ValidationSeverity } from "dockerfile-utils";
import { DEPLOY_FILES } from "../../../runtime/generate/deploy_files.ts";
import { withProject } from "./generated_project.ts";

const DOCKERFILE = DEPLOY_FILES.get("Dockerfile") ?? "";

/** Everything that the linter can be told to look for. */
const STRICT = {
  deprecatedMaintainer: ValidationSeverity.ERROR,
  directiveCasing: ValidationSeverity.ERROR,
  emptyContinuationLine: ValidationSeverity.ERROR,
  instructionCasing: ValidationSeverity.ERROR,
  instructionCmdMultiple: ValidationSeverity.ERROR,
  instructionEntrypointMultiple: ValidationSeverity.ERROR,
  instructionHealthcheckMultiple: ValidationSeverity.ERROR,
  instructionJSONInSingleQuotes: ValidationSeverity.ERROR,
  instructionWorkdirRelative: ValidationSeverity.ERROR,
};

const faults = (text: string) => validate(text, STRICT).map(({ message }) => message);

Deno.test("the Dockerfile of a project is one to a strict linter, which sees what is none", () => {
  assert.deepEqual(faults(DOCKERFILE), []);
  const broken = [
    DOCKERFILE.replace("HEALTHCHECK --interval=30s", "HEALTHCHECK --interval=often"),
    DOCKERFILE.replace("EXPOSE 8080", "EXPOSE eighty"),
    DOCKERFILE.replace("WORKDIR /app", "WORKDIR app"),
    DOCKERFILE.replace("COPY deno.json ./", "COPY deno.json"),
    DOCKERFILE.replace("RUN deno install\n", "RUNS deno install\n"),
    `${DOCKERFILE}CMD ["true"]\n`,
  ];
  for (const text of broken) assert.notDeepEqual(faults(text), [], text);
});

Deno.test("the image of a project has two stages, ends as a user without rights, and checks its health", () => {
  const parsed = DockerfileParser.parse(DOCKERFILE);
  const froms = parsed.getFROMs();
  assert.equal(froms.length, 2);
  for (const from of froms) assert.match(from.getImage() ?? "", /^denoland\/deno:\d+\.\d+\.\d+$/);
  const lines = parsed.getInstructions();
  const lastStage = lines.slice(lines.findLastIndex((line) => line.getKeyword() === "FROM"));
  const words = lastStage.map((line) => line.getKeyword());
  const users = lastStage.filter((line) => line.getKeyword() === "USER");
  assert.deepEqual(users.map((line) => line.getArgumentsContent()), ["deno"]);
  assert.ok(words.indexOf("USER") < words.indexOf("CMD"), words.join());
  assert.equal(parsed.getHEALTHCHECKs().length, 1);
  assert.deepEqual(parsed.getCMDs().map((line) => line.getJSONStrings().length), [3]);
});

Deno.test("an image gets every file that the service imports, and none that may hold a secret", async () => {
  await withProject({ "bmad/agents/a.md": "Do it.\n" }, async ({ out }) => {
    const ignored = (await Deno.readTextFile(`${out}/.dockerignore`)).trim().split("\n");
    for (const secret of [".env", ".env.*", "**/.env", "config/secrets.env"]) {
      assert.ok(ignored.includes(secret), secret);
    }
    const top = Array.from(Deno.readDirSync(out), ({ name }) => name);
    const needed = ["agents", "app.ts", "deno.json", "engine", "flows.ts", "main.ts"];
    const sent = top.filter((name) => !ignored.includes(name));
    assert.deepEqual(needed.filter((name) => !sent.includes(name)), []);
  });
});
