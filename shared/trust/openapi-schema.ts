import { z } from 'zod'

/** `GET /api/openapi.json`, as far as anyone needs to know before reading it. @see https://spec.openapis.org/oas/v3.1.1 */
export const openApiSchema = z.looseObject({ openapi: z.literal('3.1.1'), info: z.looseObject({}), paths: z.looseObject({}) })
