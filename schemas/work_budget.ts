// How much work may go into judging what others wrote: bounded in steps, so that nothing hangs.

/** Thrown by `WorkBudget.spend`; whoever makes the budget catches it. */
export class TooMuchWork extends Error {
  override readonly name = "TooMuchWork";
}

/** Steps that may be spent together. A step of a regular expression takes up to 15 ns. */
export class WorkBudget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** Takes the steps of one piece of work before it is done; `false` if too few are left. */
  trySpend(steps: number): boolean {
    if (steps > this.#left) return false;
    this.#left -= steps;
    return true;
  }

  /** Like `trySpend`. @throws TooMuchWork if too few are left */
  spend(steps: number): void {
    if (!this.trySpend(steps)) throw new TooMuchWork("The work exceeds its budget");
  }
}
