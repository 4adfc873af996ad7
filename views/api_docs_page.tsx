// The page of the REST API: operations by group, then the schemas. Not here: where both come from.
import type { Frame } from "./frame.ts";
import { Page } from "./layout.tsx";
import { type SchemaShape, Shape } from "./schema_shape.tsx";

/** A method of a path, as it is shown. */
export interface ShownOperation {
  readonly operationId: string;
  readonly method: string;
  /** Below the root; parameters in braces. */
  readonly path: string;
  readonly access: "anyone" | "account" | "owner";
  readonly summary: string;
  readonly isConditional: boolean;
  readonly query: readonly {
    readonly name: string;
    readonly shape: SchemaShape;
    readonly description: string;
  }[];
  readonly body?: SchemaShape;
  /** An empty shape: no content. */
  readonly answers: readonly { readonly status: number; readonly shape: SchemaShape }[];
  readonly errors: readonly { readonly status: number; readonly code: string }[];
}

/** What the page shows. */
export interface ApiDocsProps {
  readonly frame: Frame;
  /** What all paths begin with. */
  readonly root: string;
  readonly groups: readonly {
    readonly tag: string;
    readonly operations: readonly ShownOperation[];
  }[];
  readonly schemas: readonly { readonly name: string; readonly shape: SchemaShape }[];
}

/** The whole page; it reads without JavaScript. */
export function ApiDocsPage({ frame, root, groups, schemas }: ApiDocsProps) {
  const texts = frame.texts.apiDocs;
  return (
    <Page frame={frame} title={texts.title} styles={["api_docs.css"]}>
      <div class="settings api-docs">
        <nav class="side-nav" aria-label={texts.contents}>
          {groups.map(({ tag }) => <a href={`#${tag}`}>{texts.tag(tag)}</a>)}
          <a href="#schemas">{texts.schemas}</a>
        </nav>
        <div class="stack">
          <header class="stack-tight">
            <h1>{texts.title}</h1>
            <p class="lead">{texts.lead(root)}</p>
            <p>{texts.credentials}</p>
            <p>{texts.envelope}</p>
            <p>
              {texts.machineReadable} <a href={`${root}/openapi.json`}>{root}/openapi.json</a>
            </p>
          </header>
          {groups.map(({ tag, operations }) => (
            <section class="panel" id={tag}>
              <div class="panel-head">
                <h2>{texts.tag(tag)}</h2>
              </div>
              {operations.map((operation) => <OperationRow frame={frame} operation={operation} />)}
            </section>
          ))}
          <section class="panel" id="schemas">
            <div class="panel-head">
              <h2>{texts.schemas}</h2>
            </div>
            {schemas.map(({ name, shape }) => (
              <div class="api-schema" id={`schema-${name}`}>
                <h3>{name}</h3>
                <Shape shape={shape} />
              </div>
            ))}
          </section>
        </div>
      </div>
    </Page>
  );
}

function OperationRow(
  { frame, operation }: { readonly frame: Frame; readonly operation: ShownOperation },
) {
  const { operationId, method, path, access, summary } = operation;
  const texts = frame.texts.apiDocs;
  return (
    <details class="api-operation" id={operationId}>
      <summary>
        <code class={`api-method ${method.toLowerCase()}`}>{method}</code>
        <code class="api-path">{path}</code>
        {access === "owner" && <span class="badge">{texts.ownerOnly}</span>}
        {access === "anyone" && <span class="badge">{texts.everyone}</span>}
        <span class="api-summary">{summary}</span>
      </summary>
      <OperationDetails frame={frame} operation={operation} />
    </details>
  );
}

function OperationDetails(
  { frame, operation }: { readonly frame: Frame; readonly operation: ShownOperation },
) {
  const { isConditional, query, body, answers, errors } = operation;
  const texts = frame.texts.apiDocs;
  return (
    <dl class="api-details">
      {query.length > 0 && <dt>{texts.query}</dt>}
      {query.map(({ name, shape, description }) => (
        <dd>
          <Shape shape={[`${name}?: `, ...shape]} />
          {description !== "" && <p class="muted">{description}</p>}
        </dd>
      ))}
      {body && <dt>{texts.body}</dt>}
      {body && (
        <dd>
          <Shape shape={body} />
        </dd>
      )}
      {answers.flatMap(({ status, shape }) => [
        <dt>{texts.answer(status)}</dt>,
        <dd>{shape.length === 0 ? texts.noContent : <Shape shape={shape} />}</dd>,
      ])}
      <dt>{texts.errors}</dt>
      <dd>
        {isConditional && <p>{texts.conditional}</p>}
        <ul class="api-errors">
          {errors.map(({ status, code }) => (
            <li>
              <span class="muted">{status}</span> <code>{code}</code>
            </li>
          ))}
        </ul>
      </dd>
    </dl>
  );
}
