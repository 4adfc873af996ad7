// How long a test waits for what has to come. Only a fault is ever waited for so long: a machine that is
// slow or busy with other things must not fail a test, so nothing else is called too late.

/** For one step. */
export const PATIENCE_MS = 300_000;
