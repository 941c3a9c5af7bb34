import { GrammyError, HttpError } from 'grammy'
import { describe, expect, it } from 'vitest'
import { judgeTelegramError } from '#server/outbox/channels/telegram'

const refusal = (code: number, retryAfter?: number) => new GrammyError('m', { ok: false, error_code: code, description: 'chat 5 said no', ...(retryAfter !== undefined && { parameters: { retry_after: retryAfter } }) }, 'sendMessage', {})

describe('what an answer of the Bot API means', () => {
  it('429 is a time to wait, as long as it says', () => {
    expect(judgeTelegramError(refusal(429, 7))).toEqual({ kind: 'wait', seconds: 7 })
    expect(judgeTelegramError(refusal(429))).toEqual({ kind: 'wait', seconds: 1 })
  })

  it('403 ends sending to this chat', () => {
    expect(judgeTelegramError(refusal(403))).toEqual({ kind: 'blocked' })
  })

  it('400 is about this message for good; a wrong token, a server that is ill and a line that broke are not', () => {
    expect(judgeTelegramError(refusal(400))).toEqual({ kind: 'failed', isPermanent: true, error: 'telegram_400' })
    for (const code of [401, 404, 500, 502]) expect(judgeTelegramError(refusal(code))).toEqual({ kind: 'failed', isPermanent: false, error: `telegram_${code}` })
    expect(judgeTelegramError(new HttpError('m', new Error('socket hang up')))).toEqual({ kind: 'failed', isPermanent: false, error: 'dropped' })
    expect(judgeTelegramError(new Error('?'))).toEqual({ kind: 'failed', isPermanent: false, error: 'unknown' })
  })
})
