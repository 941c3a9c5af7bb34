import type { ErrorCode } from '#shared/errors'

/** @see RFC 9457. `code` and `errors` are our extension members. */
export interface Problem {
  type: string
  title: string
  status: number
  code: ErrorCode
  detail: string
  errors?: Record<string, string>
}
