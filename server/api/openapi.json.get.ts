import { setResponseHeader } from 'h3'
import { buildOpenApi } from '#server/standards/openapi/build-openapi'
import { operations } from '#server/standards/openapi/operations'
import { config } from '../config.ts'
import { defineApiHandler } from '../http/api-handler.ts'
import { sessionCookieName } from '../http/session-cookie.ts'

let document: Record<string, unknown> | undefined

/** Our API, described by the schemas that its handlers parse with. */
export default defineApiHandler({
  run({ event }) {
    document ??= buildOpenApi(operations, { title: 'Linli', version: '1', publicUrl: config().publicUrl, sessionCookie: sessionCookieName() })
    setResponseHeader(event, 'cache-control', 'public, max-age=300')
    return document
  },
})
