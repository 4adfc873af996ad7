// The environment of a server: what is configured, and the little that programs need to run at all.
// Not inherited: keys and tokens, proxies (their URLs carry passwords), NODE_OPTIONS, LD_PRELOAD.

/** Names that pass, and why. */
const PASSED: readonly string[] = [
  // Where programs, their caches and their temporary files are.
  "PATH",
  "HOME",
  "TMPDIR",
  // Who runs; some programs look nowhere else.
  "USER",
  "LOGNAME",
  // How text, numbers and times are written.
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TZ",
];

/** Without these, Windows programs do not start or do not find a home. */
const PASSED_ON_WINDOWS: readonly string[] = [
  "PATH",
  "PATHEXT",
  "SystemRoot",
  "SystemDrive",
  "ComSpec",
  "TEMP",
  "TMP",
  "USERPROFILE",
  "USERNAME",
  "HOMEDRIVE",
  "HOMEPATH",
  "APPDATA",
  "LOCALAPPDATA",
  "ProgramFiles",
  "PROCESSOR_ARCHITECTURE",
];

/** Everything the server gets; what is configured wins over what is passed. */
export function serverEnvironment(
  configured: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = Deno.build.os === "windows" ? PASSED_ON_WINDOWS : PASSED;
  const passed = names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passed), ...configured };
}
