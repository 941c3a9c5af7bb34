import type { FieldErrors } from '#shared/errors'

/** PostgreSQL stores no NUL and UTF-8 knows no lone surrogate: such a text is refused, not silently changed. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** The fields, at any depth, whose text cannot be stored. */
export function unstorableFields(value: unknown, path = ''): FieldErrors {
  if (typeof value === 'string') return isStorable(value) ? {} : { [path || 'form']: { key: 'characters' } }
  if (typeof value !== 'object' || value === null) return {}
  return Object.assign({}, ...Object.entries(value).map(([name, inner]) =>
    isStorable(name) ? unstorableFields(inner, path ? `${path}.${name}` : name) : { [path || 'form']: { key: 'characters' } })) as FieldErrors
}
