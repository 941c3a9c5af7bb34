import { AppError } from '#shared/errors'
import type { Patroller } from '#server/db/patrols'
import { changeOwnPlace, listPublicPatrols, readOwnPatrols, readTerms } from '#server/domain/patrols/own-patrols'
import type { Services } from '#server/domain/services'
import type { PatrolsHere } from './chat-ports.ts'

/** The roster for whoever speaks. @param who none: nobody is signed in, and the chat is no messenger's */
export function patrolsInChat(services: Services, who: Patroller | undefined): PatrolsHere {
  return {
    coming: async () => (await listPublicPatrols(services)).patrols,
    types: async () => (await readTerms(services)).types,
    async own() {
      if (!who) return undefined
      try {
        return await readOwnPatrols(services, who)
      }
      catch (error) {
        // A chat that is linked with no account.
        if (error instanceof AppError && error.code === 'sign_in_required') return undefined
        throw error
      }
    },
    async change(act, shift) {
      if (!who) return { refused: 'sign_in_required' }
      try {
        return await changeOwnPlace(services, who, act, { shift })
      }
      catch (error) {
        if (error instanceof AppError && error.code !== 'unavailable' && error.code !== 'internal') return { refused: error.code }
        throw error
      }
    },
  }
}
