// What a command is to `main.ts`. Not here: any command.

/** A command of the command line. `main.ts` lists name and summary, so `--help` loads none of them. */
export interface Command {
  /** Whole text of `crewagent NAME --help`: usage, options, an example, exit codes. */
  readonly help: string;
  /**
   * Runs the command with the arguments behind its name.
   * @returns the exit code (`EXIT` in `schemas/error.ts`)
   * @throws AppError, which `main.ts` prints in one or two lines and turns into its exit code
   */
  run(args: readonly string[]): Promise<number>;
}
