// The list of packages, and what makes one: new, from a template, from a file. Not here: one package.
import { listTemplates } from "../../runtime/package/template.ts";
import { AppError } from "../../schemas/error.ts";
import { NewPackagePage } from "../../views/package_forms.tsx";
import { ImportRefusedPage } from "../../views/import_refused.tsx";
import { BinPage } from "../../views/package_bin.tsx";
import { PackageListPage } from "../../views/package_list.tsx";
import type { AppContext } from "../app_context.ts";
import { fileField, textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { addNewPackage, importPackage as keepArchive, type ImportResult } from "../new_package.ts";

/** `GET /`. */
export function home(_c: AppContext): Response {
  return redirect("/packages");
}

/** `GET /packages?search=`; `?deleted=` offers to undo a deletion. */
export async function showPackages(c: AppContext): Promise<Response> {
  const { services: { store }, user, frame } = c.var;
  const search = (c.req.query("search") ?? "").trim().slice(0, 200);
  const packages = await store.packages.list(user.userId, search === "" ? {} : { search });
  const deletedId = c.req.query("deleted");
  const bin = deletedId === undefined
    ? []
    : await store.packages.list(user.userId, { from: "bin" });
  const deleted = bin.find(({ packageId }) => packageId === deletedId);
  return await htmlResponse(
    <PackageListPage
      frame={frame}
      packages={packages}
      search={search}
      {...(deleted && { deleted })}
    />,
  );
}

/** `GET /packages/bin`. */
export async function showBin(c: AppContext): Promise<Response> {
  const { services: { store }, user, frame } = c.var;
  const packages = await store.packages.list(user.userId, { from: "bin" });
  return await htmlResponse(<BinPage frame={frame} packages={packages} />);
}

/** `GET /packages/new?template=`. */
export async function showNewPackage(c: AppContext): Promise<Response> {
  return await newPackagePage(c, { name: "", template: c.req.query("template") ?? "" });
}

async function newPackagePage(
  c: AppContext,
  typed: { readonly name: string; readonly template: string },
  refusal?: AppError,
): Promise<Response> {
  const page = (
    <NewPackagePage
      frame={c.var.frame}
      templates={await listTemplates()}
      {...typed}
      {...(refusal && { fault: refusal.message })}
    />
  );
  return await htmlResponse(page, refusal ? { status: refusal.httpStatus } : {});
}

/** `POST /packages` (`name`, `template`): makes a package and shows it. */
export async function createPackage(c: AppContext): Promise<Response> {
  const { services: { store }, user } = c.var;
  const form = await readForm(c);
  const typed = { name: textField(form, "name"), template: textField(form, "template") };
  try {
    const record = await addNewPackage(store.packages, user.userId, typed);
    return redirect(`/packages/${encodeURIComponent(record.packageId)}`);
  } catch (thrown) {
    const isMendable = thrown instanceof AppError &&
      ["PKG_INVALID", "PKG_NAME_TAKEN", "PKG_TEMPLATE_UNKNOWN"].includes(thrown.code);
    if (!isMendable) throw thrown;
    return await newPackagePage(c, typed, thrown);
  }
}

/** `POST /packages/import` (`file`): keeps a package, or says why not and keeps nothing. */
export async function importPackage(c: AppContext): Promise<Response> {
  const { services: { store }, user, frame } = c.var;
  const file = fileField(await readForm(c), "file");
  const fileName = file.name.slice(0, 200);
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const result = await keepArchive(store.packages, user.userId, { bytes, what: fileName });
    return await importAnswer(c, fileName, result);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !thrown.code.startsWith("PKG_")) throw thrown;
    return await htmlResponse(
      <ImportRefusedPage
        frame={frame}
        fileName={fileName}
        findings={[]}
        fault={thrown.message}
      />,
      { status: thrown.httpStatus },
    );
  }
}

async function importAnswer(
  c: AppContext,
  fileName: string,
  { record, findings, renamedFrom }: ImportResult,
): Promise<Response> {
  if (record) {
    const notice = renamedFrom === undefined ? "imported" : "imported-renamed";
    return redirect(`/packages/${encodeURIComponent(record.packageId)}?notice=${notice}`);
  }
  return await htmlResponse(
    <ImportRefusedPage frame={c.var.frame} fileName={fileName} findings={findings} />,
    { status: 422 },
  );
}
