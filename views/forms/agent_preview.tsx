// What the model is told of an agent, beside its form.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";

/** Props of `AgentPreview`. */
export interface AgentPreviewProps {
  readonly frame: Frame;
  /** The system messages, in order. */
  readonly messages: readonly string[];
  /** Whether it takes the place of the one in the page. */
  readonly isAnswer: boolean;
}

/** The system messages. */
export function AgentPreview({ frame, messages, isAnswer }: AgentPreviewProps) {
  const { agent: texts } = frame.texts;
  const swap = isAnswer ? { "hx-swap-oob": "true" } : {};
  return (
    <details id="agent-preview" class="file-panel" open {...swap}>
      <summary>
        <Icon name="agent" />
        <span>{texts.preview}</span>
      </summary>
      <p class="small muted">{texts.previewLead}</p>
      {messages.map((message, index) => (
        <section class="prompt-part" aria-label={texts.previewPart(index + 1)}>
          <pre tabindex={0}>{message}</pre>
        </section>
      ))}
    </details>
  );
}
