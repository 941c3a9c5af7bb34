import { createError, defineEventHandler, getRouterParam } from 'h3'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { feedMediaType, writeFeed } from '#server/standards/atom/write-feed'
import { readAlertsFeed } from '../../../http/alerts-feed.ts'
import { answerFeed } from '../../../http/feed-answer.ts'
import { getServices } from '../../../services.ts'

/** `/feeds/communities/{slug}.atom`: current alerts that touch one community. */
export default defineEventHandler(async (event) => {
  const [, slug] = /^([a-z0-9-]{1,60})\.atom$/.exec(getRouterParam(event, 'file') ?? '') ?? []
  const community = slug === undefined ? undefined : (await getReferenceData(await getServices())).communities.find(known => known.slug === slug)
  if (!community) throw createError({ statusCode: 404 })
  return answerFeed(event, writeFeed(await readAlertsFeed(event, `/feeds/communities/${community.slug}.atom`, community)), feedMediaType)
})
