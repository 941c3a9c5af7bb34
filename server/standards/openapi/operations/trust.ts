import { challengeSchema } from '#shared/trust/challenge-schema'
import { openApiSchema } from '#shared/trust/openapi-schema'
import type { Operation } from '../operation.ts'

export const trustOperations: readonly Operation[] = [
  {
    method: 'get', path: '/api/challenge', id: 'getChallenge', noun: 'trust', access: 'anyone',
    summary: 'A proof-of-work challenge for a report without an account, good for one send within 20 minutes',
    answers: [{ status: 200, says: 'The challenge, as altcha-lib 2 solves it.', schema: challengeSchema }], errors: ['rate_limited'],
  },
  {
    method: 'get', path: '/api/openapi.json', id: 'getOpenApi', noun: 'trust', access: 'anyone',
    summary: 'This document',
    answers: [{ status: 200, says: 'OpenAPI 3.1.', schema: openApiSchema }], errors: [],
  },
]
