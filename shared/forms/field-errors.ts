import type { ZodError } from 'zod'
import type { FieldError, FieldErrors } from '../errors.ts'

/** Messages that a schema gives itself are keys, not sentences: `z.string().min(1, 'required')`, `'reports.errors.placeMissing'`. */
const key = /^[a-z][\w.]*$/i

/** One error for each field, the first found. A nested field is named with dots: `contact.email`. */
export function fieldErrors(error: ZodError): FieldErrors {
  const found: FieldErrors = {}
  for (const issue of error.issues) {
    const extraKeys = issue.code === 'unrecognized_keys' ? issue.keys : []
    for (const name of extraKeys.length ? extraKeys : [issue.path.map(String).join('.') || 'form']) found[name] ??= describe(issue)
  }
  return found
}

function describe(issue: ZodError['issues'][number]): FieldError {
  if (key.test(issue.message)) return { key: issue.message, params: sizes(issue) }
  if ('input' in issue && issue.input === undefined && issue.code === 'invalid_type') return { key: 'required' }
  switch (issue.code) {
    case 'invalid_type': return { key: issue.message.endsWith('undefined') ? 'required' : 'invalid' }
    case 'too_small': return Number(issue.minimum) <= 1 && issue.origin === 'string' ? { key: 'required' } : { key: `${sizeKey(issue.origin)}Min`, params: sizes(issue) }
    case 'too_big': return { key: `${sizeKey(issue.origin)}Max`, params: sizes(issue) }
    case 'invalid_format': return { key: issue.format === 'email' ? 'email' : 'invalid' }
    case 'invalid_value': return { key: 'choose' }
    case 'unrecognized_keys': return { key: 'unknownField' }
    default: return { key: 'invalid' }
  }
}

const sizeKey = (origin: string) => origin === 'string' ? 'text' : origin === 'array' ? 'count' : 'number'

function sizes(issue: ZodError['issues'][number]): FieldError['params'] {
  if (issue.code === 'too_big') return { max: Number(issue.maximum) }
  if (issue.code === 'too_small') return { min: Number(issue.minimum) }
  return undefined
}
