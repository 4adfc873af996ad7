// A unified diff, line by line.

/** A diff; a line's kind is told by its sign as well as by its colour. */
export function Diff({ text, label }: { text: string; label: string }) {
  return (
    <pre class="code-block run-diff" tabindex={0} aria-label={label}>
      {text.replace(/\n$/, "").split("\n").map((line) => <span class={kindOf(line)}>{`${line}\n`}</span>)}
    </pre>
  );
}

function kindOf(line: string): string {
  if (line.startsWith("+") && !line.startsWith("+++")) return "added";
  if (line.startsWith("-") && !line.startsWith("---")) return "removed";
  return line.startsWith("@@") ? "place" : "same";
}
