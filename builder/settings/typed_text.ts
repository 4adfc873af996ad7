// What people type into a field of one line, or of several, as a value. Not here: fields of packages.

/** A number; `null` for an empty field, `NaN` for what is none. */
export function numberOf(text: string | undefined): number | null {
  const typed = (text ?? "").trim();
  if (typed === "") return null;
  return /^\d{1,13}(?:\.\d{1,9})?$/.test(typed) ? Number(typed) : NaN;
}

/** The lines that are not empty, without spaces at their ends. */
export function linesOf(text: string | undefined): string[] {
  return (text ?? "").split("\n").map((line) => line.trim()).filter((line) => line !== "");
}
