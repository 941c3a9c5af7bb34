import type { FieldError } from '#shared/errors'
import type { FormState } from '#shared/forms/form-state'

/** A form as its page shows it: empty, or as the server left it after a refused POST. */
export interface Form<Field extends string = string> {
  /** What was typed into a field, or `fallback` before anything was sent. */
  value(field: Field, fallback?: string): string
  /** What was ticked among checkboxes of one name. */
  values(field: Field, fallback?: string[]): string[]
  /** The sentence under a field; of `form`, above all of them. */
  error(field: Field | 'form'): string | undefined
  /** `label` tells fields apart whose sentences read alike. */
  errors: { field: string, sentence: string, label: string | undefined }[]
  hasErrors: boolean
  idempotencyKey: string
}

/**
 * The form of this page. On the server only: residents' pages are not hydrated.
 * @param labels of fields, for the summary of what is wrong; needed where several may say no more than "Fill this in"
 */
export function useForm<Field extends string>(labels: Readonly<Record<string, string>> = {}): Form<Field> {
  const { t } = useI18n()
  const posted = useRequestEvent()?.context.form as FormState<Field> | undefined
  const { values, errors, idempotencyKey }: FormState<Field> = posted ?? { values: {}, errors: {}, idempotencyKey: crypto.randomUUID() }

  const sentence = ({ key, params = {} }: FieldError) => t(key.includes('.') ? key : `errors.fields.${key}`, params)
  const found = Object.entries<FieldError | undefined>(errors).flatMap(([field, error]) => error ? [{ field, sentence: sentence(error), label: labels[field] }] : [])

  return {
    value: (field, fallback = '') => posted ? [values[field] ?? ''].flat()[0] ?? '' : fallback,
    values: (field, fallback = []) => posted ? [values[field] ?? []].flat() : fallback,
    error: field => found.find(error => error.field === field)?.sentence,
    errors: found,
    hasErrors: found.length > 0,
    idempotencyKey,
  }
}
