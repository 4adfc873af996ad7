// Placeholder content of a simulated output: valid for its file type and labelled as a simulation.

/** The node that would have made the file. */
export interface PlaceholderOrigin {
  readonly id: string;
  readonly title: string;
}

/** The content for a path, by its extension; plain text where the type is not known. */
export function placeholderFile(path: string, { id, title }: PlaceholderOrigin): string {
  const note = `[simulation] Placeholder for what node "${id}" would write`;
  const heading = `Simulated: ${title}`;
  const fields = { simulated: true, nodeId: id, note };
  switch (/\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase()) {
    case "md":
    case "markdown":
      return `# ${heading}\n\n${note}.\n`;
    case "json":
      return `${JSON.stringify(fields, null, 2)}\n`;
    case "jsonl":
      return `${JSON.stringify(fields)}\n`;
    case "yaml":
    case "yml":
      return Object.entries(fields).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
        .join("");
    case "csv":
      return `nodeId,note\n${csvField(id)},${csvField(note)}\n`;
    case "html":
    case "htm":
      return `<!doctype html>\n<title>${escapeXml(heading)}</title>\n<p>${escapeXml(note)}.</p>\n`;
    case "xml":
      return `<simulated nodeId="${escapeXml(id)}">${escapeXml(note)}</simulated>\n`;
    case "svg":
      return `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="40"><text y="24">${
        escapeXml(note)
      }</text></svg>\n`;
    default:
      return `${heading}\n${note}.\n`;
  }
}

function csvField(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
