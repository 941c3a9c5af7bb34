import type { ZodObject, ZodType } from 'zod'
import type { ErrorCode } from '#shared/errors'

/** One call of our API, in the schemas that its handler and the tests use. The document is made from these and nothing else. */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'delete'
  /** With names in braces, `/api/reports/{reference}`: a file of server/api says `[reference]`. */
  path: string
  /** Unique, camelCase: what generated clients call it. */
  id: string
  /** The noun it belongs to (shared/features.ts). */
  noun: string
  summary: string
  /**
   * Who may: anyone; the reporter, by receipt or the owner's session; a signed-in person; staff at the desk; Supabase Auth's hook.
   */
  access: 'anyone' | 'reporter' | 'account' | 'desk' | 'hook'
  params?: ZodObject
  query?: ZodObject
  headers?: ZodObject
  /** JSON of the request. */
  body?: ZodType
  /** A multipart form of the request. */
  form?: ZodObject
  answers: Answer[]
  /** Refusals of its own; those that every call of its kind shares are added (see build-openapi.ts). */
  errors: ErrorCode[]
}

export interface Answer {
  status: 200 | 201 | 202 | 204 | 303
  says: string
  schema?: ZodType
  /** Of what is not JSON. */
  mediaTypes?: readonly string[]
}
