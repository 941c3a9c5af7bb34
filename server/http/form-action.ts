// A form posts to its page's own address. server/routes/[locale]/<path>.post.ts answers it: done → 303 to somewhere;
// refused → the page itself again, with what was typed and what is wrong. See docs/architecture.md.
import { createError, defineEventHandler, getRequestHeader, getRouterParams, sendNoContent, sendRedirect, setResponseHeader, setResponseStatus, type EventHandler, type H3Event } from 'h3'
import { randomUUID } from 'node:crypto'
import type { z, ZodType } from 'zod'
import { AppError, type FieldErrors } from '#shared/errors'
import { fieldErrors } from '#shared/forms/field-errors'
import { isTyped, languageSwitch, nextHeader, type FormState } from '#shared/forms/form-state'
import { isLocale } from '#shared/locales'
import { readForm, type FileField, type FormBody } from './form-body.ts'
import { reopenPage } from './render-page.ts'
import { requestFacts, type RequestFacts } from './request-facts.ts'
import { isFromOwnPage } from './same-origin.ts'
import { retryAfter, toAppError, wholeError } from './to-problem.ts'

interface FormAction<Fields extends ZodType, Received> {
  fields: Fields
  /** The one file field, if the form has one. */
  file?: FileField<Received>
  /** Never written back into the page: passwords, receipts. */
  secretFields?: string[]
  maxTextBytes?: number
  /**
   * The language was changed in the middle of the form: keeps what was typed so far, unchecked, and says where to go. Without it the
   * page is shown again as it was typed.
   */
  keepTyped?: (typed: RequestFacts & { values: FormState['values'], file?: Received, params: Record<string, string> }) => Promise<string>
  /** Does the work by one use case (`values`: the fields as they were typed) and says where to go next: `/en/…`, or `?sent` for the page itself. Refuses with AppError. */
  run: (sent: RequestFacts & { input: z.output<Fields>, values: FormState['values'], file?: Received, idempotencyKey: string, params: Record<string, string> }) => Promise<string | ShownOnce> | string | ShownOnce
}

/** The answer is the page itself with something that is kept nowhere, so that no address could show it: its loader finds it in `event.context.answer`. */
export class ShownOnce {
  readonly answer: unknown

  constructor(answer: unknown) {
    this.answer = answer
  }
}

export function defineFormAction<Fields extends ZodType, Received = never>(
  { fields, file, secretFields = [], maxTextBytes = 64 * 1024, keepTyped, run }: FormAction<Fields, Received>,
): EventHandler {
  return defineEventHandler(async (event) => {
    const params = getRouterParams(event, { decode: true })
    if (!isLocale(params.locale)) throw createError({ statusCode: 404 })
    const isTrusted = isFromOwnPage(event)
    const facts = requestFacts(event)
    const body = await readForm(event, maxTextBytes, isTrusted && file ? orRefusal(file) : undefined).catch(failAsPage)
    const taken = body.file && 'received' in body.file ? body.file.received : undefined
    const idempotencyKey = keyFrom(body) ?? randomUUID()
    try {
      if (!isTrusted) throw new AppError('cross_origin')
      if (body.file && 'refusal' in body.file) throw body.file.refusal
      if (body.isTooLarge) throw new AppError('too_large', { kilobytes: maxTextBytes / 1024 })
      if (body.values[languageSwitch] !== undefined) {
        const values = withoutFrame(body.values)
        if (keepTyped) return await sendOn(event, await keepTyped({ ...facts, values, file: taken, params }))
        if (taken !== undefined) await file?.discard(taken)
        if (!isTyped(values)) return await sendOn(event, event.path)
        return await showAgain(event, { values: withoutSecrets(values, secretFields), errors: {}, idempotencyKey })
      }
      const input = fields.safeParse(body.values)
      const errors = { ...(input.success ? {} : fieldErrors(input.error)), ...body.errors }
      if (!input.success || Object.keys(errors).length) throw new AppError('invalid', {}, { fields: errors })
      const next = await run({ ...facts, input: input.data, values: withoutFrame(body.values), file: taken, idempotencyKey, params })
      if (!(next instanceof ShownOnce)) return await sendOn(event, next)
      setResponseHeader(event, 'cache-control', 'no-store')
      event.context.answer = next.answer
      return await reopenPage(event)
    }
    catch (thrown) {
      const error = toAppError(thrown)
      if (taken !== undefined) await file?.discard(taken)
      if (error.code === 'internal' || error.code === 'not_found') return failAsPage(error)
      return refuse(event, error, { values: withoutSecrets(body.values, secretFields), errors: error.fields, idempotencyKey })
    }
  })
}

/** A file that is refused is a refusal of the form, which is shown again with what was typed. */
function orRefusal<Received>(file: FileField<Received>): FileField<{ received: Received } | { refusal: AppError }> {
  return {
    ...file,
    receive: (stream, ...rest) => file.receive(stream, ...rest).then(received => ({ received }), (thrown: unknown) => {
      stream.resume()
      return { refusal: toAppError(thrown) }
    }),
    discard: async (taken) => { if ('received' in taken) await file.discard(taken.received) },
  }
}

/** 303; a script that sends the form itself asks for the address alone, or it would load the next page twice. */
function sendOn(event: H3Event, next: string) {
  const address = addressOf(event, next)
  if (getRequestHeader(event, nextHeader) === undefined) return sendRedirect(event, address, 303)
  setResponseHeader(event, nextHeader, address)
  return sendNoContent(event, 204)
}

/** The page's own path for `?…`, a path of ours otherwise: an action never sends anyone to another site. */
function addressOf(event: H3Event, next: string): string {
  if (next.startsWith('?')) return event.path.split('?')[0] + next
  if (/^\/(?![/\\])/.test(next) && !/[\t\r\n]/.test(next)) return next
  throw new Error(`a form action may not redirect to ${next}`)
}

function refuse(event: H3Event, error: AppError, form: { values: FormState['values'], errors: FieldErrors, idempotencyKey: string }) {
  const whole = error.code === 'invalid' ? {} : { form: wholeError(error) }
  const seconds = retryAfter(error)
  if (seconds !== undefined) setResponseHeader(event, 'retry-after', seconds)
  setResponseStatus(event, error.statusCode)
  return showAgain(event, { ...form, errors: { ...form.errors, ...whole } })
}

function showAgain(event: H3Event, form: FormState) {
  setResponseHeader(event, 'cache-control', 'no-store')
  event.context.form = form
  return reopenPage(event)
}

/** For the error page; server/error-handler.ts logs it. */
const failAsPage = (thrown: unknown): never => {
  const error = toAppError(thrown)
  throw createError({ statusCode: error.statusCode, data: { code: error.code }, cause: error })
}

function keyFrom({ values: { idempotencyKey } }: FormBody<unknown>): string | undefined {
  return typeof idempotencyKey === 'string' && /^[\w-]{22,64}$/.test(idempotencyKey) ? idempotencyKey : undefined
}

/** What the frame of a form sends, and nobody typed. */
function withoutFrame({ idempotencyKey: _key, [languageSwitch]: _switch, ...values }: FormState['values']): FormState['values'] {
  return values
}

const withoutSecrets = (values: FormState['values'], secretFields: string[]): FormState['values'] =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !secretFields.includes(name)))
