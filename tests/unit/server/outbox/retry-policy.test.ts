import { describe, expect, it } from 'vitest'
import { afterFailure, judgeSmtpError, retryPolicy } from '#server/outbox/retry-policy'

describe('what a failure means', () => {
  it.each([
    ['a letter box that is busy', { code: 'EENVELOPE', responseCode: 450, command: 'RCPT TO' }, false, 'smtp_450'],
    ['a server that says "later" to the text', { code: 'EMESSAGE', responseCode: 451, command: 'DATA' }, false, 'smtp_451'],
    ['an address that does not exist', { code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' }, true, 'smtp_550'],
    ['a text that is refused for good', { code: 'EMESSAGE', responseCode: 554, command: 'DATA' }, true, 'smtp_554'],
    ['a full letter box, which empties', { code: 'EENVELOPE', responseCode: 552, command: 'RCPT TO' }, false, 'smtp_552'],
    ['a server that closes', { code: 'ECONNECTION', responseCode: 421, command: 'CONN' }, false, 'smtp_421'],
    ['a wrong password of ours', { code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' }, false, 'smtp_535'],
    ['a sender that is refused: it is ours, the same for every mail', { code: 'EENVELOPE', responseCode: 553, command: 'MAIL FROM' }, false, 'smtp_553'],
    ['a greeting that refuses all', { code: 'EPROTOCOL', responseCode: 554, command: 'CONN' }, false, 'smtp_554'],
    ['a connection that drops', { code: 'ECONNECTION', command: 'CONN' }, false, 'dropped'],
    ['a connection that is reset', { code: 'ESOCKET', command: 'CONN' }, false, 'dropped'],
    ['nobody who listens', { code: 'ECONNREFUSED' }, false, 'refused'],
    ['an attempt that took too long', { code: 'EABORT' }, false, 'timeout'],
    ['a certificate that is wrong', { code: 'ETLS', command: 'STARTTLS' }, false, 'tls'],
    ['an address that is none', { code: 'EENVELOPE', command: 'API' }, true, 'address'],
    ['something nobody thought of', {}, false, 'unknown'],
  ])('%s', (_what, error, isPermanent, word) => {
    expect(judgeSmtpError(error)).toEqual({ isPermanent, error: word })
  })
})

describe('what follows', () => {
  const dropped = { isPermanent: false, error: 'dropped' }

  it('a permanent failure is a dead letter at once', () => {
    expect(afterFailure({ isPermanent: true, error: 'smtp_550' }, 1, 0.5)).toEqual({ outcome: 'dead', error: 'smtp_550' })
  })

  it('waits twice as long each time, up to the longest', () => {
    const waits = Array.from({ length: retryPolicy.maxAttempts - 1 }, (_, index) => afterFailure(dropped, index + 1, 1)).map(step => step.outcome === 'retry' ? step.after_seconds : 'dead')

    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 21_600, 21_600, 21_600])
  })

  it('tries for more than a day before it gives up', () => {
    const seconds = Array.from({ length: retryPolicy.maxAttempts - 1 }, (_, index) => afterFailure(dropped, index + 1, 0)).reduce((sum, step) => sum + (step.outcome === 'retry' ? step.after_seconds : 0), 0)

    expect(seconds).toBeGreaterThan(12 * 3600)
    expect(afterFailure(dropped, retryPolicy.maxAttempts, 0)).toEqual({ outcome: 'dead', error: 'dropped' })
  })

  it('spreads what failed together over half of the step', () => {
    expect(afterFailure(dropped, 3, 0)).toMatchObject({ after_seconds: 60 })
    expect(afterFailure(dropped, 3, 0.5)).toMatchObject({ after_seconds: 90 })
    expect(afterFailure(dropped, 3, 1)).toMatchObject({ after_seconds: 120 })
  })
})
