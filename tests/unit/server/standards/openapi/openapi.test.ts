import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { nouns } from '#shared/features'
import { buildOpenApi } from '#server/standards/openapi/build-openapi'
import type { Operation } from '#server/standards/openapi/operation'
import { operations } from '#server/standards/openapi/operations'

const settings = { title: 'Linli', version: '1', publicUrl: 'https://station.example', sessionCookie: '__Host-linli-session' }
const document = buildOpenApi(operations, settings)
const anOperation = (over: Partial<Operation> = {}): Operation => ({
  method: 'get', path: '/api/things', id: 'listThings', noun: 'reports', summary: 'Things', access: 'anyone', answers: [{ status: 200, says: 'Things.' }], errors: [], ...over,
})

/** `reports/[reference]/index.get.ts` → `get /api/reports/{reference}`: how Nitro reads a file of server/api. */
function callOf(file: string): string {
  const [, path = '', method = 'any'] = /^(.*?)(?:\.(get|post|put|patch|delete))?\.ts$/.exec(file) ?? []
  return `${method} /api/${path.replace(/\[(\w+)\]/g, '{$1}')}`.replace(/\/index$/, '')
}

describe('the OpenAPI document', () => {
  const folder = join(import.meta.dirname, '../../../../../server/api')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll('\\', '/'))

  it('has an operation for every file of server/api', () => {
    const described = operations.map(({ method, path }) => `${method} ${path}`)
    const missing = files.filter(file => !described.includes(callOf(file))).map(file => `server/api/${file}`)

    expect(missing, 'Fix: describe the call in server/standards/openapi/operations/<noun>.ts, with the schemas its handler parses by; or move the file.').toEqual([])
  })

  it('has a file for every operation', () => {
    const calls = files.map(callOf)
    const missing = operations.map(({ method, path }) => `${method} ${path}`).filter(call => !calls.includes(call))

    expect(missing, 'Fix: take the operation out of server/standards/openapi/operations/, or write its handler below server/api.').toEqual([])
  })

  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document))

    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
  })

  it('is refused by that check when it is not', async () => {
    const broken = structuredClone(document)
    broken.paths = { '/api/x': { get: { responses: { 200: {} }, parameters: [{ in: 'nowhere' }] } } }

    expect((await new Validator().validate(broken)).valid).toBe(false)
  })

  it('gives every operation a name of its own, a noun of the closed list and a summary', () => {
    const ids = operations.map(({ id }) => id)

    expect(new Set(ids).size).toBe(ids.length)
    expect(operations.filter(({ noun }) => !nouns.some(known => known === noun))).toEqual([])
    expect(operations.filter(({ summary }) => summary.length < 5)).toEqual([])
  })

  it('names every parameter of its path', () => {
    const unnamed = operations.filter(({ path, params }) => {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
      return String(inPath) !== String(Object.keys(params?.shape ?? {}).sort())
    }).map(({ id }) => id)

    expect(unnamed, 'Fix: the operation\'s params schema has one field for each {name} of its path.').toEqual([])
  })

  it('excludes unknown members from every answer', () => {
    const open: string[] = []
    const walk = (schema: unknown, at: string) => {
      if (typeof schema !== 'object' || schema === null) return
      if ('properties' in schema && (schema as { additionalProperties?: unknown }).additionalProperties !== false) open.push(at)
      for (const [name, inner] of Object.entries(schema)) walk(inner, `${at}/${name}`)
    }
    for (const { id, answers } of operations.filter(operation => operation.id !== 'getOpenApi')) {
      for (const { schema } of answers) if (schema) walk(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }), id)
    }

    expect(open, 'Fix: use z.strictObject or z.object in the answer\'s schema, not z.looseObject.').toEqual([])
  })
})

describe('buildOpenApi', () => {
  const at = (built: Record<string, unknown>, ...path: string[]) => path.reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], built)

  it('describes what a request may hold by the input of its schema, what an answer holds by the output', () => {
    const count = z.object({ count: z.coerce.number().default(1) })
    const built = buildOpenApi([anOperation({ method: 'post', body: count, answers: [{ status: 200, says: 'Counted.', schema: count }] })], settings)
    const call = at(built, 'paths', '/api/things', 'post') as Record<string, unknown>

    expect(at(call, 'requestBody', 'content', 'application/json', 'schema', 'required')).toBeUndefined()
    expect(at(call, 'responses', '200', 'content', 'application/json', 'schema')).toMatchObject({ required: ['count'], additionalProperties: false })
  })

  it('lists the codes of a status together, with what every call of its kind can answer', () => {
    const built = buildOpenApi([anOperation({ method: 'post', body: z.object({}), errors: ['conflict', 'already_closed'] })], settings)
    const code = (status: string) => at(built, 'paths', '/api/things', 'post', 'responses', status, 'content', 'application/problem+json', 'schema', 'properties', 'code', 'enum')

    expect(code('409')).toEqual(['conflict', 'already_closed'])
    expect(code('413')).toEqual(['too_large'])
    expect(code('403')).toEqual(['cross_origin'])
  })

  it('turns query fields into parameters, required as the schema says', () => {
    const built = buildOpenApi([anOperation({ query: z.object({ q: z.string(), limit: z.coerce.number().default(20) }) })], settings)

    expect(at(built, 'paths', '/api/things', 'get', 'parameters')).toMatchObject([{ name: 'q', in: 'query', required: true }, { name: 'limit', in: 'query', required: false }])
  })

  it('refuses two operations of one method and path', () => {
    expect(() => buildOpenApi([anOperation(), anOperation({ id: 'again' })], settings)).toThrow('get /api/things')
  })
})
