// The form of the manifest.
import type { Frame } from "../frame.ts";
import { Check, TextArea, TextField } from "./controls.tsx";
import type { FormState } from "./form_state.ts";
import { Section } from "./section.tsx";
import { filePath } from "./raw_form.tsx";

/** The fields of `bmad.json`. */
export function ManifestFields({ frame, form }: { frame: Frame; form: FormState }) {
  const { form: texts } = frame.texts;
  const common = { frame, form };
  return (
    <Section title={texts.manifest} lead={texts.manifestLead}>
      <TextField {...common} name="name" label={texts.packageName} />
      <TextField {...common} name="version" label={texts.version} hint={texts.versionHint} />
      <TextArea {...common} name="description" label={texts.description} kind="prose" rows={3} />
      <TextField {...common} name="author" label={texts.author} />
      <TextField
        {...common}
        name="minRuntimeVersion"
        label={texts.minRuntimeVersion}
        hint={texts.minRuntimeVersionHint}
        placeholder="0.1.0"
      />
      <Check
        {...common}
        name="requiresNetwork"
        label={texts.requiresNetwork}
        hint={texts.requiresNetworkHint}
      />
    </Section>
  );
}

/** Props of `FileList`. */
export interface FileListProps {
  readonly frame: Frame;
  readonly packageId: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/** All files of a package, each with the way to its text. */
export function FileList({ frame, packageId, files }: FileListProps) {
  const { form: texts, package: packageTexts } = frame.texts;
  return (
    <details class="file-panel">
      <summary>{texts.files}</summary>
      <p class="small muted">{texts.filesLead}</p>
      <ul class="rows">
        {files.map(({ path, bytes }) => (
          <li class="line">
            <a class="grow mono small quiet-link" href={filePath(packageId, path)}>{path}</a>
            <span class="small muted numeric">{packageTexts.bytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
