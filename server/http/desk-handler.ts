import type { EventHandler } from 'h3'
import type { ZodType } from 'zod'
import type { Actor } from '#server/domain/accounts/actor'
import type { Services } from '#server/domain/services'
import { defineApiHandler } from './api-handler.ts'
import type { RequestFacts } from './request-facts.ts'
import { requireActor } from './require-actor.ts'
import { getServices } from '../services.ts'

interface DeskCall<Body, Query, Params, Answer> {
  body?: ZodType<Body>
  query?: ZodType<Query>
  params?: ZodType<Params>
  maxBytes?: number
  run: (call: RequestFacts & { body: Body, query: Query, params: Params, actor: Actor, services: Services }) => Promise<Answer> | Answer
}

/** A call of the desk: somebody is signed in; whether they may is decided by the database for each row. */
export function defineDeskHandler<Body = undefined, Query = undefined, Params = undefined, Answer = unknown>({ run, ...parts }: DeskCall<Body, Query, Params, Answer>): EventHandler {
  return defineApiHandler<Body, Query, Params, Answer>({
    ...parts,
    // Who asks is known before the body is judged: a stranger learns nothing about what we accept.
    before: ({ event }) => requireActor(event),
    run: async call => run({ ...call, actor: await requireActor(call.event), services: await getServices() }),
  })
}
