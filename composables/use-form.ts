import type { FieldError } from '#shared/errors'
import type { FormState } from '#shared/forms/form-state'

/** The form as the server left it after a refused POST, or an empty one. */
export function useForm<Field extends string>() {
  const { t } = useI18n()
  const posted = useRequestEvent()?.context.form as FormState<Field> | undefined
  const form: FormState<Field> = posted ?? { values: {}, errors: {}, idempotencyKey: crypto.randomUUID() }

  const sentence = ({ key, params = {} }: FieldError) => t(key.includes('.') ? key : `errors.fields.${key}`, params)
  const error = (field: Field | 'form') => {
    const found = form.errors[field]
    return found && sentence(found)
  }
  /** What was typed into a field, or `fallback` before anything was sent. */
  const value = (field: Field, fallback = '') => {
    const typed = form.values[field]
    return posted ? [typed ?? ''].flat()[0] : fallback
  }
  /** What was ticked among checkboxes of one name. */
  const values = (field: Field, fallback: string[] = []) => posted ? [form.values[field] ?? []].flat() : fallback

  const errors = Object.entries<FieldError | undefined>(form.errors)
    .flatMap(([field, found]) => found ? [{ field, sentence: sentence(found) }] : [])
  return { value, values, error, errors, hasErrors: errors.length > 0, idempotencyKey: form.idempotencyKey }
}
