// The page of the manifest, with the list of all files.
import { FileList, ManifestFields } from "../../views/forms/manifest_form.tsx";
import type { FormState } from "../../views/forms/form_state.ts";
import { Sheet } from "../../views/forms/sheet.tsx";
import { PackageFrame, packagePath } from "../../views/package_frame.tsx";
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import type { AppContext } from "../app_context.ts";
import type { Draft } from "../edit/draft.ts";
import { flag, line, prose } from "../forms/codec.ts";
import { type FormSubject, saveForm } from "../forms/save_form.ts";
import type { FormField } from "../forms/submission.ts";
import { answerForm, type FormViews, generatedFile, showForm } from "./form_answer.tsx";
import { packageOfPath } from "./package.tsx";

function fieldsOf({ manifest }: Draft): readonly FormField[] {
  const { name, version, description, author, runtime } = manifest;
  return [
    { name: "name", codec: line, value: name },
    { name: "version", codec: line, value: version },
    { name: "description", codec: prose, value: description },
    { name: "author", codec: line, value: author },
    { name: "minRuntimeVersion", codec: line, value: runtime?.minRuntimeVersion },
    { name: "requiresNetwork", codec: flag(), value: runtime?.requiresNetwork },
  ];
}

const REQUIRED: readonly string[] = ["name", "version"];

const SUBJECT: FormSubject = {
  fieldsOf,
  editOf: (changes) => ({
    kind: "manifest.change",
    fields: Object.fromEntries(
      Array.from(changes, ([name, value]) => [name, REQUIRED.includes(name) ? value ?? "" : value]),
    ),
  }),
};

function viewsOf(c: AppContext): FormViews {
  const { frame, texts } = c.var;
  const packageId = c.req.param("packageId") ?? "";
  const path = `${packagePath(packageId)}/manifest`;
  const sheet = (draft: Draft, form: FormState) => (
    <Sheet
      {...{ frame, form, packageId }}
      source={path}
      action={path}
      place="page"
      file={generatedFile(draft, MANIFEST_PATH)}
      side={
        <FileList
          frame={frame}
          packageId={packageId}
          files={[...draft.files].map(([path, { length }]) => ({ path, bytes: length }))
            .sort((a, b) => a.path < b.path ? -1 : 1)}
        />
      }
    >
      <ManifestFields frame={frame} form={form} />
    </Sheet>
  );
  const page = async (draft: Draft, form: FormState) => {
    const record = await packageOfPath(c);
    return (
      <PackageFrame
        frame={frame}
        record={record}
        active="manifest"
        title={texts.form.manifest}
        crumbs={[{ label: texts.form.manifest }]}
        scripts={["forms.js"]}
        styles={["forms.css"]}
      >
        {sheet(draft, form)}
      </PackageFrame>
    );
  };
  return { path, scope: "package", sheet, page };
}

/** `GET …/manifest`. */
export async function showManifest(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const { draft } = await liveDrafts.read(user.userId, c.req.param("packageId") ?? "");
  return await showForm(c, { draft, fields: fieldsOf(draft), views: viewsOf(c) });
}

/** `POST …/manifest`. */
export async function postManifest(c: AppContext): Promise<Response> {
  return await answerForm(c, await saveForm(c, SUBJECT), viewsOf(c));
}
