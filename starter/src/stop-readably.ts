import { NatterError } from '@natter/core/contract'

/** Why the server does not start, in words for whoever starts it. */
export class StartError extends Error {
  readonly status: number

  constructor(message: string, status = 1) {
    super(message)
    this.status = status
  }
}

/** Ends a start that failed: one readable text and exit code 1. What nobody expected keeps its stack. */
export function stopReadably(error: unknown): void {
  if (error instanceof StartError) {
    const say = error.status === 0 ? console.log : console.error
    say(error.message)
    process.exit(error.status)
  }
  console.error(NatterError.is(error) ? `${error.code}  ${error.message}` : error)
  process.exit(1)
}
