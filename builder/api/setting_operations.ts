// Operations: the settings of the installation, all for its owner: they start processes, reach the
// network, or take away. Accounts and tokens have tables of their own.
import { count, flag, list, orNull, record, ref, text } from "./json_schema.ts";
import { lazyCall, type Operation } from "./operation.ts";
import { TIDY_RUNS } from "./setting_components.ts";

const profiles = () => import("./setting_profiles.ts");
const servers = () => import("./setting_servers.ts");
const rules = () => import("./setting_rules.ts");
const data = () => import("./setting_data.ts");

type Line = Omit<Operation, "tag" | "access">;

const PROFILE = "/settings/profiles/{name}";
const SERVER = "/settings/mcp-servers/{serverId}";
const OK = (schema: string) => ({ 200: { data: ref(schema) } });
const MADE = (schema: string) => ({
  201: { data: ref(schema), headers: ["Location" as const] },
});
const GONE = { 204: { nothing: true as const } };

const PROFILE_LINES: readonly Line[] = [
  {
    operationId: "listProfiles",
    method: "GET",
    path: "/settings/profiles",
    summary: "The model profiles, without keys and values of headers.",
    answers: { 200: { data: list(ref("Profile")) } },
    errors: ["PROFILES_INVALID"],
    handler: lazyCall(profiles, "listProfiles"),
  },
  {
    operationId: "createProfile",
    method: "POST",
    path: "/settings/profiles",
    summary: "Adds a profile. Nothing is sent to its server.",
    body: { json: ref("NewProfile") },
    answers: MADE("Profile"),
    errors: ["PROFILE_EXISTS", "PROFILES_INVALID"],
    handler: lazyCall(profiles, "createProfile"),
  },
  {
    operationId: "getProfile",
    method: "GET",
    path: PROFILE,
    summary: "A profile.",
    answers: OK("Profile"),
    errors: ["PROFILE_NOT_FOUND", "PROFILES_INVALID"],
    handler: lazyCall(profiles, "getProfile"),
  },
  {
    operationId: "replaceProfile",
    method: "PUT",
    path: PROFILE,
    summary: "Replaces a profile; what is left out is as the preset has it, but for a kept key.",
    body: { json: ref("ProfileChange") },
    answers: OK("Profile"),
    errors: ["PROFILE_NOT_FOUND", "PROFILES_INVALID"],
    handler: lazyCall(profiles, "replaceProfile"),
  },
  {
    operationId: "deleteProfile",
    method: "DELETE",
    path: PROFILE,
    summary: "Removes a profile with its key.",
    answers: GONE,
    errors: ["PROFILE_NOT_FOUND", "PROFILES_INVALID"],
    handler: lazyCall(profiles, "deleteProfile"),
  },
  {
    operationId: "makeProfileDefault",
    method: "POST",
    path: `${PROFILE}/default`,
    summary: "Lets runs that name no model use it.",
    answers: OK("Profile"),
    errors: ["PROFILE_NOT_FOUND", "PROFILES_INVALID"],
    handler: lazyCall(profiles, "makeProfileDefault"),
  },
  {
    operationId: "listProfileModels",
    method: "GET",
    path: `${PROFILE}/models`,
    summary: "Asks the profile's server for its models, or says why that failed.",
    answers: { 200: { data: record({ models: list(text()), failure: orNull(text()) }) } },
    errors: ["PROFILE_NOT_FOUND", "PROFILES_INVALID", "LLM_NOT_CONFIGURED"],
    handler: lazyCall(profiles, "listProfileModels"),
  },
  {
    operationId: "startProfileTest",
    method: "POST",
    path: `${PROFILE}/test`,
    summary: "Starts the test of a profile; it costs some tokens. One that is running goes on.",
    answers: { 202: { data: ref("ProfileTrial") } },
    errors: ["PROFILE_NOT_FOUND", "PROFILES_INVALID", "LLM_NOT_CONFIGURED", "TRIAL_BUSY"],
    handler: lazyCall(profiles, "startProfileTest"),
  },
  {
    operationId: "getProfileTest",
    method: "GET",
    path: `${PROFILE}/test`,
    summary: "The test as it stands, and the last result.",
    answers: OK("ProfileTrial"),
    errors: ["PROFILE_NOT_FOUND", "PROFILES_INVALID"],
    handler: lazyCall(profiles, "getProfileTest"),
  },
  {
    operationId: "stopProfileTest",
    method: "DELETE",
    path: `${PROFILE}/test`,
    summary: "Stops the test; the result of before stays.",
    answers: GONE,
    errors: ["PROFILE_NOT_FOUND", "PROFILES_INVALID"],
    handler: lazyCall(profiles, "stopProfileTest"),
  },
];

