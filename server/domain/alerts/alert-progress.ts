import { parseAlertIdentifier } from '#shared/alerts/identifier'
import type { SubscriptionChannel } from '#shared/alerts/subscription-schema'
import { AppError } from '#shared/errors'
import { controlTable, type PublishedFigure } from '#shared/trust/disclosure-control'
import type { DeskActor } from '#server/db/desk-reports'
import { responseQueries } from '#server/db/subscriptions'
import type { Services } from '../services.ts'

/** Where people are: a community by its id, or null for those who asked for the whole station. */
export interface AreaReach {
  communityId: string | null
  /** Of those told: to how many it was sent, and how many say that they saw it. Rounded, hidden below ten (RULES E3). */
  sent: PublishedFigure
  seen: PublishedFigure
}

/** How far a message came. Messages of a channel are counted as they are: they tell of our work, not of people. */
export interface AlertProgress {
  /** The audience is complete. */
  isWritten: boolean
  people: number
  channels: { channel: SubscriptionChannel, queued: number, sent: number, failed: number, stopped: number }[]
  areas: AreaReach[]
  total: { sent: PublishedFigure, seen: PublishedFigure }
}

/** For the desk. @throws AppError not_found */
export async function readAlertProgress(services: Services, { userId, sessionId }: DeskActor, identifier: string): Promise<AlertProgress> {
  const { progress } = await responseQueries(services.clients).progress(identifier, { userId, sessionId })
  return { isWritten: progress.is_written, people: progress.people, channels: progress.channels, ...reachOf(progress.communities) }
}

/** For everybody: how many were told and saw it, by community, as far as that tells of nobody. @throws AppError not_found */
export async function readAlertReach(services: Services, typed: string): Promise<Pick<AlertProgress, 'areas' | 'total'>> {
  const identifier = parseAlertIdentifier(typed)
  if (!identifier) throw new AppError('not_found')
  return reachOf((await responseQueries(services.clients).progress(identifier)).progress.communities)
}

function reachOf(rows: { community: string | null, told: number, sent: number, seen: number }[]): Pick<AlertProgress, 'areas' | 'total'> {
  // Answers come from readers of the page, too: those told are no fewer than those who saw it.
  const figures = rows.map(({ told, sent, seen }) => ({ base: Math.max(told, seen), sent, seen }))
  const [sent, seen] = [controlTable(figures.map(({ base, sent: count }) => ({ base, count }))), controlTable(figures.map(({ base, seen: count }) => ({ base, count })))]
  const hidden: PublishedFigure = { base: null, count: null }
  return { areas: rows.map(({ community: communityId }, index) => ({ communityId, sent: sent.rows[index] ?? hidden, seen: seen.rows[index] ?? hidden })), total: { sent: sent.total, seen: seen.total } }
}
