// What a value of the API looks like, with links to the schemas that it names.

/** Pieces of text, and names of other schemas on the same page. */
export type SchemaShape = readonly (string | { readonly name: string; readonly label: string })[];

/** The shape as code; a name leads to its schema. */
export function Shape({ shape }: { readonly shape: SchemaShape }) {
  return (
    <pre class="shape">
      <code>
        {shape.map((piece) =>
          typeof piece === "string" ? piece : <a href={`#schema-${piece.name}`}>{piece.label}</a>
        )}
      </code>
    </pre>
  );
}
