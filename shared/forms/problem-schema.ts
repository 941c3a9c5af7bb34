import { z } from 'zod'
import { errorCodes, type ErrorCode } from '../errors.ts'

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]

/** How every refusal of a call looks. @see RFC 9457; `code` and `errors` are our extension members. */
export const problemSchema = z.strictObject({
  type: z.string().meta({ description: '`/errors/<code>`' }),
  title: z.string(),
  status: z.int(),
  code: z.enum(codes),
  detail: z.string().meta({ description: 'A sentence for people, in the language of the request.' }),
  errors: z.record(z.string(), z.string()).optional().meta({ description: 'A sentence for each field that is wrong.' }),
})
