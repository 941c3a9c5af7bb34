import { randomBytes } from 'node:crypto'
import { AppError } from '#shared/errors'
import type { Invited } from '#shared/surveys/desk-survey-schema'
import { listHash, type DrawList } from '#shared/trust/public-draw'
import type { DeskActor } from '#server/db/desk-reports'
import { deskSurveyQueries } from '#server/db/surveys'
import { getReferenceData } from '../communities/get-reference-data.ts'
import { qrCode } from '../reports/receipt-qr.ts'
import type { Services } from '../services.ts'
import { linkHash } from './answer-survey.ts'
import { listDraws } from './show-surveys.ts'

const letters = 'abcdefghijklmnopqrstuvwxyz234567'
/** 130 bits; base32 in small letters, so that it can be typed from paper. */
const makeToken = () => Array.from(randomBytes(26), byte => letters[byte % 32]).join('')

/**
 * Single-use links of a community, one for each number that was drawn or as many as asked for; kept by their hashes and shown once.
 * @throws AppError forbidden, not_found, status_order: over, by ballot, not drawn yet, or one was used; invalid_input
 */
export async function inviteToSurvey(services: Services, actor: DeskActor, survey: string, { community, count }: { community: string, count: number }): Promise<Invited> {
  const draw = (await listDraws(services, survey)).find(each => each.community === community)
  if (draw && !draw.drawn) throw new AppError('status_order')
  const links = Array.from({ length: draw?.wanted ?? count }, (_, index) => ({ number: draw?.drawn?.[index] ?? null, token: makeToken() }))
  await deskSurveyQueries(services.clients, actor).invite(survey, community, links.map(({ token }) => linkHash(survey, token)))
  const urlOf = (token: string) => `${services.settings.publicUrl}/surveys/${survey}?link=${token}`
  return { community, links: links.map(({ number, token }) => ({ number, url: urlOf(token), qr: qrCode(urlOf(token)) })) }
}

/** The list of a draw as it is hashed and drawn from: numbers 1 to `numbers`. */
export function drawListOf({ survey, community, numbers, wanted, listedOn, rootOf }: { survey: string, community: string, numbers: number, wanted: number, listedOn: string, rootOf: string }): DrawList {
  return { version: 1, kind: 'draw', occasion: `survey ${survey}`, community, listedOn, rootOf, numbers: Array.from({ length: numbers }, (_, index) => index + 1), wanted }
}

/** Fixes the list today; the root of tomorrow decides, which nobody knows. @throws AppError forbidden, not_found, status_order, invalid_input */
export async function fixDraw(services: Services, actor: DeskActor, survey: string, { community, numbers, wanted }: { community: string, numbers: number, wanted: number }) {
  const { today } = await stationDays(services)
  const tomorrow = new Date(Date.parse(`${today}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
  const hash = await listHash(drawListOf({ survey, community, numbers, wanted, listedOn: today, rootOf: tomorrow }))
  await deskSurveyQueries(services.clients, actor).fixDraw({ survey, community, numbers, wanted, listed_on: today, root_of: tomorrow, list_hash: hash })
  return { id: survey }
}

async function stationDays(services: Services) {
  const { station, now } = await getReferenceData(services)
  return { today: new Intl.DateTimeFormat('en-CA', { timeZone: station?.time_zone ?? 'Asia/Shanghai', dateStyle: 'short' }).format(new Date(now)) }
}
