// Parameters of a tool whose author wrote none down, read off its function. Pure.

/**
 * A JSON Schema for the arguments of `export function NAME({ a, b = 1 })`: each name of any type,
 * required unless it has a default. Any other way to write the function takes an object of any shape.
 */
export function inferParameters(source: string, name: string): Record<string, unknown> {
  const word = name.replaceAll("$", "\\$");
  const head =
    `\\bfunction\\s+${word}\\s*\\(|\\b(?:const|let|var)\\s+${word}\\s*=\\s*(?:async\\s*)?\\(`;
  const destructured = new RegExp(`(?:${head})\\s*\\{([^{}()]{0,2000})\\}`).exec(source)?.[1];
  if (destructured === undefined) return { type: "object", properties: {} };
  const parts = destructured.split(",").map((part) => part.trim()).filter((part) => part !== "");
  const names = parts.map((part) => /^([A-Za-z_$][\w$]*)\s*(=|:|$)/.exec(part));
  if (names.some((match) => match === null)) return { type: "object", properties: {} };
  return {
    type: "object",
    properties: Object.fromEntries(names.map((match) => [match?.[1], {}])),
    required: names.filter((match) => match?.[2] !== "=" && !match?.input.includes("=")).map((
      match,
    ) => match?.[1]),
  };
}