const SERVER_LINES: readonly Line[] = [
  {
    operationId: "listMcpServers",
    method: "GET",
    path: "/settings/mcp-servers",
    summary: "The MCP servers, without values of their environments.",
    answers: { 200: { data: list(ref("McpServer")) } },
    errors: ["MCP_CONFIG_INVALID"],
    handler: lazyCall(servers, "listMcpServers"),
  },
  {
    operationId: "createMcpServer",
    method: "POST",
    path: "/settings/mcp-servers",
    summary: "Adds a server. It is not started.",
    body: { json: ref("NewMcpServer") },
    answers: MADE("McpServer"),
    errors: ["MCP_SERVER_EXISTS", "MCP_CONFIG_INVALID"],
    handler: lazyCall(servers, "createMcpServer"),
  },
  {
    operationId: "importMcpServers",
    method: "POST",
    path: "/settings/mcp-servers/import",
    summary: "Adds the servers of the mcpServers JSON of other programs: all of them, or none.",
    body: { json: record({ json: text(), replace: flag }, ["replace"]) },
    answers: { 200: { data: record({ added: list(text()), warnings: list(text()) }) } },
    errors: ["MCP_CONFIG_INVALID"],
    handler: lazyCall(servers, "importMcpServers"),
  },
  {
    operationId: "getMcpServer",
    method: "GET",
    path: SERVER,
    summary: "A server.",
    answers: OK("McpServer"),
    errors: ["MCP_SERVER_NOT_FOUND", "MCP_CONFIG_INVALID"],
    handler: lazyCall(servers, "getMcpServer"),
  },
  {
    operationId: "replaceMcpServer",
    method: "PUT",
    path: SERVER,
    summary: "Replaces a server; values of its environment stay where null stands for them.",
    body: { json: ref("McpServerChange") },
    answers: OK("McpServer"),
    errors: ["MCP_SERVER_NOT_FOUND", "MCP_CONFIG_INVALID"],
    handler: lazyCall(servers, "replaceMcpServer"),
  },
  {
    operationId: "switchMcpServer",
    method: "PATCH",
    path: SERVER,
    summary: "Lets runs use a server, or keeps it for later.",
    body: { json: record({ isEnabled: flag }) },
    answers: OK("McpServer"),
    errors: ["MCP_SERVER_NOT_FOUND", "MCP_CONFIG_INVALID"],
    handler: lazyCall(servers, "switchMcpServer"),
  },
  {
    operationId: "deleteMcpServer",
    method: "DELETE",
    path: SERVER,
    summary: "Removes a server with its environment.",
    answers: GONE,
    errors: ["MCP_SERVER_NOT_FOUND", "MCP_CONFIG_INVALID"],
    handler: lazyCall(servers, "deleteMcpServer"),
  },
  {
    operationId: "startMcpServerTest",
    method: "POST",
    path: `${SERVER}/test`,
    summary: "Starts a server as a run would, in a folder or in an empty one, and lists its tools.",
    body: { json: record({ projectDir: text() }, ["projectDir"]), isOptional: true },
    answers: { 202: { data: ref("McpTrial") } },
    errors: [
      "MCP_SERVER_NOT_FOUND",
      "MCP_CONFIG_INVALID",
      "PROJECT_NOT_FOUND",
      "TRIAL_BUSY",
    ],
    handler: lazyCall(servers, "startMcpServerTest"),
  },
  {
    operationId: "getMcpServerTest",
    method: "GET",
    path: `${SERVER}/test`,
    summary: "The last test since the server of the builder started.",
    answers: OK("McpTrial"),
    errors: ["MCP_SERVER_NOT_FOUND", "MCP_CONFIG_INVALID"],
    handler: lazyCall(servers, "getMcpServerTest"),
  },
  {
    operationId: "stopMcpServerTest",
    method: "DELETE",
    path: `${SERVER}/test`,
    summary: "Stops the test and ends the server.",
    answers: GONE,
    errors: ["MCP_SERVER_NOT_FOUND", "MCP_CONFIG_INVALID"],
    handler: lazyCall(servers, "stopMcpServerTest"),
  },
];

