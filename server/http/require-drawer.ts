import { getQuery, type H3Event } from 'h3'
import { AppError } from '#shared/errors'
import { drawQuerySchema } from '#shared/ratings/rating-schema'
import { openBallotPass } from '#server/domain/trust/ballot-pass'
import type { Drawer, Visitor } from '#server/domain/trust/draw-ballot'
import { getServices } from '../services.ts'
import { optionalActor, requireActor } from './require-actor.ts'

const passIn = (event: H3Event) => drawQuerySchema.safeParse(getQuery(event)).data?.pass

/** Whose pass the address carries, if it is good; else whoever is signed in. */
export async function optionalDrawer(event: H3Event): Promise<Visitor> {
  const pass = passIn(event)
  const holder = pass ? await openBallotPass(await getServices(), pass) : undefined
  if (pass && holder) return { drawer: holder, pass, isPassOver: false }
  const actor = await optionalActor(event)
  return { drawer: actor, actor, pass: null, isPassOver: pass !== undefined }
}

/** @throws AppError sign_in_required: nobody is signed in, and no pass came with it or one that is over */
export async function requireDrawer(event: H3Event): Promise<Drawer> {
  if (!passIn(event)) return requireActor(event)
  const { drawer } = await optionalDrawer(event)
  if (!drawer) throw new AppError('sign_in_required')
  return drawer
}
