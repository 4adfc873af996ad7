// Opens a page in the person's browser. Whether that worked is for them to see: the link is printed.

/** Whether this machine seems to have a screen: a text browser in the terminal helps nobody. */
function hasScreen(): boolean {
  if (Deno.build.os !== "linux") return true;
  return ["DISPLAY", "WAYLAND_DISPLAY"].some((name) => Boolean(Deno.env.get(name)));
}

function openerOf(url: string): readonly [string, ...string[]] {
  if (Deno.build.os === "darwin") return ["open", url];
  // Not `cmd /c start`, which reads the link as a command line.
  if (Deno.build.os === "windows") return ["rundll32", "url.dll,FileProtocolHandler", url];
  return ["xdg-open", url];
}

/** Opens a URL in the browser of this system; a failure is no failure. */
export function openBrowser(url: string): void {
  if (!hasScreen()) return;
  const [program, ...args] = openerOf(url);
  try {
    const options = { args, stdin: "null", stdout: "null", stderr: "null" } as const;
    new Deno.Command(program, options).spawn().unref();
  } catch {
    // No such program: the printed link is the way.
  }
}
