// `crewagent policy`: the rules for tools in every run, and the consents that were given for good.
import { AppError, EXIT } from "../../schemas/error.ts";
import type { Consent, StandingConsent, ToolPolicyDocument } from "../../schemas/tool_policy.ts";
import { dataFolder } from "../run/data_folder.ts";
import { changeToolPolicy, readToolPolicy } from "../run/tool_policy_file.ts";
import { compileRules, formatRule, parseRule } from "../tools/tool_rules.ts";
import type { Command } from "./command.ts";
import { readOptions } from "./options.ts";
import { printable } from "./terminal.ts";

const HELP =
  `Usage: crewagent policy [allow|ask|deny TOOL [ARGUMENT=PATTERN ...] | remove N] [options]

Says what happens to the tool calls of every run. Without arguments it lists the rules, and the
consents given with "always". The first rule that fits a call decides; a new one is put first. A tool
that is denied whatever its arguments is not even shown to the model. Where no rule fits: reading is
allowed, so is writing under artifacts/; other writes to the project and MCP tools are asked for.

TOOL and PATTERN are globs: * stays inside a name, ** crosses folders. ARGUMENT is an argument of the
tool; "path" is compared as a mount path (@project/..., @pkg/...), where links have led. fs.search and
fs.list look into folders by themselves: a rule sees only the folder they begin at.

Options
  --json             the policy as it is saved
  --data DIR         where it is kept (or CREWAGENT_HOME)

Examples
  crewagent policy deny "fs.*" "path=@project/secrets/**"
  crewagent policy allow fs.write "path=@project/docs/**"
  crewagent policy remove 1

Exit codes: 0 ok, 2 usage, 3 the saved policy cannot be read.
`;

const USAGE = "crewagent policy [allow|ask|deny TOOL [ARGUMENT=PATTERN ...] | remove N]";

/** The command `policy`. */
export const command: Command = {
  help: HELP,
  run(args) {
    const { values, positionals } = readOptions(args, {
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const policy = carryOut(dataFolder(values.data), positionals);
    console.log(values.json ? JSON.stringify(policy, null, 2) : describe(policy));
    return Promise.resolve(EXIT.ok);
  },
};

function carryOut(dataDir: string, [action, ...words]: readonly string[]): ToolPolicyDocument {
  switch (action) {
    case undefined:
      return readToolPolicy(dataDir);
    case "allow":
    case "ask":
    case "deny":
      return addRule(dataDir, action, words);
    case "remove":
      return removeEntry(dataDir, words);
  }
  throw new AppError("USAGE", `"${action}" is no action of a policy. Usage: ${USAGE}`);
}

function addRule(dataDir: string, action: Consent, words: readonly string[]): ToolPolicyDocument {
  const rule = parseRule(action, words);
  compileRules([rule]);
  return changeToolPolicy(
    dataDir,
    (policy) => ({ ...policy, rules: [rule, ...policy.rules] }),
  );
}

function removeEntry(dataDir: string, [number, more]: readonly string[]): ToolPolicyDocument {
  const index = /^[1-9]\d{0,5}$/.test(number ?? "") && more === undefined ? Number(number) - 1 : -1;
  return changeToolPolicy(dataDir, (policy) => {
    const { rules, always } = policy;
    if (index < 0 || index >= rules.length + always.length) {
      throw new AppError(
        "USAGE",
        `"${number ?? ""}" is no number of the list, which has ${
          rules.length + always.length
        } lines. Show it with: crewagent policy`,
      );
    }
    return {
      ...policy,
      rules: rules.filter((_, at) => at !== index),
      always: always.filter((_, at) => at + rules.length !== index),
    };
  });
}

function describe({ rules, always }: ToolPolicyDocument): string {
  if (rules.length + always.length === 0) return "No rules: what is usual holds (see --help)";
  const lines = [...rules.map(formatRule), ...always.map(describeConsent)];
  return lines.map((line, index) => `${String(index + 1).padStart(3)}  ${printable(line)}`)
    .join("\n");
}

function describeConsent({ tool, path, agentId, packageHash }: StandingConsent): string {
  const what = path === undefined ? tool : `${tool} ${path}`;
  return `always ${what}, agent ${agentId || "(none)"}, package ${packageHash.slice(0, 12)}`;
}
