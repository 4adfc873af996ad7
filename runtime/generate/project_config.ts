// deno.json, package.json and tsconfig.json of a generated project. Pure.
import type { Engine } from "./engine.ts";

/** What a service may do: answer and ask over the network, read and write its own folder. */
const START = "deno run --no-prompt --allow-env --allow-net --allow-read=. --allow-write=. main.ts";

const STRICT = {
  strict: true,
  noImplicitOverride: true,
  noUncheckedIndexedAccess: true,
  noFallthroughCasesInSwitch: true,
  useUnknownInCatchVariables: true,
  exactOptionalPropertyTypes: true,
};

/** The three files, by path. */
export function configFiles(engine: Engine): ReadonlyMap<string, string> {
  return new Map([
    ["deno.json", json(denoConfig(engine))],
    ["package.json", json(packageConfig(engine))],
    ["tsconfig.json", json(TYPESCRIPT)],
  ]);
}

function denoConfig({ libraries }: Engine): unknown {
  const imports = Object.entries(libraries).flatMap(([name, { version, hasSubpaths }]) => [
    [name, `npm:${name}@${version}`],
    ...(hasSubpaths ? [[`${name}/`, `npm:/${name}@${version}/`]] : []),
  ]);
  return {
    // package.json is for Node; without this Deno would wait for an npm install.
    nodeModulesDir: "none",
    tasks: {
      start: START,
      test: "deno test --no-check --no-prompt --allow-env --allow-net --allow-read --allow-write",
      check: "deno fmt --check && deno check",
    },
    imports: Object.fromEntries(imports),
    compilerOptions: STRICT,
    test: { include: ["smoke_test.ts"] },
    fmt: { lineWidth: 100, proseWrap: "preserve", exclude: ["modules/", "docs/", "memory/"] },
    exclude: ["node_modules/"],
  };
}

function packageConfig({ libraries, tools }: Engine): unknown {
  const { tsx, ...checks } = tools;
  const needed = Object.entries(libraries).map(([name, { version }]) => [name, version]);
  return {
    name: "crewagent-flows",
    private: true,
    type: "module",
    engines: { node: ">=20" },
    scripts: {
      start: "node --import tsx main.ts",
      test: "node --import tsx --test smoke_test.ts",
      check: "tsc --noEmit",
    },
    dependencies: Object.fromEntries([...needed, ["tsx", tsx]].sort()),
    devDependencies: checks,
  };
}

const TYPESCRIPT = {
  compilerOptions: {
    target: "ES2022",
    lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
    module: "ESNext",
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    allowJs: true,
    checkJs: false,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
    ...STRICT,
  },
  include: ["*.ts", "agents", "engine"],
};

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
