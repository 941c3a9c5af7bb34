import { defineEventHandler } from 'h3'
import { writeJsonFeed } from '#server/standards/atom/write-json-feed'
import { readAlertsFeed } from '../../http/alerts-feed.ts'
import { answerFeed } from '../../http/feed-answer.ts'

/** All current alerts of the station as JSON Feed. */
export default defineEventHandler(async (event) => {
  const feed = await readAlertsFeed(event, '/feeds/alerts.json')
  return answerFeed(event, writeJsonFeed(feed, feed.self), 'application/feed+json')
})
