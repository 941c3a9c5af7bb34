import addFormats from 'ajv-formats'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { buildOpenApi } from '#server/standards/openapi/build-openapi'
import { operations } from '#server/standards/openapi/operations'

interface Response { description: string, content?: Record<string, { schema?: object }> }
type Paths = Record<string, Record<string, { responses: Record<string, Response> }>>

const paths = buildOpenApi(operations, { title: 'Linli', version: '1', publicUrl: 'http://localhost', sessionCookie: 'linli-session' }).paths as Paths
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
const checks = new Map<object, ValidateFunction>()

/**
 * What is wrong with an answer of our API, measured by its own OpenAPI document: undocumented status, type or code, a member that is
 * missing, wrong or unknown. Undefined when nothing is.
 */
export function breachOfDocument(method: string, path: string, { status, type, body }: { status: number, type: string, body: unknown }): string | undefined {
  const response = responsesOf(method, path)?.[String(status)]
  const named = `${method} ${path} → ${status} ${type}`
  if (!responsesOf(method, path)) return [404, 405].includes(status) ? undefined : `${named}: no such operation`
  if (!response) return `${named}: status not documented; ${JSON.stringify(body)}`
  if (!response.content) return body === undefined ? undefined : `${named}: a body where none is documented`
  const content = response.content[type.split(';')[0] ?? '']
  if (!content) return `${named}: type not documented`
  if (!content.schema) return undefined
  let check = checks.get(content.schema)
  if (!check) checks.set(content.schema, check = ajv.compile(content.schema))
  if (check(body)) return undefined
  return `${named}: ${ajv.errorsText(check.errors)}; ${JSON.stringify(body).slice(0, 600)}`
}

function responsesOf(method: string, path: string) {
  const template = Object.keys(paths).find(known => new RegExp(`^${known.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
  const operation = template ? paths[template]?.[method.toLowerCase()] : undefined
  return operation?.responses
}
