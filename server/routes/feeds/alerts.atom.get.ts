import { defineEventHandler } from 'h3'
import { feedMediaType, writeFeed } from '#server/standards/atom/write-feed'
import { readAlertsFeed } from '../../http/alerts-feed.ts'
import { answerFeed } from '../../http/feed-answer.ts'

/** All current alerts of the station. */
export default defineEventHandler(async event => answerFeed(event, writeFeed(await readAlertsFeed(event, '/feeds/alerts.atom')), feedMediaType))
