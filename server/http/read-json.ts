import { getRequestHeader, type H3Event } from 'h3'
import type { ZodType } from 'zod'
import { AppError } from '#shared/errors'
import { fieldErrors } from '#shared/forms/field-errors'
import { readText } from './read-body.ts'
import { unstorableFields } from './unstorable-text.ts'

/** The body of a call. @throws unsupported_type, malformed, too_large, invalid with its fields */
export async function readJson<Body>(event: H3Event, schema: ZodType<Body>, maxBytes: number): Promise<Body> {
  const type = getRequestHeader(event, 'content-type') ?? ''
  const body = await readText(event, maxBytes)
  // Only JSON is read as JSON: a page of another site cannot send that type without asking us first.
  if (body && !/^application\/([\w.-]+\+)?json\b/i.test(type)) throw new AppError('unsupported_type')
  return parseAs(schema, parseJson(body))
}

/** @throws invalid with its fields */
export function parseAs<Value>(schema: ZodType<Value>, value: unknown): Value {
  const refused = unstorableFields(value)
  if (Object.keys(refused).length) throw new AppError('invalid', {}, { fields: refused })
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new AppError('invalid', {}, { fields: fieldErrors(parsed.error) })
  return parsed.data
}

function parseJson(body: string): unknown {
  try {
    return body ? JSON.parse(body) : {}
  }
  catch (cause) {
    throw new AppError('malformed', {}, { cause })
  }
}
