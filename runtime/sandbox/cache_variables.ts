// Where the runners of servers (npx, uvx, deno, bunx) keep what they download, told by environment.

/** Variables that keep downloads in one folder; those that are configured stay as they are. */
export function cacheVariables(
  cacheDir: string,
  configured: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const variables = {
    XDG_CACHE_HOME: cacheDir,
    npm_config_cache: `${cacheDir}/npm`,
    BUN_INSTALL_CACHE_DIR: `${cacheDir}/bun`,
    DENO_DIR: `${cacheDir}/deno`,
    UV_CACHE_DIR: `${cacheDir}/uv`,
    UV_TOOL_DIR: `${cacheDir}/uv-tools`,
    UV_PYTHON_INSTALL_DIR: `${cacheDir}/uv-python`,
    PIP_CACHE_DIR: `${cacheDir}/pip`,
  };
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => !Object.hasOwn(configured, name)),
  );
}
