// The limits of every run of this installation.
import type { Frame } from "../frame.ts";
import { NumberInput, type TypedForm } from "./fields.tsx";
import { Csrf, type OutcomeProps, SettingsFrame } from "./settings_frame.tsx";

/** The page of the limits. */
export interface LimitsPageProps extends OutcomeProps {
  readonly frame: Frame;
  readonly form: TypedForm;
  /** Field → what holds where nothing is set; a field that is missing has no limit then. */
  readonly usual: Readonly<Record<string, string>>;
}

/** The limits. */
export function LimitsPage({ frame, form, usual, ...outcome }: LimitsPageProps) {
  const { limit } = frame.texts;
  const field = (name: string, label: string, hint?: string) => (
    <NumberInput
      form={form}
      name={name}
      label={label}
      placeholder={usual[name] ?? limit.noLimit}
      {...(hint !== undefined && { hint })}
    />
  );
  return (
    <SettingsFrame
      frame={frame}
      section="limits"
      title={limit.title}
      lead={limit.lead}
      {...outcome}
    >
      <form class="stack" method="post" action="/settings/limits">
        <Csrf frame={frame} />
        <section class="panel">
          <div class="panel-head">
            <h2>{limit.runsTitle}</h2>
          </div>
          <div class="panel-body field-grid">
            {field("maxTurns", limit.maxTurns, limit.maxTurnsHint)}
            {field("maxTurnsPerNode", limit.maxTurnsPerNode, limit.maxTurnsPerNodeHint)}
            {field("maxTokens", limit.maxTokens)}
            {field("maxCostUsd", limit.maxCostUsd, limit.maxCostUsdHint)}
            {field("maxMinutes", limit.maxMinutes)}
          </div>
        </section>
        <section class="panel">
          <div class="panel-head">
            <h2>{limit.callsTitle}</h2>
          </div>
          <div class="panel-body field-grid">
            {field("maxReadBytes", limit.maxReadKib, limit.maxReadHint)}
            {field("maxWriteBytes", limit.maxWriteKib)}
            {field("toolTimeoutMs", limit.toolSeconds, limit.toolSecondsHint)}
          </div>
        </section>
        <div>
          <button class="button primary" type="submit">{limit.save}</button>
        </div>
      </form>
      <p class="muted">{limit.safe}</p>
    </SettingsFrame>
  );
}
