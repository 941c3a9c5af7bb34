import type { FieldError } from '../errors.ts'

/** What a page needs to show a refused form again: what was typed and what is wrong. `form` is the error of the whole. */
export interface FormState<Field extends string = string> {
  values: Partial<Record<Field, string | string[]>>
  errors: Partial<Record<Field | 'form', FieldError>>
  /** Made by the server for each new form, kept when it is shown again, so that sending twice makes one record. */
  idempotencyKey: string
}

/** The form of a page, for buttons that stand outside it. */
export const pageFormId = 'page-form'

/** Name of the button that sends a form to its page in another language: nothing is checked, what was typed is shown there. */
export const languageSwitch = 'language-switch'

/** A script that sends a form names this header; the answer to a form that is done has the next page's address in it, and no page. */
export const nextHeader = 'x-next'

/** Does any field hold something else than blanks? */
export const isTyped = (values: FormState['values']): boolean => Object.values(values).flat().some(value => value?.trim())
