// For whoever starts a delivery and may not reach for the database: plugins.
export { outboxQueue } from '#server/db/outbox'
export { telegramQueue } from '#server/db/bot'
