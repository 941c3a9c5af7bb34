import { countAct } from '#server/domain/accounts/count-act'
import { challengeCounter, makeChallenge } from '#server/domain/trust/challenge'
import { defineApiHandler } from '../http/api-handler.ts'
import { challengeLoad } from '../http/challenge-load.ts'
import { limitsFor } from '../http/rate-limits.ts'
import { getServices } from '../services.ts'

/** Proof of work for a send without an account, as altcha-lib makes and solves it. */
export default defineApiHandler({
  async run({ event }) {
    const services = await getServices()
    await countAct(services, limitsFor(event, services, 'challenge'))
    return makeChallenge(services.keys, challengeCounter(challengeLoad(Date.now())), Date.now())
  },
})
