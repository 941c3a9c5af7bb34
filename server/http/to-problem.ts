import { isError } from 'h3'
import { AppError, errorCodes, type ErrorCode, type FieldError } from '#shared/errors'
import type { Locale } from '#shared/locales'
import { text } from '../texts.ts'
import type { Problem } from './problem.ts'

const byStatus: Partial<Record<number, ErrorCode>> = {
  400: 'malformed', 401: 'sign_in_required', 403: 'forbidden', 404: 'not_found', 405: 'method_not_allowed',
  413: 'too_large', 415: 'unsupported_type', 422: 'invalid', 429: 'rate_limited', 503: 'unavailable',
}

/** Any thrown thing as a refusal from the closed list. What we did not foresee is `internal` and keeps its cause for the log. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  if (isError(thrown)) {
    if (thrown.cause instanceof AppError) return thrown.cause
    const code = byStatus[thrown.statusCode]
    if (code) return new AppError(code, {}, { cause: thrown })
  }
  return new AppError('internal', {}, { cause: thrown })
}

/** After how many seconds it is worth asking again. A database that is away is mostly back after a few. */
export function retryAfter({ code, params }: AppError): number | undefined {
  if (typeof params.seconds === 'number') return params.seconds
  return code === 'unavailable' ? 5 : undefined
}

/** The sentence for a refusal as a whole. Who has to wait long is told in minutes. */
export function wholeError({ code, params }: AppError): FieldError {
  const seconds = Number(params.seconds ?? 60)
  if (code === 'rate_limited' && seconds > 90) return { key: 'errors.codes.rate_limited.minutes', params: { minutes: Math.ceil(seconds / 60) } }
  return { key: `errors.codes.${code}.detail`, params: code === 'rate_limited' ? { seconds } : params }
}

/** The sentence for one field's error. */
export function fieldSentence(locale: Locale, { key, params }: FieldError): string {
  return text(locale, key.includes('.') ? key : `errors.fields.${key}`, params)
}

/** A refusal as problem+json in the reader's language. It never says more than the code does. */
export function toProblem(error: AppError, locale: Locale): Problem {
  const fields = Object.entries(error.fields)
  return {
    type: `/errors/${error.code}`,
    title: text(locale, `errors.codes.${error.code}.title`),
    status: errorCodes[error.code],
    code: error.code,
    detail: fieldSentence(locale, wholeError(error)),
    ...(fields.length ? { errors: Object.fromEntries(fields.map(([name, fieldError]) => [name, fieldSentence(locale, fieldError)])) } : {}),
  }
}
