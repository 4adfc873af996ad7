// The events of one run for who looks on: what is on disk first, then what comes, whether this process
// drives the run or another one. Not here: driving (`run_drives.ts`).
import type { RunDelta, RunEvent } from "../schemas/run_event.ts";
import { type LogTail, openLogTail } from "../runtime/run/log_tail.ts";

/** Hears of a run: logged events in order and without gaps, and unlogged text in between. */
export type RunFeedListener = (event: RunEvent | RunDelta) => void;

/** How often the log of a run that another process drives is looked at. */
const FOLLOW_MS = 400;

/** What a listener is told. */
export interface RunHearing {
  /** Numbers behind this one are told, 0 for all. */
  readonly afterSeq: number;
  readonly listener: RunFeedListener;
  /** Called when this server begins or ends to drive the run: its standing is to be read anew. */
  readonly onStanding?: () => void;
}

interface Subscription extends Omit<RunHearing, "afterSeq"> {
  lastSeq: number;
}

/** One run's listeners. */
export class RunFeed {
  readonly #logPath: string;
  /** One for all listeners: a long run is read once, and its events are in memory once. */
  #tail: LogTail;
  readonly #isPushed: () => boolean;
  readonly #subscriptions = new Set<Subscription>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #seenBytes = -1;

  /** @param isPushed whether this process drives the run now, so that its events come by `push` */
  constructor(logPath: string, isPushed: () => boolean) {
    this.#logPath = logPath;
    this.#tail = openLogTail(logPath);
    this.#isPushed = isPushed;
  }

  /** How many listen. */
  get size(): number {
    return this.#subscriptions.size;
  }

  /**
   * Tells what the log holds, at once, then what comes. A listener that throws is not
   * called again. Returns what ends it.
   * @throws AppError `RUN_FOLDER_DAMAGED`
   */
  subscribe({ afterSeq, ...hearing }: RunHearing): () => void {
    const subscription: Subscription = { ...hearing, lastSeq: afterSeq };
    this.#readForNewcomer();
    this.#subscriptions.add(subscription);
    for (const event of [...this.#tail.events]) this.#tell(subscription, event);
    if (this.size > 0) this.#timer ??= setInterval(() => this.#follow(), FOLLOW_MS);
    return () => this.#remove(subscription);
  }

  /** Passes on what the driver of this process says; the event is in the log already. */
  push(event: RunEvent | RunDelta): void {
    // Between two drives others write: an answer, a revert.
    const hasGap = "seq" in event &&
      [...this.#subscriptions].some(({ lastSeq }) => lastSeq < event.seq - 1);
    if (hasGap) this.#catchUp();
    else if ("seq" in event) this.#tail.add(event);
    for (const subscription of [...this.#subscriptions]) this.#tell(subscription, event);
  }

  /** Tells that the run is driven from now on, or no more. */
  standing(): void {
    for (const { onStanding } of [...this.#subscriptions]) onStanding?.();
  }

  /** Ends all subscriptions. */
  close(): void {
    for (const subscription of [...this.#subscriptions]) this.#remove(subscription);
  }

  #tell(subscription: Subscription, event: RunEvent | RunDelta): void {
    if ("seq" in event) {
      if (event.seq <= subscription.lastSeq) return;
      subscription.lastSeq = event.seq;
    }
    try {
      subscription.listener(event);
    } catch {
      // Its stream is gone or its view is broken; the run and the others go on.
      this.#remove(subscription);
    }
  }

  #remove(subscription: Subscription): void {
    this.#subscriptions.delete(subscription);
    if (this.#subscriptions.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #follow(): void {
    if (this.#isPushed()) return;
    const bytes = sizeOf(this.#logPath);
    if (bytes === this.#seenBytes) return;
    this.#seenBytes = bytes;
    this.#catchUp();
  }

  /** A damaged log may have been set aside and begun anew since it was read: then it is read afresh. */
  #readForNewcomer(): void {
    try {
      this.#tail.catchUp();
    } catch {
      this.#tail = openLogTail(this.#logPath);
      this.#tail.catchUp();
    }
  }

  #catchUp(): void {
    try {
      this.#tail.catchUp();
    } catch {
      // A log that was damaged meanwhile is told of when its run is looked at anew.
    }
    const { events } = this.#tail;
    for (const subscription of [...this.#subscriptions]) {
      for (const event of events.slice(subscription.lastSeq)) this.#tell(subscription, event);
    }
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}
