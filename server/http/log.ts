import pino, { type Logger } from 'pino'
import { config } from '../config.ts'

let logger: Logger | undefined

/**
 * The log of the portal, one JSON line an entry. Write route patterns, codes and counts; never addresses, paths with
 * ids, texts, names or receipts. The paths below are only a net under that rule.
 */
export function log(): Logger {
  logger ??= pino({
    level: config().logLevel,
    base: undefined,
    redact: { paths: ['*.ip', '*.address', '*.email', '*.phone', '*.receipt', '*.authorization', '*.cookie', '*.text', 'ip', 'address', 'email', 'phone', 'receipt'], remove: true },
    serializers: { err: ({ name, message, code, stack, cause }: Error & { code?: string }) => ({ name, message, code, stack, cause: cause instanceof Error ? `${cause.name}: ${cause.message}` : undefined }) },
  }, pino.destination({ dest: 1, sync: false }))
  return logger
}
