import type { FieldErrors } from '#shared/errors'

/** PostgreSQL stores no NUL and UTF-8 knows no lone surrogate: such a text is refused, not silently changed. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** Deeper than any body of ours; zod, which calls itself for each level, would run out of stack at some thousands. */
const deepest = 32

/** The fields, at any depth, whose text cannot be stored; a value nested too deep for any schema is refused as a whole. */
export function unstorableFields(value: unknown): FieldErrors {
  const errors: FieldErrors = {}
  const waiting: { value: unknown, path: string, depth: number }[] = [{ value, path: '', depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value: part, path, depth } = next
    const field = path || 'form'
    if (typeof part === 'string' && !isStorable(part)) errors[field] = { key: 'characters' }
    if (typeof part !== 'object' || part === null) continue
    if (depth >= deepest) return { form: { key: 'invalid' } }
    for (const [name, inner] of Object.entries(part)) {
      if (isStorable(name)) waiting.push({ value: inner, path: path ? `${path}.${name}` : name, depth: depth + 1 })
      else errors[field] = { key: 'characters' }
    }
  }
  return errors
}
