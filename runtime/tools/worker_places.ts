// How many workers may live at once in this process, and whose is stopped when another one needs the
// place. Not here: what a worker does, or what it may touch; every worker still belongs to one run.

/** Someone who can live in a place. Compared by identity. */
export interface Resident {
  /** Gives the place up. Only called while the resident is idle; the place is free when it returns. */
  evict(): void;
}

/** How many places there are, and how long an idle resident keeps its own although others wait. */
export interface PlacesOptions {
  readonly places: number;
  /**
   * The calls of one turn come one shortly after the other: who has just been busy most likely is
   * again at once, and starting a worker costs more than waiting that long.
   */
  readonly keepIdleMs: number;
}

interface Waiting {
  readonly resident: Resident;
  readonly admit: () => void;
}

/** Places of workers, first come, first served. A busy resident is never moved out. */
export class WorkerPlaces {
  readonly #options: PlacesOptions;
  /** Resident → its calls under way. */
  readonly #busy = new Map<Resident, number>();
  /** Resident → since when it is idle; the longest idle first. */
  readonly #idle = new Map<Resident, number>();
  #queue: Waiting[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /** Residents now, busy or idle. */
  get taken(): number {
    return this.#busy.size + this.#idle.size;
  }

  /** Takes a place at once if there is one, or it has one; then it is busy with one call more. */
  tryEnter(resident: Resident): boolean {
    const isFree = this.taken < this.#options.places && this.#queue.length === 0;
    if (!this.#has(resident) && !isFree) return false;
    this.#occupy(resident);
    return true;
  }

  /** Like `tryEnter`, but waits for a place; rejects with the signal's reason if it is aborted before. */
  async enter(resident: Resident, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { resident, admit: resolve };
    const give = () => {
      this.#queue = this.#queue.filter((one) => one !== waiting);
      this.#pump();
      reject(signal.reason);
    };
    signal.addEventListener("abort", give, { once: true });
    this.#queue.push(waiting);
    this.#pump();
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", give);
    }
  }

  /** One call is over. After the last one the place may be given to another. */
  rest(resident: Resident): void {
    const calls = this.#busy.get(resident);
    if (calls === undefined) return;
    if (calls > 1) {
      this.#busy.set(resident, calls - 1);
      return;
    }
    this.#busy.delete(resident);
    this.#idle.set(resident, performance.now());
    this.#pump();
  }

  /** The resident is gone. */
  leave(resident: Resident): void {
    this.#busy.delete(resident);
    this.#idle.delete(resident);
    this.#pump();
  }

  #has(resident: Resident): boolean {
    return this.#busy.has(resident) || this.#idle.has(resident);
  }

  #occupy(resident: Resident): void {
    this.#idle.delete(resident);
    this.#busy.set(resident, (this.#busy.get(resident) ?? 0) + 1);
  }

  /** Admits who waits, as far as there is room, and looks again when the next idle one may be moved. */
  #pump(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      if (!this.#has(next.resident) && !this.#makeRoom()) break;
      this.#queue.shift();
      this.#occupy(next.resident);
      next.admit();
    }
    const [idleSince] = this.#idle.values();
    if (this.#queue.length === 0 || idleSince === undefined) return;
    const leftMs = idleSince + this.#options.keepIdleMs - performance.now();
    this.#timer = setTimeout(() => this.#pump(), Math.max(1, leftMs));
  }

  #makeRoom(): boolean {
    if (this.taken < this.#options.places) return true;
    const [longest] = this.#idle;
    if (!longest) return false;
    const [resident, idleSince] = longest;
    if (performance.now() - idleSince < this.#options.keepIdleMs) return false;
    this.#idle.delete(resident);
    resident.evict();
    return true;
  }
}
