import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Confirmation } from '#shared/reports/confirmation'
import { openConfirmation, sealConfirmation } from '#server/domain/reports/confirmation'
import { newDraft, openDraft, sealDraft, sentDraft } from '#server/domain/reports/draft'
import { receiptQr } from '#server/domain/reports/receipt-qr'
import type { KeyRing } from '#server/domain/trust/key-ring'

const mac: KeyRing['mac'] = (purpose, text) => createHmac('sha256', purpose).update(text).digest()
const keys: KeyRing = { masterKeys: [], mac, keyedHash: (purpose, text) => `${purpose}-1:${mac(purpose, text).toString('hex')}`, secret: () => ({ id: 'x-1', key: Buffer.alloc(32) }) }
const confirmation: Confirmation = { kind: 'filed', reference: 'LL-7K3Q-9XPA', receipt: '7K3Q9XPA7K3Q9XPA7K3Q9XPA', at: '2026-11-21T00:00:00.000Z', timeZone: 'Asia/Shanghai', urgency: 'normal' }

describe('the receipt in its cookie (RULES C2)', () => {
  test('can be read for ten minutes, and not a second longer', () => {
    const sealed = sealConfirmation(keys, confirmation, 0)

    expect(openConfirmation(keys, sealed, 599_999)).toEqual(confirmation)
    expect(openConfirmation(keys, sealed, 600_000)).toBeUndefined()
  })

  test('does not stand in the cookie in the clear, and a changed cookie is nothing', () => {
    const sealed = sealConfirmation(keys, confirmation, 0)

    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').includes(confirmation.receipt)).toBe(false)
    expect(openConfirmation(keys, `${sealed.slice(0, -4)}AAAA`, 1)).toBeUndefined()
    expect(openConfirmation(keys, '', 1)).toBeUndefined()
  })
})

describe('a draft (RULES B6)', () => {
  test('opens with the secret of its cookie only', () => {
    const held = newDraft()
    const sealed = sealDraft(keys, { ...held, draft: { ...held.draft, answers: { category: 'theft' } } })

    expect(openDraft(keys, held.token, sealed)?.answers).toEqual({ category: 'theft' })
    expect(openDraft(keys, newDraft().token, sealed)).toBeUndefined()
  })

  test('keeps nothing but the confirmation once it is sent', () => {
    const held = newDraft()
    held.draft.answers = { category: 'theft', details: { description: 'secret', answers: {} } }

    expect(JSON.stringify(sentDraft(held, confirmation, 0))).not.toContain('secret')
  })
})

test('the QR code is one path of whole modules inside a quiet zone', () => {
  const { size, path } = receiptQr(confirmation)

  expect(size).toBeGreaterThan(29)
  expect(path).toMatch(/^(M\d+ \d+h\d+v1h-\d+z)+$/)
  expect(Math.min(...[...path.matchAll(/M(\d+) (\d+)/g)].flatMap(([, x, y]) => [Number(x), Number(y)]))).toBe(4)
})
