// The head of an edge, as a marker of SVG.

/** To be drawn at the end of the paths that name its id. */
export function Arrow({ id }: { id: string }) {
  return (
    <marker
      id={id}
      viewBox="0 0 10 10"
      refX="9"
      refY="5"
      markerWidth="9"
      markerHeight="9"
      markerUnits="userSpaceOnUse"
      orient="auto"
    >
      <path d="M1 1 9 5 1 9z" />
    </marker>
  );
}
