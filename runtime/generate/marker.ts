// The file by which a folder shows that `crewagent generate` made it, and may replace it.

/** At the top of the folder. */
export const MARKER = ".crewagent-generated.json";

const MADE_BY = "crewagent generate";

/** Its text. */
export function markerText(version: string): string {
  const note = "This folder is replaced as a whole when it is generated again";
  return `${JSON.stringify({ madeBy: MADE_BY, version, note }, null, 2)}\n`;
}

/** Whether a text is that of a marker, of any version. */
export function isMarker(text: string): boolean {
  try {
    return (JSON.parse(text) as { madeBy?: unknown } | null)?.madeBy === MADE_BY;
  } catch {
    return false;
  }
}
