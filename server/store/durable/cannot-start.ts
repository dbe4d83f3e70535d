/**
 * A reason not to start that the person at the terminal can do something about. `server/main.ts`
 * prints the line as it is, without a stack, and ends with the status.
 */
export class CannotStart extends Error {
  readonly status: number;

  constructor(line: string, status = 1) {
    super(line);
    this.name = 'CannotStart';
    this.status = status;
  }
}

/** What the system calls an error, e.g. `EACCES`; never its message, which may hold a path or a value. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
