import type { SurveyPage } from '#shared/surveys/survey-pages'
import type { SurveyStep } from '#shared/surveys/take-step'
import { AppError } from '#shared/errors'
import type { Actor } from '../accounts/actor.ts'
import { readAccount } from '../accounts/read-account.ts'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { ballotStanding, type Drawer, type Visitor } from '../trust/draw-ballot.ts'
import { readLink } from './answer-survey.ts'
import { getSurvey } from './show-surveys.ts'

/** The page on which somebody answers a survey. @throws AppError not_found: no such survey, or a link that is none of it */
export async function openSurveyPage(services: Services, { drawer, actor, pass, isPassOver }: Visitor, id: string, link: string | null, step: SurveyStep, did: SurveyPage['did']): Promise<SurveyPage> {
  const [{ survey, now }, { station, communities }] = await Promise.all([getSurvey(services, id), getReferenceData(services)])
  const isOpen = survey.state === 'open'
  // Links are forgotten when a survey is over: whoever comes late with one reads that it is.
  const voucher = !isOpen ? nothing : survey.mode === 'ballot' ? await ballotOf(services, drawer, survey.communities) : await linkOf(services, id, link)
  const standing = !isOpen || voucher.isUsed ? 'none' : voucher.key ? 'ballot' : voucher.link ? 'invited' : survey.isOpenToAll ? 'open' : 'none'
  const role = !isOpen || voucher.key ? 'guest' : actor ? await roleOf(services, actor) : drawer ? 'resident' : 'guest'
  return {
    survey, step, now, did, standing, timeZone: station?.time_zone ?? 'Asia/Shanghai', ...voucher, pass: standing === 'ballot' ? pass : null,
    gap: standing === 'open' && role === 'staff' ? 'staff' : !isOpen || survey.mode !== 'ballot' || voucher.key ? null : role !== 'guest' ? 'not_verified' : isPassOver ? 'link_over' : 'guest',
    communities: survey.communities.map(({ slug }) => ({ slug, name: communities.find(community => community.slug === slug)?.name ?? { zh: slug, en: slug } })),
  }
}

/** A session that ended is a guest's. */
async function roleOf(services: Services, actor: Actor): Promise<'staff' | 'resident' | 'guest'> {
  try {
    return (await readAccount(services, actor)).staff_role === null ? 'resident' : 'staff'
  }
  catch (error) {
    if (error instanceof AppError && error.statusCode === 401) return 'guest'
    throw error
  }
}

const nothing = { key: null, isDrawn: false, link: null, isUsed: false }

/** Somebody is verified in one community at most: the key of that one. */
async function ballotOf(services: Services, drawer: Drawer | undefined, communities: SurveyPage['survey']['communities']): Promise<Pick<SurveyPage, 'key' | 'isDrawn' | 'link' | 'isUsed'>> {
  if (!drawer) return nothing
  for (const { key } of communities) {
    if (!key) continue
    const { gap, isDrawn } = await ballotStanding(services, drawer, key.id)
    if (gap === null) return { ...nothing, key, isDrawn }
  }
  return nothing
}

async function linkOf(services: Services, id: string, link: string | null): Promise<Pick<SurveyPage, 'key' | 'isDrawn' | 'link' | 'isUsed'>> {
  if (!link) return nothing
  const { isUsed } = await readLink(services, id, link)
  return { ...nothing, isUsed, link: isUsed ? null : link }
}
