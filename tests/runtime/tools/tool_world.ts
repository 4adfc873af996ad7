// A project, a package and things outside of both in a temporary folder, with an open tool host.
import { createHash } from "node:crypto";
import type { NodeCompletion, StateDocument, StateUpdate } from "../../../schemas/state.ts";
import type { ToolResult } from "../../../schemas/tool.ts";
import { openToolHost, type ToolHostOptions } from "../../../runtime/tools/open_tool_host.ts";
import { SYSTEM_POLICY } from "../../../runtime/tools/policy.ts";
import type {
  CallOptions,
  FileChange,
  ToolHost,
  ToolPolicy,
} from "../../../runtime/tools/tool_host.ts";

export const STATE_TEXT = "---\ncurrentNodeId: draft\nvariables: {}\n---\nGoal\n";

/** What a state document was asked to do, one entry a call. */
export type StateRequest =
  | { readonly propose: string; readonly ifMatchSha256?: string | undefined }
  | { readonly update: StateUpdate; readonly ifMatchSha256?: string | undefined }
  | { readonly complete: NodeCompletion };

export interface ToolWorld extends AsyncDisposable {
  readonly root: string;
  readonly project: string;
  readonly pkg: string;
  readonly outside: string;
  readonly host: ToolHost;
  readonly stateRequests: StateRequest[];
  readonly changes: FileChange[];
  options(policy?: Partial<ToolPolicy>): CallOptions;
  call(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    policy?: Partial<ToolPolicy>,
  ): Promise<ToolResult>;
  put(path: string, content: string | Uint8Array): void;
  text(path: string): string;
  exists(path: string): boolean;
}

/** Makes `project`, `pkg` and `outside` below one temporary folder; paths of `put` are relative to it. */
export async function openWorld(extra: Partial<ToolHostOptions> = {}): Promise<ToolWorld> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "crewagent-tools-" }));
  const folders = { project: `${root}/project`, pkg: `${root}/pkg`, outside: `${root}/outside` };
  for (const folder of Object.values(folders)) await Deno.mkdir(folder);
  const stateRequests: StateRequest[] = [];
  const changes: FileChange[] = [];
  const state = fakeState(stateRequests);
  const { project: projectDir, pkg: packageDir } = folders;
  const host = await openToolHost({ projectDir, packageDir, state, ...extra });
  const options = (policy: Partial<ToolPolicy> = {}): CallOptions => ({
    policy: { ...SYSTEM_POLICY, ...policy },
    signal: new AbortController().signal,
    beforeChange: (change) => Promise.resolve(void changes.push(change)),
  });
  return {
    root,
    ...folders,
    host,
    stateRequests,
    changes,
    options,
    call: (tool, args, policy) => host.call(tool, args, options(policy)),
    put(path, content) {
      const full = `${root}/${path}`;
      Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      Deno.writeFileSync(full, bytes);
    },
    text: (path) => Deno.readTextFileSync(`${root}/${path}`),
    exists: (path) => existsSync(`${root}/${path}`),
    async [Symbol.asyncDispose]() {
      await host.close();
      await Deno.remove(root, { recursive: true });
    },
  };
}

/** The code of a failure, `undefined` for success. */
export function codeOf(result: ToolResult): string | undefined {
  return result.ok ? undefined : result.error.code;
}

/** The message of a failure, empty for success. */
export function messageOf(result: ToolResult): string {
  return result.ok ? "" : result.error.message;
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function fakeState(requests: StateRequest[]): StateDocument {
  const note = (request: StateRequest): Promise<ToolResult> => {
    requests.push(request);
    return Promise.resolve({ ok: true, sha256Before: "before", sha256After: "after" });
  };
  return {
    path: "@state/workflow.md",
    read: () => Promise.resolve(STATE_TEXT),
    propose: (propose, ifMatchSha256) => note({ propose, ifMatchSha256 }),
    update: (update, ifMatchSha256) => note({ update, ifMatchSha256 }),
    complete: (complete) => note({ complete }),
  };
}

function existsSync(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