const RULE_LINES: readonly Line[] = [
  {
    operationId: "getToolPolicy",
    method: "GET",
    path: "/settings/tool-policy",
    summary: "Rules in their order, of which the first that fits decides, and standing consents.",
    answers: OK("ToolPolicy"),
    errors: ["POLICY_INVALID"],
    handler: lazyCall(rules, "getToolPolicy"),
  },
  {
    operationId: "addToolRule",
    method: "POST",
    path: "/settings/tool-policy/rules",
    summary: "Puts a rule before all others.",
    body: { json: ref("NewToolRule") },
    answers: { 201: { data: ref("ToolPolicy") } },
    errors: ["POLICY_INVALID", "USAGE"],
    handler: lazyCall(rules, "addToolRule"),
  },
  {
    operationId: "removeToolRule",
    method: "DELETE",
    path: "/settings/tool-policy/rules/{ruleId}",
    summary: "Removes a rule.",
    answers: GONE,
    errors: ["POLICY_RULE_NOT_FOUND", "POLICY_INVALID"],
    handler: lazyCall(rules, "removeToolRule"),
  },
  {
    operationId: "withdrawConsent",
    method: "DELETE",
    path: "/settings/tool-policy/consents/{consentId}",
    summary: "Withdraws what was allowed for good: it is asked for again.",
    answers: GONE,
    errors: ["POLICY_RULE_NOT_FOUND", "POLICY_INVALID"],
    handler: lazyCall(rules, "withdrawConsent"),
  },
  {
    operationId: "getLimits",
    method: "GET",
    path: "/settings/limits",
    summary: "The most that any run may take; null where nothing is set.",
    answers: OK("EngineLimits"),
    errors: ["LIMITS_INVALID"],
    handler: lazyCall(rules, "getLimits"),
  },
  {
    operationId: "changeLimits",
    method: "PATCH",
    path: "/settings/limits",
    summary: "Sets limits; null takes one away, what is left out stays.",
    body: { json: ref("EngineLimitsChange") },
    answers: OK("EngineLimits"),
    errors: ["LIMITS_INVALID"],
    handler: lazyCall(rules, "changeLimits"),
  },
];

const DATA_LINES: readonly Line[] = [
  {
    operationId: "getDataUse",
    method: "GET",
    path: "/settings/data",
    summary: "What the data folder holds, part by part, and which copies of packages may go.",
    answers: OK("DataUse"),
    errors: ["RUN_FOLDER_DAMAGED"],
    handler: lazyCall(data, "getDataUse"),
  },
  {
    operationId: "listOldRuns",
    method: "GET",
    path: "/settings/data/runs",
    summary:
      "Runs that were not touched for some days (30), oldest first; nothing is done to them.",
    query: { olderThanDays: count, which: text({ enum: ["ended", "all"] }) },
    answers: { 200: { data: TIDY_RUNS } },
    handler: lazyCall(data, "listOldRuns"),
  },
  {
    operationId: "listTrash",
    method: "GET",
    path: "/settings/data/trash",
    summary: "The runs in the trash.",
    answers: { 200: { data: TIDY_RUNS } },
    handler: lazyCall(data, "listTrash"),
  },
  {
    operationId: "trashRuns",
    method: "POST",
    path: "/settings/data/trash",
    summary: "Moves runs to the trash; those that are going on stay.",
    body: { json: record({ runIds: list(text()) }) },
    answers: OK("TidyOutcome"),
    errors: ["FILE_WRITE_FAILED"],
    handler: lazyCall(data, "trashRuns"),
  },
  {
    operationId: "restoreRun",
    method: "POST",
    path: "/settings/data/trash/{runId}/restore",
    summary: "Puts a run back.",
    answers: GONE,
    errors: ["RUN_NOT_FOUND", "FILE_WRITE_FAILED"],
    handler: lazyCall(data, "restoreRun"),
  },
  {
    operationId: "emptyTrash",
    method: "DELETE",
    path: "/settings/data/trash",
    summary: "Deletes what lies in the trash for good.",
    answers: { 200: { data: record({ runCount: count }) } },
    handler: lazyCall(data, "emptyTrash"),
  },
  {
    operationId: "removeUnusedPackages",
    method: "DELETE",
    path: "/settings/data/unused-packages",
    summary: "Deletes copies of packages that no run needs.",
    answers: { 200: { data: record({ packageCount: count, bytes: count }) } },
    errors: ["RUN_FOLDER_DAMAGED"],
    handler: lazyCall(data, "removeUnusedPackages"),
  },
];

/** `/settings`. */
export const SETTING_OPERATIONS: readonly Operation[] = [
  ...PROFILE_LINES,
  ...SERVER_LINES,
  ...RULE_LINES,
  ...DATA_LINES,
].map((line) => ({ ...line, tag: "settings", access: "owner" }));
