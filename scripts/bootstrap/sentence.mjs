/** Something went wrong that one sentence explains: it is shown without a stack. */
export class Sentence extends Error {
  /**
   * @param {string} message
   * @param {{ cause?: unknown, details?: string }} [options] details: output worth showing above the sentence
   */
  constructor(message, options = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Sentence'
    this.details = options.details
  }
}

/** @type {Record<string, (path: string) => string>} */
const systemErrors = {
  ENOSPC: path => `The disk is full${path && `: ${path} could not be written`}.`,
  EDQUOT: path => `Your disk quota is used up${path && `: ${path} could not be written`}.`,
  EACCES: path => `${path || 'A file'} cannot be opened by this user; check who owns it and its mode.`,
  EPERM: path => `${path || 'A file'} cannot be changed by this user; check who owns it and its mode.`,
  EROFS: path => `${path || 'The folder'} lies on a read-only disk.`,
  EMFILE: () => 'Too many files are open; raise the limit (ulimit -n).',
}

/**
 * Ends the process the way every command here ends when something is wrong: one sentence, exit code 1.
 * LINLI_DEBUG=1 adds the stack.
 * @param {unknown} error
 * @returns {never}
 */
export function sayAndExit(error) {
  const known = error instanceof Error && 'code' in error ? systemErrors[String(error.code)] : undefined
  const path = error instanceof Error && 'path' in error ? String(error.path) : ''
  if (error instanceof Sentence && error.details) process.stderr.write(`${error.details.trimEnd()}\n`)
  const message = known ? known(path) : error instanceof Error ? error.message : String(error)
  process.stderr.write(`\n${message.split('\n')[0]}\n`)
  if (process.env.LINLI_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  process.exit(1)
}
