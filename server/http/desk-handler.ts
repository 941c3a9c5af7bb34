import { getRequestHeader, type EventHandler, type H3Event } from 'h3'
import type { ZodType } from 'zod'
import type { Actor } from '#server/domain/accounts/actor'
import type { Services } from '#server/domain/services'
import { requireOpenSession } from '#server/domain/staff/desk-session'
import { defineApiHandler } from './api-handler.ts'
import type { RequestFacts } from './request-facts.ts'
import { requireActor } from './require-actor.ts'
import { getServices } from '../services.ts'

interface DeskCall<Body, Query, Params, Answer> {
  body?: ZodType<Body>
  query?: ZodType<Query>
  params?: ZodType<Params>
  maxBytes?: number
  status?: 200 | 201
  /** For the second factor itself: also in a session that is locked or has not shown one. */
  inAnyState?: boolean
  run: (call: RequestFacts & { body: Body, query: Query, params: Params, actor: Actor, services: Services }) => Promise<Answer> | Answer
}

/** What a page asks for by itself says so and keeps no desk from locking. */
export const isByThePerson = (event: H3Event): boolean => getRequestHeader(event, 'x-linli-background') === undefined

/** A call of the desk: somebody is signed in, with their second factor; whether they may is decided by the database for each row. */
export function defineDeskHandler<Body = undefined, Query = undefined, Params = undefined, Answer = unknown>({ run, inAnyState = false, ...parts }: DeskCall<Body, Query, Params, Answer>): EventHandler {
  return defineApiHandler<Body, Query, Params, Answer>({
    ...parts,
    // Who asks is known before the body is judged: a stranger learns nothing about what we accept.
    async before({ event }) {
      const actor = await requireActor(event)
      if (!inAnyState) await requireOpenSession(await getServices(), actor, isByThePerson(event))
    },
    run: async call => run({ ...call, actor: await requireActor(call.event), services: await getServices() }),
  })
}
