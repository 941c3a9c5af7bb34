import { AppError, type ErrorCode } from '#shared/errors'
import { checkIn, checkOut, openRollCall, readNight } from '#server/domain/patrols/night'
import { changeOwnPlace, listPublicPatrols, readOwnPatrols, readTerms, type Patroller } from '#server/domain/patrols/own-patrols'
import { readOwnPoints } from '#server/domain/patrols/points'
import type { Services } from '#server/domain/services'
import type { PatrolsHere } from './chat-ports.ts'

/** The roster for whoever speaks. @param who none: nobody is signed in, and the chat is no messenger's */
export function patrolsInChat(services: Services, who: Patroller | undefined): PatrolsHere {
  const asked = <Answer>(act: (by: Patroller) => Promise<Answer>): Promise<Answer | { refused: ErrorCode }> => who ? orRefused(act(who)) : Promise.resolve({ refused: 'sign_in_required' })
  /** A chat that is linked with no account, and a night that is somebody else's. */
  const orNothing = async <Answer>(act: (by: Patroller) => Promise<Answer>): Promise<Answer | undefined> => {
    const answer = await asked(act)
    return isRefused(answer) ? undefined : answer
  }
  return {
    coming: async () => (await listPublicPatrols(services)).patrols,
    types: async () => (await readTerms(services)).types,
    own: () => orNothing(by => readOwnPatrols(services, by)),
    change: (act, shift) => asked(by => changeOwnPlace(services, by, act, { shift })),
    night: shift => orNothing(by => readNight(services, by, shift)),
    callRoll: shift => asked(by => openRollCall(services, by, shift)),
    checkIn: (shift, code) => asked(by => checkIn(services, by, shift, code)),
    checkOut: shift => asked(by => checkOut(services, by, shift)),
    points: () => orNothing(by => readOwnPoints(services, by)),
  }
}

const isRefused = (answer: unknown): answer is { refused: ErrorCode } => typeof answer === 'object' && answer !== null && 'refused' in answer

/** What is refused is said in words; anything else is tried again. */
async function orRefused<Answer>(asked: Promise<Answer>): Promise<Answer | { refused: ErrorCode }> {
  try {
    return await asked
  }
  catch (error) {
    if (error instanceof AppError && error.code !== 'unavailable' && error.code !== 'internal') return { refused: error.code }
    throw error
  }
}
