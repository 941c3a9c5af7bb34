import type { RoundPage } from '#shared/patrols/round-pages'
import type { DeskActor } from '#server/db/desk-reports'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { readOwnPatrols } from './own-patrols.ts'
import { answerChecklist, readRound } from './own-round.ts'

const usualTimeZone = 'Asia/Shanghai'

/** A patrol on its way, as its page shows it. @throws AppError not_found */
export async function showRound(services: Services, actor: DeskActor, shift: string, { did, filed }: Pick<RoundPage, 'did' | 'filed'>): Promise<RoundPage> {
  const [round, { categories, station }, { now }] = await Promise.all([readRound(services, actor, shift), getReferenceData(services), readOwnPatrols(services, actor)])
  return { round, categories: categories.map(({ code, name }) => ({ code, name })), did, filed, timeZone: station?.time_zone ?? usualTimeZone, now }
}

/** What was ticked is met, what was not is open. @throws AppError not_found, status_order */
export async function tickChecklist(services: Services, actor: DeskActor, shift: string, ticked: readonly string[]): Promise<void> {
  const { checklist } = await readRound(services, actor, shift)
  await answerChecklist(services, actor, shift, Object.fromEntries(checklist.map(({ code }) => [code, ticked.includes(code)])))
}
