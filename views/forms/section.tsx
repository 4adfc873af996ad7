// A titled part of a form.
import type { Child } from "hono/jsx";

/** Props of `Section`. */
export interface SectionProps {
  readonly title: string;
  readonly lead?: string;
  /** For links from the table of contents. */
  readonly id?: string;
  readonly children?: Child;
}

/** A titled part of a form. */
export function Section({ title, lead, id, children }: SectionProps) {
  return (
    <section class="form-section" id={id}>
      <h2>{title}</h2>
      {lead !== undefined && <p class="muted small">{lead}</p>}
      {children}
    </section>
  );
}
