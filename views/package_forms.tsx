// The two pages that ask for a package's name: a new one, and another name for one that is there.
import type { Frame } from "./frame.ts";
import { Icon } from "./icons.tsx";
import { Page } from "./layout.tsx";

/** A template to choose. */
export interface TemplateChoice {
  readonly name: string;
  readonly description: string;
}

/** The page of a new package. */
export interface NewPackageProps {
  readonly frame: Frame;
  readonly templates: readonly TemplateChoice[];
  readonly name: string;
  /** The chosen template; empty for a blank package. */
  readonly template: string;
  readonly fault?: string;
}

/** Asks for the name of a new package and what it starts from. */
export function NewPackagePage({ frame, templates, name, template, fault }: NewPackageProps) {
  const { package: texts } = frame.texts;
  const blank = { name: "", description: texts.blankDescription };
  return (
    <Page
      frame={frame}
      title={texts.newTitle}
      active="packages"
      crumbs={[{ label: texts.newTitle }]}
    >
      <form class="stack form-page" method="post" action="/packages">
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <h1>{texts.newTitle}</h1>
        <NameField frame={frame} name={name} fault={fault} />
        <fieldset>
          <legend class="label">{texts.startFrom}</legend>
          <div class="choices">
            {[blank, ...templates].map((choice) => (
              <label class="choice">
                <input
                  type="radio"
                  name="template"
                  value={choice.name}
                  checked={choice.name === template}
                />
                <span>
                  <strong>{choice.name || texts.blank}</strong>
                  <span class="muted">{choice.description}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        <Buttons frame={frame} label={texts.create} back="/packages" />
      </form>
    </Page>
  );
}

/** The page that renames a package. */
export interface RenamePackageProps {
  readonly frame: Frame;
  readonly packageId: string;
  /** Its name now. */
  readonly current: string;
  /** What stands in the field. */
  readonly name: string;
  readonly fault?: string;
}

/** Asks for another name of a package. */
export function RenamePackagePage({ frame, packageId, current, name, fault }: RenamePackageProps) {
  const { package: texts } = frame.texts;
  const href = `/packages/${encodeURIComponent(packageId)}`;
  const title = texts.renameTitle(current);
  return (
    <Page
      frame={frame}
      title={title}
      active="packages"
      crumbs={[{ label: current, href }, { label: texts.rename }]}
    >
      <form class="stack form-page" method="post" action={`${href}/rename`}>
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <h1>{title}</h1>
        <NameField frame={frame} name={name} fault={fault} />
        <Buttons frame={frame} label={texts.rename} back={href} />
      </form>
    </Page>
  );
}

function NameField(props: { frame: Frame; name: string; fault: string | undefined }) {
  const { package: texts } = props.frame.texts;
  const invalid = props.fault === undefined
    ? {}
    : { "aria-invalid": "true" as const, "aria-describedby": "name-fault" };
  return (
    <div class="field">
      <label for="name">{texts.name}</label>
      <input
        class="input"
        id="name"
        name="name"
        value={props.name}
        maxlength={100}
        autocomplete="off"
        required
        autofocus
        {...invalid}
      />
      {props.fault !== undefined && (
        <p class="fault" id="name-fault" role="alert">
          <Icon name="error" /> {props.fault}
        </p>
      )}
    </div>
  );
}

function Buttons({ frame, label, back }: { frame: Frame; label: string; back: string }) {
  return (
    <div class="row">
      <button class="button primary" type="submit">{label}</button>
      <a class="button quiet" href={back}>{frame.texts.package.cancel}</a>
    </div>
  );
}
