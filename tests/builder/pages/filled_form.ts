// A package with forms to fill in, and what a browser would send back of a page's form.
import assert from "node:assert/strict";
import type { Draft } from "../../../builder/edit/draft.ts";
import { blankPackage } from "../../../runtime/package/template.ts";
import { type AppUnderTest, type Browser, type Fields, withApp } from "../http/app_under_test.ts";

/** What htmx says of itself. */
export const HTMX = { "hx-request": "true" };

/** A package of a signed-in user. */
export interface Scene {
  readonly app: AppUnderTest;
  readonly browser: Browser;
  readonly base: string;
  /** The workflow's first node. */
  readonly node: string;
  readonly nodeId: string;
  readonly workflowId: string;
  readonly agentId: string;
  draft(): Promise<Draft>;
}

/** Runs a test on a blank package. */
export async function withPackage(test: (scene: Scene) => Promise<void>): Promise<void> {
  await withApp(async (app) => {
    const browser = await app.signedIn("ada");
    const user = await app.store.users.findByName("ada");
    assert.ok(user);
    const { packageId } = await app.store.packages.create(user.userId, blankPackage("forms"));
    const draft = async () => (await app.services.liveDrafts.read(user.userId, packageId)).draft;
    const first = await draft();
    const workflowId = first.workflows[0]?.id ?? "";
    const nodeId = first.workflow(workflowId)?.entryNodeId ?? "";
    const agentId = first.agents[0]?.id ?? "";
    const base = `/packages/${packageId}`;
    const node = `${base}/workflows/${workflowId}/nodes/${nodeId}`;
    await test({ app, browser, base, node, nodeId, workflowId, agentId, draft });
  });
}

/** The fields of a page's form as a browser would send them back. */
export async function formOf(browser: Browser, path: string): Promise<Record<string, string>> {
  const page = await (await browser.get(path)).text();
  const form = /<form id="sheet-form"[\s\S]*?<\/form>/.exec(page)?.[0] ?? "";
  const fields: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input [^>]*>/g)) {
    const name = attribute(tag, "name");
    const isOff = attribute(tag, "type") === "checkbox" && !/ checked/.test(tag);
    if (name !== "" && !isOff) fields[name] = attribute(tag, "value");
  }
  for (const [whole, text = ""] of form.matchAll(/<textarea [^>]*>\n?([\s\S]*?)<\/textarea>/g)) {
    fields[attribute(whole, "name")] = unescaped(text).replace(/^\n/, "");
  }
  for (const [whole] of form.matchAll(/<select [\s\S]*?<\/select>/g)) {
    const chosen = /<option [^>]*selected[^>]*>/.exec(whole)?.[0] ??
      /<option [^>]*>/.exec(whole)?.[0] ?? "";
    fields[attribute(whole, "name")] = attribute(chosen, "value");
  }
  return fields;
}

function attribute(tag: string, name: string): string {
  return unescaped(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

/** Sends a page's form with some fields changed, as htmx does. */
export const change = async (browser: Browser, path: string, fields: Fields) =>
  await browser.post(path, { ...await formOf(browser, path), ...fields }, HTMX);
