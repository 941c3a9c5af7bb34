import { challengeSchema } from '#shared/trust/challenge-schema'
import { openApiSchema } from '#shared/trust/openapi-schema'
import { holdSchema, retentionChangeSchema, retentionPageSchema, retentionTermSchema } from '#shared/trust/retention'
import { referencePathSchema } from '#shared/reports/desk-schema'
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
  {
    method: 'get', path: '/api/desk/trust/retention', id: 'readRetention', noun: 'trust', access: 'desk',
    summary: 'What is kept how long, what the next run would take, and what the last runs did; for chief, auditor and admin', answers: [{ status: 200, says: 'Counts and terms, no texts.', schema: retentionPageSchema }], errors: [],
  },
  {
    method: 'post', path: '/api/desk/trust/retention/terms', id: 'changeRetention', noun: 'trust', access: 'desk', body: retentionChangeSchema,
    summary: 'Sets a term within its bounds; for the chief, logged. A shorter one holds for reports that come after it', answers: [{ status: 200, says: 'The term from now on.', schema: retentionTermSchema }], errors: ['invalid_input'],
  },
  {
    method: 'post', path: '/api/desk/trust/retention/holds', id: 'holdReport', noun: 'trust', access: 'desk', body: holdSchema,
    summary: 'Keeps a report beyond its time; for lead and chief, logged', answers: [{ status: 204, says: 'It stays until the hold is lifted.' }], errors: ['not_found', 'reason_missing', 'conflict'],
  },
  {
    method: 'delete', path: '/api/desk/trust/retention/holds/{reference}', id: 'liftHold', noun: 'trust', access: 'desk', params: referencePathSchema,
    summary: 'Its time counts again; logged', answers: [{ status: 204, says: 'The hold is lifted.' }], errors: ['not_found'],
  },
]
