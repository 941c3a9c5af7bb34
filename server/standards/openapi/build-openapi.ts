import { z, type ZodObject, type ZodType } from 'zod'
import { errorCodes, type ErrorCode } from '#shared/errors'
import { problemSchema } from '#shared/forms/problem-schema'
import type { Answer, Operation } from './operation.ts'

type Json = Record<string, unknown>

/** Where the API is reached, and the name of its session cookie there. */
export interface OpenApiSettings { title: string, version: string, publicUrl: string, sessionCookie: string }

/**
 * Our API as an OpenAPI document. Every schema in it comes from zod: what a request may hold from the schema's input side, what an
 * answer holds from its output side, where unknown members are excluded.
 * @see https://spec.openapis.org/oas/v3.1.1
 */
export function buildOpenApi(operations: readonly Operation[], { title, version, publicUrl, sessionCookie }: OpenApiSettings): Json {
  const paths: Record<string, Json> = {}
  for (const operation of operations) {
    const path = paths[operation.path] ??= {}
    if (operation.method in path) throw new Error(`two operations for ${operation.method} ${operation.path}`)
    path[operation.method] = describe(operation)
  }
  return {
    openapi: '3.1.1',
    info: { title, version, license: { name: 'MIT', identifier: 'MIT' }, summary: 'Residents report to their neighbourhood police, and the police answer.' },
    servers: [{ url: publicUrl }],
    tags: [...new Set(operations.map(({ noun }) => noun))].sort().map(name => ({ name })),
    paths,
    components: {
      schemas: { Problem: answerSchema(problemSchema) },
      securitySchemes: {
        receipt: { type: 'apiKey', in: 'header', name: 'x-receipt', description: 'The receipt of a report, shown once when it was sent.' },
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie, description: 'Set by POST /api/session. Unsafe methods then need same-origin (Sec-Fetch-Site or Origin).' },
        webhook: { type: 'apiKey', in: 'header', name: 'webhook-signature', description: 'Standard Webhooks signature over id, timestamp and body.' },
      },
    },
  }
}

const security: Record<Operation['access'], Json[]> = {
  anyone: [], reporter: [{ receipt: [] }, { session: [] }], account: [{ session: [] }], desk: [{ session: [] }], hook: [{ webhook: [] }],
}

function describe(operation: Operation): Json {
  const { id, noun, summary, access, params, query, headers, body, form, answers } = operation
  const parameters = [...fields('path', params), ...fields('query', query), ...fields('header', headers)]
  return {
    operationId: id, summary, tags: [noun], security: security[access],
    ...(parameters.length && { parameters }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: requestSchema(body) } } } }),
    ...(form && { requestBody: { required: true, content: { 'multipart/form-data': { schema: requestSchema(form) } } } }),
    responses: { ...Object.fromEntries(answers.map(answer => [answer.status, describeAnswer(answer)])), ...refusals(codesOf(operation)) },
  }
}

/** What can go wrong with any call of its kind, beside its own refusals. */
function codesOf({ method, access, query, params, body, form, errors }: Operation): ErrorCode[] {
  const reads: ErrorCode[] = body ? ['malformed', 'invalid', 'too_large', 'unsupported_type'] : form ? ['malformed', 'invalid', 'too_large', 'unsupported_type'] : []
  return [...new Set<ErrorCode>([
    'internal', 'unavailable', ...reads, ...(query ? ['invalid'] as const : []), ...(params ? ['not_found'] as const : []),
    ...(method === 'get' ? [] : ['cross_origin'] as const), ...(access === 'desk' ? ['sign_in_required', 'second_factor_required', 'session_locked', 'session_ended', 'forbidden'] as const : []),
    ...(access === 'reporter' ? ['rate_limited'] as const : []), ...errors,
  ])]
}

function refusals(codes: readonly ErrorCode[]): Record<string, Json> {
  const statuses = [...new Set(codes.map(code => errorCodes[code]))].sort((a, b) => a - b)
  return Object.fromEntries(statuses.map((status) => {
    const here = codes.filter(code => errorCodes[code] === status) as [ErrorCode, ...ErrorCode[]]
    const schema = answerSchema(problemSchema.extend({ status: z.literal(status), code: z.enum(here) }))
    return [status, {
      description: here.join(', '),
      ...(here.includes('rate_limited') && { headers: { 'retry-after': { description: 'Seconds to wait.', schema: answerSchema(z.int().min(1)) } } }),
      content: { 'application/problem+json': { schema } },
    }]
  }))
}

function describeAnswer({ says, schema, mediaTypes }: Answer): Json {
  if (mediaTypes) return { description: says, content: Object.fromEntries(mediaTypes.map(type => [type, {}])) }
  return { description: says, ...(schema && { content: { 'application/json': { schema: answerSchema(schema) } } }) }
}

function fields(place: 'path' | 'query' | 'header', schema: ZodObject | undefined): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = requestSchema(schema) as { properties?: Record<string, Json>, required?: string[] }
  return Object.entries(properties).map(([name, own]) => ({ name, in: place, required: place === 'path' || required.includes(name), schema: own }))
}

const requestSchema = (schema: ZodType) => toJsonSchema(schema, 'input')
const answerSchema = (schema: ZodType) => toJsonSchema(schema, 'output')

function toJsonSchema(schema: ZodType, io: 'input' | 'output'): Json {
  // A value that zod checks by code (a cursor, a reference) is described as far as JSON Schema can.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' }) as Json
  return rest
}
