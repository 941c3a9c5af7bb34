import { defineEventHandler, getQuery, getRouterParams, sendNoContent, setResponseHeader, setResponseStatus, type EventHandler } from 'h3'
import { z, type ZodType } from 'zod'
import { AppError } from '#shared/errors'
import { logFailure } from './log-failure.ts'
import { parseAs, readJson } from './read-json.ts'
import { requestFacts, type RequestFacts } from './request-facts.ts'
import { isFromOwnPage } from './same-origin.ts'
import { hasSessionCookie } from './session-cookie.ts'
import { retryAfter, toAppError, toProblem } from './to-problem.ts'

const safeMethods = ['GET', 'HEAD', 'OPTIONS']

interface ApiCall<Body, Query, Params, Answer> {
  body?: ZodType<Body>
  query?: ZodType<Query>
  /** A path that does not parse is a path that is not there: 404. */
  params?: ZodType<Params>
  maxBytes?: number
  /** The status of the answer; 204 when there is none. */
  status?: 200 | 201 | 202
  /** Refuses before query and body are looked at. */
  before?: (call: RequestFacts) => Promise<unknown>
  run: (call: RequestFacts & { body: Body, query: Query, params: Params }) => Promise<Answer> | Answer
}

/** A call of the API: parse, run one use case, answer with JSON or a problem. */
export function defineApiHandler<Body = undefined, Query = undefined, Params = undefined, Answer = unknown>(
  { body, query, params, maxBytes = 64 * 1024, status = 200, before, run }: ApiCall<Body, Query, Params, Answer>,
): EventHandler {
  return defineEventHandler(async (event) => {
    const facts = requestFacts(event)
    setResponseHeader(event, 'cache-control', 'no-store')
    try {
      if (!safeMethods.includes(event.method) && hasSessionCookie(event) && !isFromOwnPage(event)) throw new AppError('cross_origin')
      await before?.(facts)
      const parsedParams = (params ?? z.unknown()).safeParse(getRouterParams(event, { decode: true }))
      if (!parsedParams.success) throw new AppError('not_found')
      const answer = await run({
        ...facts,
        params: parsedParams.data as Params, // parsed by the schema, or undefined without one
        query: (query ? parseAs(query, getQuery(event)) : undefined) as Query,
        body: (body ? await readJson(event, body, maxBytes) : undefined) as Body,
      })
      if (answer === undefined) return await sendNoContent(event)
      setResponseStatus(event, status)
      return answer
    }
    catch (thrown) {
      const error = toAppError(thrown)
      logFailure(event, error)
      setResponseStatus(event, error.statusCode)
      setResponseHeader(event, 'content-type', 'application/problem+json; charset=utf-8')
      const seconds = retryAfter(error)
      if (seconds !== undefined) setResponseHeader(event, 'retry-after', seconds)
      return JSON.stringify(toProblem(error, facts.locale))
    }
  })
}
