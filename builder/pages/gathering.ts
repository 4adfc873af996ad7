// Sends at once what comes alone, and together what comes close behind it. Not here: what is sent.

/** Something that is sent again and again. */
export interface Gathering {
  /** There is something to send. */
  plan(): void;
  /** Nothing is sent any more. */
  end(): void;
}

/** What is sent, and how often at most. */
export interface GatheringOptions {
  /** From the end of a sending to the next one; longer, if sending takes long, so that others get their turn. */
  readonly restMs: number;
  /** Never called again before it has settled. */
  readonly send: () => void | Promise<void>;
  /** Told once, when `send` throws; nothing is sent any more then. */
  readonly onFailure: () => void;
}

/** Begins to gather. What is planned in one turn of the event loop is always sent together. */
export function gather({ restMs, send, onFailure }: GatheringOptions): Gathering {
  let [restsUntil, isSending, isDue, isEnded] = [-Infinity, false, false, false];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const plan = () => {
    isDue = true;
    if (isEnded || isSending || timer !== undefined) return;
    timer = setTimeout(() => void run(), Math.max(0, restsUntil - performance.now()));
  };
  const end = () => {
    isEnded = true;
    clearTimeout(timer);
  };
  const run = async () => {
    [timer, isDue, isSending] = [undefined, false, true];
    const startedAt = performance.now();
    try {
      await send();
    } catch {
      end();
      onFailure();
    }
    const endedAt = performance.now();
    isSending = false;
    restsUntil = endedAt + Math.max(restMs, endedAt - startedAt);
    if (isDue) plan();
  };
  return { plan, end };
}
