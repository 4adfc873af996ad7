// The command line of macOS' sandbox-exec, with a profile that denies what it does not name. Pure but
// for questions to the machine. Written from Apple's own profiles; not tried on a Mac by our tests.
import { cacheVariables } from "./cache_variables.ts";
import { ancestorsOf, outermost, trimmed } from "./paths.ts";
import { readablePaths } from "./readable_paths.ts";
import type { WrapOptions, WrappedCommand } from "./sandbox.ts";
import type { SandboxTools } from "./sandbox_tools.ts";
import { MACOS_PROGRAMS, MACOS_SETTINGS } from "./system_paths.ts";

/** Arguments that start `true` under a profile that allows everything. */
export function seatbeltProbe(): readonly string[] {
  return ["-p", "(version 1)(allow default)", "/usr/bin/true"];
}

/** The command line that starts a program inside. */
export function seatbeltCommand(
  sandboxExec: string,
  { command, args }: WrappedCommand,
  options: WrapOptions & { readonly tools: SandboxTools },
): WrappedCommand {
  const { cacheDir, env } = options;
  const variables = cacheDir === undefined
    ? {}
    : { TMPDIR: cacheDir, ...cacheVariables(cacheDir, env) };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return {
    command: sandboxExec,
    args: [
      ...["-p", seatbeltProfile({ command, args }, options)],
      ...["/usr/bin/env", ...assignments, command, ...args],
    ],
  };
}

/** Services that programs of the command line need: users, logs, certificates, names, time. */
const SERVICES = [
  "com.apple.SystemConfiguration.DNSConfiguration",
  "com.apple.SystemConfiguration.configd",
  "com.apple.dnssd.service",
  "com.apple.logd",
  "com.apple.system.logger",
  "com.apple.system.notification_center",
  "com.apple.system.opendirectoryd.libinfo",
  "com.apple.system.opendirectoryd.membership",
  "com.apple.trustd",
  "com.apple.trustd.agent",
];

const DEVICES = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];

/** The profile in Apple's sandbox language; of rules that fit, the last one counts. */
export function seatbeltProfile(
  { command, args }: WrappedCommand,
  options: WrapOptions & { readonly tools: SandboxTools },
): string {
  const { tools, projectDir, env, cwd = projectDir, cacheDir, hidden = [] } = options;
  const real = (path: string) => trimmed(tools.realPath(path) ?? path);
  const named = [...readablePaths({ command, args, cwd, env }, tools), ...options.readOnly];
  const writable = [projectDir, ...(cacheDir === undefined ? [] : [cacheDir])].map(real);
  const readable = outermost([
    ...MACOS_PROGRAMS,
    ...MACOS_SETTINGS,
    ...named.map(real),
    ...writable,
  ]);
  // A path is looked up name by name, also where links lead through it.
  const above = new Set([...readable, ...named, projectDir, "/tmp", "/var", "/etc"].flatMap(
    (path) => [...ancestorsOf(path), path],
  ));
  return [
    "(version 1)",
    "(deny default)",
    "(allow process-exec process-fork)",
    "(allow signal (target same-sandbox))",
    "(allow process-info* (target same-sandbox))",
    "(allow sysctl-read)",
    "(allow ipc-posix-sem ipc-posix-shm)",
    `(allow mach-lookup${SERVICES.map((name) => ` (global-name ${quoted(name)})`).join("")})`,
    ...(options.network === "none" ? [] : [
      "(allow network*)",
      "(allow system-socket)",
      // Sockets of other programs, but for the one that looks up names.
      "(deny network* (remote unix-socket))",
      '(allow network-outbound (literal "/private/var/run/mDNSResponder"))',
    ]),
    `(allow file-read-metadata${each("literal", [...above])})`,
    `(allow file-read* (literal "/")${each("literal", DEVICES)}${each("subpath", readable)})`,
    `(allow file-write* ${each("literal", DEVICES)}${each("subpath", writable)})`,
    '(allow file-ioctl (literal "/dev/null"))',
    // What stands in .git runs with a person's rights at their next commit.
    `(deny file-write*${each("subpath", [`${real(projectDir)}/.git`])})`,
    ...hidden.map(real).map((path) => `(deny file-read* file-write*${each("subpath", [path])})`),
    ...(cacheDir === undefined
      ? []
      : [`(allow file-read* file-write*${each("subpath", [real(cacheDir)])})`]),
  ].join("\n");
}

function each(filter: "literal" | "subpath", paths: readonly string[]): string {
  return paths.map((path) => ` (${filter} ${quoted(path)})`).join("");
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
