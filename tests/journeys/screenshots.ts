// Takes a picture of every screen, in every size, light and dark: deno task screenshots --out DIR
// [--only NAME]. The pictures are for eyes; no test compares them.
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import { startBuilder, withHome } from "./builder_process.ts";
import { launchBrowser, patientContext } from "./chromium.ts";
import { faultyArchive, furnish, type Screen, signInContext } from "./screens.ts";
import type { BuilderClient } from "./builder_client.ts";
import { Buffer } from "node:buffer";

const SIZES = [
  { name: "1280", width: 1280, height: 720 },
  { name: "1920", width: 1920, height: 1080 },
  { name: "narrow", width: 400, height: 800 },
] as const;

const SCHEMES = ["light", "dark"] as const;

/** Waits until nothing moves or loads. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle").catch(() => undefined);
  await page.waitForTimeout(150);
}

interface Camera {
  readonly browser: Browser;
  readonly client: BuilderClient;
  readonly out: string;
}

async function takeAll(camera: Camera, screens: readonly Screen[]): Promise<void> {
  for (const size of SIZES) {
    for (const colorScheme of SCHEMES) {
      const { browser, client, out } = camera;
      const options = { viewport: { width: size.width, height: size.height }, colorScheme };
      const [own, foreign] = await Promise.all([
        patientContext(browser, options),
        patientContext(browser, options),
      ]);
      await signInContext(own, client);
      for (const { name, path, isPublic } of screens) {
        const page = await (isPublic ? foreign : own).newPage();
        await page.goto(client.origin + path);
        await settled(page);
        await page.screenshot({ path: join(out, `${name}-${size.name}-${colorScheme}.png`) });
        await takeStates(page, name, join(out, `${name}-%-${size.name}-${colorScheme}.png`));
        await page.close();
      }
      await Promise.all([own.close(), foreign.close()]);
    }
  }
}

/** What a screen shows only after something was done there. */
async function takeStates(page: Page, name: string, file: string): Promise<void> {
  const take = async (state: string) => {
    await settled(page);
    await page.screenshot({ path: file.replace("%", state) });
  };
  if (name === "editor") {
    await page.locator("#canvas").focus();
    await page.keyboard.press("f");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await take("node");
    await page.keyboard.press("e");
    await take("edge");
    await page.keyboard.press("Enter");
    await take("edge-form");
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");
    await take("add");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await take("keys");
  }
  if (name === "packages") {
    await page.locator("details.menu summary").first().click();
    await take("menu");
    await page.locator('input[type="file"]').first().setInputFiles({
      name: "faulty.bmad",
      mimeType: "application/zip",
      buffer: Buffer.from(faultyArchive()),
    });
    await take("import-refused");
  }
}

const { values } = parseArgs({ options: { out: { type: "string" }, only: { type: "string" } } });
if (values.out === undefined) throw new Error("Say where the pictures go: --out DIR");
await Deno.mkdir(values.out, { recursive: true });
const { out, only } = { out: values.out, only: values.only };
await withHome(async (home) => {
  const server = await startBuilder({ home });
  const browser = await launchBrowser();
  const { client, screens } = await furnish(server);
  await takeAll(
    { browser, client, out },
    screens.filter(({ name }) => only === undefined || name === only),
  );
  await browser.close();
  await server.stop();
});
